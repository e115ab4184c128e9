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

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link LiteLlmPrices}.
 */
class LiteLlmPricesTests {

	private static final String FILE = """
			{
			  "sample_spec": { "input_cost_per_token": "a number", "litellm_provider": "one of many" },
			  "gpt-x": { "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2.5e-06,
			    "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 1.25e-06 },
			  "claude-x": { "litellm_provider": "anthropic", "input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05,
			    "cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06,
			    "cache_read_input_token_cost": 3e-07,
			    "input_cost_per_token_above_200k_tokens": 6e-06, "output_cost_per_token_above_200k_tokens": 2.25e-05,
			    "cache_creation_input_token_cost_above_200k_tokens": 7.5e-06,
			    "cache_read_input_token_cost_above_200k_tokens": 6e-07 },
			  "gemini/gemini-x": { "litellm_provider": "gemini", "input_cost_per_token": 1e-07,
			    "output_cost_per_token": 4e-07, "output_cost_per_reasoning_token": 5e-07 },
			  "openrouter/anthropic/claude-x": { "litellm_provider": "openrouter", "input_cost_per_token": 3.1e-06,
			    "output_cost_per_token": 1.51e-05 },
			  "vertex-x": { "litellm_provider": "vertex_ai-language-models", "input_cost_per_token": 1e-06,
			    "output_cost_per_token": 2e-06 },
			  "dall-x": { "litellm_provider": "openai", "output_cost_per_image": 0.04 }
			}
			""";

	private static final Map<String, String> TYPES = Map.of("claude", "anthropic", "mine", "openai-compatible",
			"router", "openrouter", "google", "gemini-openai");

	private static LiteLlmPrices read(String file) throws IOException {
		return LiteLlmPrices.read(new ByteArrayResource(file.getBytes(StandardCharsets.UTF_8)),
				(provider) -> TYPES.getOrDefault(provider, provider));
	}

	private static @Nullable String cost(String provider, String model, Usage usage) throws IOException {
		TokenPrice price = read(FILE).find(provider, model);
		return (price != null) ? price.cost(usage).stripTrailingZeros().toPlainString() : null;
	}

	private static Usage usage(long input, long output, long cached, long written, long reasoning) {
		return new Usage(input, output, cached, written, reasoning, Usage.Source.REPORTED);
	}

	@Test
	void pricesAreExactDecimalNumbers() throws IOException {
		assertThat(cost("openai", "gpt-x", usage(3, 7, 1, 0, 0))).isEqualTo("0.00007625");
		assertThat(read(FILE).size()).isEqualTo(5);
	}

	@Test
	void cacheWritesReasoningAndTiersAreUnderstood() throws IOException {
		assertThat(cost("claude", "claude-x", usage(1_000, 10, 500, 300, 0)))
			.isEqualTo(new BigDecimal("0.0006").add(new BigDecimal("0.00015"))
				.add(new BigDecimal("0.001125"))
				.add(new BigDecimal("0.00015"))
				.stripTrailingZeros()
				.toPlainString());
		assertThat(cost("claude", "claude-x", usage(200_001, 10, 1, 100_000, 0)))
			.isEqualTo(new BigDecimal("0.6").add(new BigDecimal("0.0000006"))
				.add(new BigDecimal("0.75"))
				.add(new BigDecimal("0.000225"))
				.stripTrailingZeros()
				.toPlainString());
		assertThat(cost("gemini", "gemini-x", usage(10, 10, 0, 0, 4))).isEqualTo("0.0000054");
	}

	@Test
	void aModelIsThatOfItsProvider() throws IOException {
		assertThat(cost("router", "anthropic/claude-x", usage(1, 0, 0, 0, 0))).isEqualTo("0.0000031");
		assertThat(cost("google", "models/gemini-x", usage(1, 0, 0, 0, 0))).isEqualTo("0.0000001");
		assertThat(cost("vertex", "vertex-x", usage(1, 0, 0, 0, 0))).isEqualTo("0.000001");
		assertThat(cost("litellm", "gpt-x", usage(2, 0, 0, 0, 0))).isEqualTo("0.000005");
		assertThat(cost("mine", "gpt-x", usage(1, 0, 0, 0, 0))).as("a server of one's own").isNull();
		assertThat(cost("claude", "gpt-x", usage(1, 0, 0, 0, 0))).isNull();
	}

	@Test
	void aDatedModelHasThePriceOfItsFamily() throws IOException {
		assertThat(cost("claude", "claude-x-20260101", usage(1, 0, 0, 0, 0))).isEqualTo("0.000003");
		assertThat(cost("openai", "gpt-x-2026-01-31", usage(2, 0, 0, 0, 0))).isEqualTo("0.000005");
		assertThat(cost("openai", "gpt-xl", usage(2, 0, 0, 0, 0))).isNull();
	}

	@Test
	void whatHasNoPricesIsUnknownAndNotFree() throws IOException {
		assertThat(read(FILE).find("openai", "dall-x")).isNull();
		assertThat(read(FILE).find("openai", "sample_spec")).isNull();
	}

	@Test
	void aFileOfAnotherKindIsRefusedWithTheReason() {
		assertThatIllegalArgumentException().isThrownBy(() -> read("not json")).withMessage("it is not JSON");
		assertThatIllegalArgumentException().isThrownBy(() -> read("[]")).withMessageContaining("not a JSON object");
		assertThatIllegalArgumentException().isThrownBy(() -> read("{}")).withMessageContaining("no model");
	}

}
