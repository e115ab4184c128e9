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

package io.llmstream.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class KeyedProvidersEnvironmentPostProcessorTests {

	private final MockEnvironment environment = new MockEnvironment();

	@ParameterizedTest
	@CsvSource({ "OPENAI,openai", "ANTHROPIC,anthropic", "GEMINI,gemini", "DEEPSEEK,deepseek", "GROQ,groq",
			"TOKENMIX,tokenmix" })
	void aKeySwitchesItsProviderOn(String prefix, String name) {
		this.environment.setProperty(prefix + "_API_KEY", "a-key");
		process();
		assertThat(property(name, "type")).isEqualTo(name);
		assertThat(property(name, "api-key")).isEqualTo("a-key");
		assertThat(property(name, "model")).isNotBlank();
		assertThat(property(name, "base-url")).isNull();
	}

	@Test
	void anAddressSwitchesALocalServerOn() {
		this.environment.setProperty("OLLAMA_BASE_URL", "http://localhost:11434");
		this.environment.setProperty("OLLAMA_MODEL", "tiny");
		process();
		assertThat(property("ollama", "base-url")).isEqualTo("http://localhost:11434");
		assertThat(property("ollama", "model")).isEqualTo("tiny");
		assertThat(property("ollama", "api-key")).isNull();
	}

	@Test
	void nothingIsSwitchedOnByAnEmptyKey() {
		this.environment.setProperty("OPENAI_API_KEY", " ");
		process();
		assertThat(property("openai", "type")).isNull();
	}

	@Test
	void theApplicationsOwnPropertiesGoFirst() {
		this.environment.setProperty("GROQ_API_KEY", "a-key");
		this.environment.setProperty("llm-stream.providers.groq.model", "mine");
		process();
		assertThat(property("groq", "model")).isEqualTo("mine");
	}

	private void process() {
		new KeyedProvidersEnvironmentPostProcessor().postProcessEnvironment(this.environment,
				new SpringApplication(SampleApplication.class));
	}

	private String property(String provider, String name) {
		return this.environment.getProperty("llm-stream.providers." + provider + "." + name);
	}

}
