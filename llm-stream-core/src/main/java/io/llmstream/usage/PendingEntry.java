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

import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import org.jspecify.annotations.Nullable;

/**
 * An entry on its way: all that is known at the end of an attempt or a stream, and that
 * costs nothing to write down. Tokens that must be counted, and money, come later.
 *
 * @param account the stream
 * @param number the number of the attempt, or how many there were
 * @param time when it ended
 * @param attempt the attempt, or {@code null} if this is about the stream
 * @param outcome the end of the stream, or {@code null} if this is about an attempt
 * @param written what the model wrote, as far as it must be counted
 * @param weight how many characters are kept for counting
 * @param rough whether there is no time to count: the weight was too much
 * @param timing how long the stream took, {@code null} for an attempt
 */
record PendingEntry(StreamAccount account, int number, Instant time, @Nullable StreamAttempt attempt,
		@Nullable StreamOutcome outcome, CharSequence written, long weight, boolean rough,
		@Nullable UsageTiming timing) {

}
