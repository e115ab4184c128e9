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
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of a model cost, in US dollars for each token. Prices are exact decimal
 * numbers of at most {@value #SCALE} decimal places, and so are costs: nothing is
 * rounded.
 *
 * @param input for a token that is read
 * @param output for a token that is written
 * @param cachedInput for a token that is read from a prompt cache, {@code null} if that
 * costs as much as another
 * @param cacheWrite for a token that is read and written to a prompt cache, {@code null}
 * if that costs as much as another
 * @param reasoning for a token of reasoning, {@code null} if that costs as much as
 * another that is written
 * @param tiers prices of long prompts
 */
public record TokenPrice(BigDecimal input, BigDecimal output, @Nullable BigDecimal cachedInput,
		@Nullable BigDecimal cacheWrite, @Nullable BigDecimal reasoning, List<Tier> tiers) {

	/** How many decimal places a price may have. */
	public static final int SCALE = 15;

	/**
	 * Create a price.
	 * @throws IllegalArgumentException if a price is negative
	 */
	public TokenPrice {
		input = exact(input);
		output = exact(output);
		cachedInput = exactOrNull(cachedInput);
		cacheWrite = exactOrNull(cacheWrite);
		reasoning = exactOrNull(reasoning);
		List<Tier> ascending = new ArrayList<>(tiers);
		ascending.sort(Comparator.comparingLong(Tier::above));
		tiers = List.copyOf(ascending);
	}

	/**
	 * A price of input and output alone.
	 * @param inputPerMillion for a million tokens that are read
	 * @param outputPerMillion for a million tokens that are written
	 * @return the price
	 */
	public static TokenPrice perMillion(String inputPerMillion, String outputPerMillion) {
		return new TokenPrice(new BigDecimal(inputPerMillion).movePointLeft(6),
				new BigDecimal(outputPerMillion).movePointLeft(6), null, null, null, List.of());
	}

	private static BigDecimal exact(BigDecimal price) {
		if (price.signum() < 0) {
			throw new IllegalArgumentException("A price must not be negative, but is " + price);
		}
		BigDecimal fine = (price.scale() > SCALE) ? price.setScale(SCALE, RoundingMode.HALF_EVEN) : price;
		return (fine.signum() == 0) ? BigDecimal.ZERO : fine.stripTrailingZeros();
	}

	private static @Nullable BigDecimal exactOrNull(@Nullable BigDecimal price) {
		return (price != null) ? exact(price) : null;
	}

	/**
	 * What an answer costs.
	 * @param usage what it used
	 * @return the cost in US dollars
	 */
	public BigDecimal cost(Usage usage) {
		BigDecimal inputPrice = this.input;
		BigDecimal outputPrice = this.output;
		BigDecimal cachedPrice = this.cachedInput;
		BigDecimal writePrice = this.cacheWrite;
		BigDecimal reasoningPrice = this.reasoning;
		for (Tier tier : this.tiers) {
			if (usage.inputTokens() > tier.above) {
				inputPrice = either(tier.input, inputPrice);
				outputPrice = either(tier.output, outputPrice);
				cachedPrice = (tier.cachedInput != null) ? tier.cachedInput : cachedPrice;
				writePrice = (tier.cacheWrite != null) ? tier.cacheWrite : writePrice;
				reasoningPrice = (tier.reasoning != null) ? tier.reasoning : reasoningPrice;
			}
		}
		long cached = Math.min(usage.cachedInputTokens(), usage.inputTokens());
		long written = Math.min(usage.cacheWriteInputTokens(), usage.inputTokens() - cached);
		long reasoned = Math.min(usage.reasoningTokens(), usage.outputTokens());
		return times(inputPrice, usage.inputTokens() - cached - written)
			.add(times(either(cachedPrice, inputPrice), cached))
			.add(times(either(writePrice, inputPrice), written))
			.add(times(outputPrice, usage.outputTokens() - reasoned))
			.add(times(either(reasoningPrice, outputPrice), reasoned));
	}

	private static BigDecimal either(@Nullable BigDecimal price, BigDecimal other) {
		return (price != null) ? price : other;
	}

	private static BigDecimal times(BigDecimal price, long tokens) {
		return (tokens == 0 || price.signum() == 0) ? BigDecimal.ZERO : price.multiply(BigDecimal.valueOf(tokens));
	}

	/**
	 * Prices of all tokens of a request whose prompt is longer than a limit. What is
	 * {@code null} costs as much as in a shorter one.
	 *
	 * @param above how many tokens the prompt must exceed
	 * @param input for a token that is read
	 * @param output for a token that is written
	 * @param cachedInput for a token that is read from a prompt cache
	 * @param cacheWrite for a token that is written to a prompt cache
	 * @param reasoning for a token of reasoning
	 */
	public record Tier(long above, @Nullable BigDecimal input, @Nullable BigDecimal output,
			@Nullable BigDecimal cachedInput, @Nullable BigDecimal cacheWrite, @Nullable BigDecimal reasoning) {

		/**
		 * Create a tier.
		 * @throws IllegalArgumentException if a price is negative
		 */
		public Tier {
			input = exactOrNull(input);
			output = exactOrNull(output);
			cachedInput = exactOrNull(cachedInput);
			cacheWrite = exactOrNull(cacheWrite);
			reasoning = exactOrNull(reasoning);
		}

	}

}
