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
import java.util.List;

import io.llmstream.Usage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenPrice}.
 */
class TokenPriceTests {

	private static BigDecimal usd(String text) {
		return new BigDecimal(text);
	}

	private static Usage usage(long input, long output, long cached, long written, long reasoning) {
		return new Usage(input, output, cached, written, reasoning, Usage.Source.REPORTED);
	}

	@Test
	void cachedWrittenAndReasoningTokensArePartsOfTheWholeWithPricesOfTheirOwn() {
		TokenPrice price = new TokenPrice(usd("3e-6"), usd("15e-6"), usd("0.3e-6"), usd("3.75e-6"), usd("20e-6"),
				List.of());
		assertThat(price.cost(usage(1000, 500, 600, 100, 200))).isEqualByComparingTo(
				usd("0.0009").add(usd("0.00018")).add(usd("0.000375")).add(usd("0.0045")).add(usd("0.004")));
	}

	@Test
	void whatHasNoPriceOfItsOwnCostsAsMuchAsTheRest() {
		TokenPrice price = TokenPrice.perMillion("2", "8");
		assertThat(price.cost(usage(1000, 500, 600, 100, 200))).isEqualByComparingTo("0.006");
	}

	@Test
	void aLongPromptHasTheTiersPriceForAllOfItsTokens() {
		TokenPrice price = new TokenPrice(usd("1e-6"), usd("2e-6"), usd("0.1e-6"), null, null,
				List.of(new TokenPrice.Tier(400_000, usd("4e-6"), null, null, null, null),
						new TokenPrice.Tier(200_000, usd("2e-6"), usd("3e-6"), null, null, null)));
		assertThat(price.cost(usage(200_000, 10, 0, 0, 0))).isEqualByComparingTo("0.20002");
		assertThat(price.cost(usage(200_001, 10, 0, 0, 0))).isEqualByComparingTo("0.400032");
		assertThat(price.cost(usage(400_001, 10, 1, 0, 0))).isEqualByComparingTo("1.6000301");
	}

	@Test
	void aCostIsExact() {
		TokenPrice price = new TokenPrice(usd("1.25e-9"), usd("7.5e-8"), null, null, null, List.of());
		assertThat(price.cost(usage(3, 7, 0, 0, 0))).isEqualByComparingTo("0.00000052875");
	}

	@Test
	void partsThatExceedTheWholeCostNoMoreThanTheWhole() {
		TokenPrice price = TokenPrice.perMillion("1", "1");
		assertThat(price.cost(usage(10, 10, 20, 20, 20))).isEqualByComparingTo("0.00002");
	}

	@Test
	void aNegativePriceIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenPrice.perMillion("-1", "1"));
	}

}
