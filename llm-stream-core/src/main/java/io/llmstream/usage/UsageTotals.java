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

import java.math.BigDecimal;

/**
 * What a group of ledger entries adds up to, exact to the token and to the last digit of
 * the cost.
 *
 * @param streams how many streams ended
 * @param attempts how many attempts ended
 * @param reported attempts whose tokens the provider counted
 * @param estimated attempts whose tokens were counted here
 * @param unknown attempts of which it is not known what they used, if anything
 * @param unpriced attempts whose model has no price, so that the cost lacks them
 * @param inputTokens tokens read, cached ones included
 * @param outputTokens tokens written, reasoning included
 * @param cachedInputTokens the part of the input that was read from a prompt cache
 * @param cacheWriteInputTokens the part of the input that was written to a prompt cache
 * @param reasoningTokens the part of the output that was reasoning
 * @param cost what is known of the cost, in US dollars
 * @param streamTiming how long the streams took
 * @param attemptTiming how long the attempts took
 */
public record UsageTotals(long streams, long attempts, long reported, long estimated, long unknown, long unpriced,
		long inputTokens, long outputTokens, long cachedInputTokens, long cacheWriteInputTokens, long reasoningTokens,
		BigDecimal cost, UsageTiming streamTiming, UsageTiming attemptTiming) {

	/** Nothing. */
	public static final UsageTotals NONE = new UsageTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, BigDecimal.ZERO,
			UsageTiming.NONE, UsageTiming.NONE);

	/**
	 * What one entry adds.
	 * @param entry the entry
	 * @return its totals
	 */
	public static UsageTotals of(UsageEntry entry) {
		UsageSums sums = new UsageSums();
		sums.add(entry);
		return sums.toTotals();
	}

	/**
	 * Add up.
	 * @param other what to add
	 * @return the sum
	 */
	public UsageTotals plus(UsageTotals other) {
		UsageSums sums = new UsageSums();
		sums.add(this);
		sums.add(other);
		return sums.toTotals();
	}

	/**
	 * Input and output together.
	 * @return the number of tokens
	 */
	public long totalTokens() {
		return this.inputTokens + this.outputTokens;
	}

}
