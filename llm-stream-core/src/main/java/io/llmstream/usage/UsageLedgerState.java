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

/**
 * How a {@link UsageLedger} keeps up.
 *
 * @param pending entries that wait to be stored
 * @param recorded entries that were made since the start
 * @param merged those of them that were added up with others before they were stored,
 * because too many waited
 * @param failedWrites how many times the store failed; what it was given came again
 * @param lost entries that could not be made, that the store can never store, or that
 * were not stored before the end
 */
public record UsageLedgerState(long pending, long recorded, long merged, long failedWrites, long lost) {

}
