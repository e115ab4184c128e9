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

package io.llmstream.provider.openai;

import java.util.Map;

import io.llmstream.provider.Capability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OpenAiProfilesTests {

	@Test
	void everyServerHasOneProfile() {
		assertThat(OpenAiProfiles.all()).extracting(OpenAiProfile::type)
			.containsExactlyInAnyOrder("openai", "deepseek", "groq", "vllm", "ollama-openai", "llama-cpp", "lm-studio",
					"gemini-openai", "azure-openai", "mistral", "xai", "openrouter", "together", "litellm", "tokenmix",
					"openai-compatible");
		assertThat(OpenAiProfiles.find("nobody")).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "openai,https://api.openai.com/v1,true", "deepseek,https://api.deepseek.com,true",
			"groq,https://api.groq.com/openai/v1,true", "vllm,http://localhost:8000/v1,false",
			"ollama-openai,http://localhost:11434/v1,false", "tokenmix,https://api.tokenmix.ai/v1,true",
			"azure-openai,,true", "openai-compatible,,false" })
	void addressAndKeyAreKnown(String type, String baseUrl, boolean requiresApiKey) {
		OpenAiChatDialect dialect = new OpenAiChatDialect(OpenAiProfiles.find(type));
		assertThat(dialect.type()).isEqualTo(type);
		assertThat(dialect.defaultBaseUrl()).isEqualTo(baseUrl);
		assertThat(dialect.requiresApiKey()).isEqualTo(requiresApiKey);
	}

	@Test
	void theKeyIsABearerTokenButForAzure() {
		assertThat(new OpenAiChatDialect(OpenAiProfiles.find("openai")).authentication("k"))
			.isEqualTo(Map.of("Authorization", "Bearer k"));
		assertThat(new OpenAiChatDialect(OpenAiProfiles.find("azure-openai")).authentication("k"))
			.isEqualTo(Map.of("api-key", "k"));
	}

	@Test
	void aProfileOfOnesOwnNeedsNoDialect() {
		OpenAiProfile profile = OpenAiProfile.builder("acme", "Acme AI")
			.defaultBaseUrl("https://api.acme.example/v1")
			.path("/chat")
			.header("X-Client", "llm-stream")
			.without(Capability.SEED)
			.build();
		OpenAiChatDialect dialect = new OpenAiChatDialect(profile);
		assertThat(dialect.displayName()).isEqualTo("Acme AI");
		assertThat(dialect.capabilities().has(Capability.SEED)).isFalse();
		assertThat(dialect.encode(io.llmstream.StreamRequest.of("Hi"), "acme").path()).isEqualTo("/chat");
		assertThat(dialect.encode(io.llmstream.StreamRequest.of("Hi"), "acme").headers()).containsEntry("X-Client",
				"llm-stream");
	}

	@Test
	void everyEffortNeedsAWord() {
		assertThatIllegalArgumentException().isThrownBy(() -> OpenAiProfile.builder("a", "A").efforts("low"));
	}

}
