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

package io.llmstream.observation;

import java.time.Instant;

/**
 * Figures of one minute.
 *
 * @param start when the minute began
 * @param streams how many streams ended
 * @param failed how many of them failed
 * @param cancelled how many of them were cancelled, by their subscribers or by an
 * operator
 * @param failovers how often another target was asked
 * @param inputTokens tokens read, as far as they are known
 * @param outputTokens tokens written, as far as they are known
 */
public record MinuteFigures(Instant start, long streams, long failed, long cancelled, long failovers, long inputTokens,
		long outputTokens) {
}
