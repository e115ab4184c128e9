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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How long streams or attempts took, as sums, so that means can be had of any group.
 *
 * @param duration from their beginning to their end
 * @param toFirstToken from their beginning to their first content, of those that had any
 * @param firstTokens how many had any content
 * @param generating from their first content to their end, of those that wrote two tokens
 * or more
 * @param generatedTokens how many tokens were written in that time, the first ones left
 * out
 */
public record UsageTiming(Duration duration, Duration toFirstToken, long firstTokens, Duration generating,
		long generatedTokens) {

	/** Nothing took no time. */
	public static final UsageTiming NONE = new UsageTiming(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 0);

	/**
	 * The timing of one stream or attempt.
	 * @param duration from its beginning to its end
	 * @param timeToFirstToken from its beginning to its first content, or {@code null} if
	 * there was none
	 * @param outputTokens how many tokens it wrote
	 * @return the timing
	 */
	public static UsageTiming of(Duration duration, @Nullable Duration timeToFirstToken, long outputTokens) {
		if (timeToFirstToken == null) {
			return new UsageTiming(duration, Duration.ZERO, 0, Duration.ZERO, 0);
		}
		boolean measurable = outputTokens > 1 && duration.compareTo(timeToFirstToken) > 0;
		return new UsageTiming(duration, timeToFirstToken, 1,
				(measurable) ? duration.minus(timeToFirstToken) : Duration.ZERO, (measurable) ? outputTokens - 1 : 0);
	}

	/**
	 * The mean time to the first token.
	 * @return the time, or {@code null} if there was no content
	 */
	public @Nullable Duration timeToFirstToken() {
		return (this.firstTokens > 0) ? this.toFirstToken.dividedBy(this.firstTokens) : null;
	}

	/**
	 * The mean time that a token took after the first one.
	 * @return the time, or {@code null} if there were no two tokens
	 */
	public @Nullable Duration timePerOutputToken() {
		return (this.generatedTokens > 0) ? this.generating.dividedBy(this.generatedTokens) : null;
	}

	/**
	 * Add up.
	 * @param other what to add
	 * @return the sum
	 */
	public UsageTiming plus(UsageTiming other) {
		return new UsageTiming(this.duration.plus(other.duration), this.toFirstToken.plus(other.toFirstToken),
				this.firstTokens + other.firstTokens, this.generating.plus(other.generating),
				this.generatedTokens + other.generatedTokens);
	}

}
