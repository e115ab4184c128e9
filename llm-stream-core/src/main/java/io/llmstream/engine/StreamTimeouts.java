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

package io.llmstream.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How long an answer may keep its subscriber waiting. The clocks of the first three run
 * only while the subscriber waits: a slow reader is not a stalled provider. The time-out
 * for connecting belongs to the HTTP client.
 *
 * @param firstToken until the first token comes, connecting included; typed progress
 * starts it anew; {@code null} for no limit
 * @param stall between two tokens, typed progress counting as one; {@code null} for no
 * limit
 * @param silentPhase takes the place of the other two, where it is longer, after a tool
 * block opened or while the model reasons unseen; {@code null} for no limit there
 * @param total for the whole answer; {@code null} for no limit
 */
public record StreamTimeouts(@Nullable Duration firstToken, @Nullable Duration stall, @Nullable Duration silentPhase,
		@Nullable Duration total) {

	/**
	 * Create time-outs.
	 * @throws IllegalArgumentException if one is not positive
	 */
	public StreamTimeouts {
		check(firstToken, "firstToken");
		check(stall, "stall");
		check(silentPhase, "silentPhase");
		check(total, "total");
	}

	private static void check(@Nullable Duration duration, String name) {
		if (duration != null && (duration.isZero() || duration.isNegative())) {
			throw new IllegalArgumentException("The time-out " + name + " must be positive, but is " + duration);
		}
	}

	/**
	 * Time-outs that do not kill a healthy long answer: two minutes to the first token,
	 * 30 seconds between tokens, five minutes in a silent phase, no total limit.
	 * @return the time-outs
	 */
	public static StreamTimeouts defaults() {
		return new StreamTimeouts(Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofMinutes(5), null);
	}

}
