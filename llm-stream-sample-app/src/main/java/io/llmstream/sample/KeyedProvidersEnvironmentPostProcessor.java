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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Configures each provider whose key, or whose address, is in the environment. An
 * application that uses one provider has no need of this: it writes the same properties
 * into its {@code application.yml}.
 */
class KeyedProvidersEnvironmentPostProcessor implements EnvironmentPostProcessor {

	private static final List<Vendor> VENDORS = List.of(new Vendor("openai", "OPENAI", "_API_KEY", "gpt-4o"),
			new Vendor("anthropic", "ANTHROPIC", "_API_KEY", "claude-sonnet-4-6"),
			new Vendor("gemini", "GEMINI", "_API_KEY", "gemini-2.5-flash"),
			new Vendor("deepseek", "DEEPSEEK", "_API_KEY", "deepseek-chat"),
			new Vendor("groq", "GROQ", "_API_KEY", "llama-3.3-70b-versatile"),
			new Vendor("tokenmix", "TOKENMIX", "_API_KEY", "gpt-4o"),
			new Vendor("ollama", "OLLAMA", "_BASE_URL", "llama3.3"), new Vendor("vllm", "VLLM", "_BASE_URL", null));

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> properties = new LinkedHashMap<>();
		for (Vendor vendor : VENDORS) {
			if (isSet(environment, vendor.prefix() + vendor.switchedOnBy())) {
				vendor.configure(environment, properties);
			}
		}
		// Last, so that whatever the application's own files say goes first.
		environment.getPropertySources().addLast(new MapPropertySource("providersWithKeys", properties));
	}

	private static boolean isSet(ConfigurableEnvironment environment, String variable) {
		return StringUtils.hasText(environment.getProperty(variable));
	}

	/**
	 * A provider that may be switched on.
	 *
	 * @param name the name of the provider, and of its type
	 * @param prefix what its variables begin with
	 * @param switchedOnBy the end of the variable that switches it on
	 * @param model the model to ask if none is set, or {@code null} if there is none that
	 * every such server has
	 */
	private record Vendor(String name, String prefix, String switchedOnBy, @Nullable String model) {

		void configure(ConfigurableEnvironment environment, Map<String, Object> properties) {
			String provider = "llm-stream.providers." + this.name;
			String model = this.prefix + "_MODEL";
			properties.put(provider + ".type", this.name);
			properties.put(provider + ".model", "${" + model + ((this.model != null) ? ":" + this.model : "") + "}");
			// Placeholders keep the values where they are: no key is copied.
			if (isSet(environment, this.prefix + "_API_KEY")) {
				properties.put(provider + ".api-key", "${" + this.prefix + "_API_KEY}");
			}
			if (isSet(environment, this.prefix + "_BASE_URL")) {
				properties.put(provider + ".base-url", "${" + this.prefix + "_BASE_URL}");
			}
		}

	}

}
