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

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GenAiName}.
 */
class GenAiNameTests {

	@Test
	void theNewestEditionHasInferenceMetersAndCounters() {
		assertThat(GenAiName.all(GenAiName.Use.TIMER, GenAiConvention.LATEST)).containsExactly(
				"gen_ai.client.inference.duration", "gen_ai.client.inference.time_to_first_chunk",
				"gen_ai.client.inference.time_per_output_chunk");
		assertThat(GenAiName.all(GenAiName.Use.TOKEN_COUNTER, GenAiConvention.LATEST)).hasSize(5)
			.allMatch((name) -> name.startsWith("gen_ai.client.inference.usage."));
	}

	@Test
	void thePublishedEditionHasOneHistogramOfTokens() {
		assertThat(GenAiName.all(GenAiName.Use.TIMER, GenAiConvention.V1_41)).containsExactly(
				"gen_ai.client.operation.duration", "gen_ai.client.operation.time_to_first_chunk",
				"gen_ai.client.operation.time_per_output_chunk");
		assertThat(GenAiName.all(GenAiName.Use.TOKEN_HISTOGRAM, GenAiConvention.V1_41))
			.containsExactly("gen_ai.client.token.usage");
		assertThat(GenAiName.all(GenAiName.Use.TOKEN_COUNTER, GenAiConvention.V1_41)).isEmpty();
		assertThat(GenAiName.all(GenAiName.Use.TAG, GenAiConvention.V1_41)).contains("gen_ai.token.type")
			.doesNotContain("gen_ai.token.modality");
	}

	@ParameterizedTest
	@EnumSource
	void noNameIsUsedTwice(GenAiConvention convention) {
		List<String> names = Arrays.stream(GenAiName.values())
			.map((name) -> name.in(convention))
			.filter((name) -> name != null)
			.toList();
		assertThat(new HashSet<>(names)).hasSameSizeAs(names);
	}

	@Test
	void bucketsAreThoseOfTheConventions() {
		assertThat(GenAiName.TIMER_BUCKETS_MILLIS).startsWith(10, 20, 40).endsWith(40960, 81920).hasSize(14);
		assertThat(GenAiName.TOKEN_BUCKETS).startsWith(1, 4, 16).endsWith(16777216, 67108864).hasSize(14);
	}

	@Test
	void wellKnownProvidersHaveTheirNames() {
		assertThat(target("azure-openai", "https://x.openai.azure.com/v1").providerName()).isEqualTo("azure.ai.openai");
		assertThat(target("gemini", "https://g").providerName()).isEqualTo("gcp.gemini");
		assertThat(target("gemini", "https://g").operationName()).isEqualTo("generate_content");
		assertThat(target("openai-responses", "https://g").providerName()).isEqualTo("openai");
		assertThat(target("vllm", "http://g:8000/v1")).satisfies((target) -> {
			assertThat(target.providerName()).isEqualTo("vllm");
			assertThat(target.operationName()).isEqualTo("chat");
			assertThat(target.port()).isEqualTo(8000);
		});
		assertThat(target("openai", "https://g").port()).isEqualTo(443);
		assertThat(target("openai", "no address").port()).isEqualTo(-1);
	}

	private static ObservedTarget target(String type, String url) {
		return ObservedTarget.of("p", type, null, url);
	}

}
