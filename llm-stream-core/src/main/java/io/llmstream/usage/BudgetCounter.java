/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.llmstream.usage;

import java.time.Instant;

/**
 * What is counted of a budget: for one value of its tag, in one period.
 *
 * @param budget names the budget and no other one, the same on all nodes
 * @param value the tag's value, empty for streams without the tag and for a budget
 * without one
 * @param end when the period ends
 */
public record BudgetCounter(String budget, String value, Instant end) {

}
