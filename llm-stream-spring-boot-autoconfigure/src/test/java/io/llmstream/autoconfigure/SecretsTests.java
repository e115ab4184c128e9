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

package io.llmstream.autoconfigure;

import java.time.Duration;

import io.llmstream.LlmStreamClient;
import io.llmstream.provider.ProviderDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that no secret is shown.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretsTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class,
				LlmStreamActuatorAutoConfiguration.class, EnvironmentEndpointAutoConfiguration.class,
				ConfigurationPropertiesReportEndpointAutoConfiguration.class))
		.withBean("dialect", ProviderDialect.class, () -> new TestDialect("test", "http://127.0.0.1:9", true))
		.withPropertyValues("management.endpoints.web.exposure.include=*",
				"management.endpoints.jmx.exposure.include=*", "llm-stream.providers.test.api-key=sesame-key",
				"llm-stream.providers.test.model=visible-model", "llm-stream.providers.test.api-keys[0]=sesame-more",
				"llm-stream.providers.test.api-keys[1]=sesame-most",
				"llm-stream.providers.test.headers.x-team-key=sesame-header",
				"llm-stream.providers.test.query.key=sesame-query", "llm-stream.providers.test.proxy.host=127.0.0.1",
				"llm-stream.providers.test.proxy.port=9", "llm-stream.providers.test.proxy.username=me",
				"llm-stream.providers.test.proxy.password=sesame-proxy");

	@ParameterizedTest
	@ValueSource(strings = { "never", "always" })
	void endpointsShowNoSecrets(String showValues) {
		this.contextRunner
			.withPropertyValues("management.endpoint.env.show-values=" + showValues,
					"management.endpoint.configprops.show-values=" + showValues)
			.run((context) -> {
				JsonMapper json = JsonMapper.builder().build();
				String env = json
					.writeValueAsString(context.getBean(EnvironmentEndpoint.class).environment("llm-stream.*"));
				String configprops = json.writeValueAsString(
						context.getBean(ConfigurationPropertiesReportEndpoint.class).configurationProperties());
				assertThat(env).contains("llm-stream.providers.test.api-key").doesNotContain("sesame");
				assertThat(configprops).contains("apiKey").doesNotContain("sesame");
				if (showValues.equals("always")) {
					assertThat(env).contains("visible-model");
					assertThat(configprops).contains("visible-model");
				}
			});
	}

	@Test
	void beansShowNoSecrets() {
		this.contextRunner.run((context) -> {
			LlmStreamProperties properties = context.getBean(LlmStreamProperties.class);
			assertThat(properties.toString()).doesNotContain("sesame");
			assertThat(properties.getProviders().toString()).doesNotContain("sesame");
			assertThat(context.getBean(LlmStreamClient.class).toString()).doesNotContain("sesame");
			assertThat(context.getBean(LlmStreamConnectionDetails.class).toString()).doesNotContain("sesame");
		});
	}

	@Test
	void failuresAndLogsShowNoSecrets(CapturedOutput output) {
		try (TestProvider provider = TestProvider.refusing(401)) {
			this.contextRunner
				.withPropertyValues("llm-stream.providers.test.base-url=" + provider.baseUrl(),
						"llm-stream.providers.test.proxy.host=", "llm-stream.providers.test.proxy.port=",
						"llm-stream.providers.test.proxy.username=", "logging.level.io.llmstream=trace")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					Throwable failure = context.getBean(LlmStreamClient.class)
						.prompt("Hi")
						.stream()
						.then()
						.materialize()
						.block(Duration.ofSeconds(10))
						.getThrowable();
					assertThat(failure).isNotNull();
					for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
						assertThat(cause.toString()).doesNotContain("sesame");
					}
				});
		}
		assertThat(output).doesNotContain("sesame");
	}

	@Test
	void whenThereIsNoActuatorThenBacksOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmStreamActuatorAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("llmStreamSanitizingFunction"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "llm-stream.providers.a.api-key", "llm-stream.providers.a.apiKey",
			"LLMSTREAM_PROVIDERS_A_APIKEY", "LLM_STREAM_PROVIDERS_A_API_KEY", "llm-stream.providers[a].api-key",
			"llm-stream.providers.a.api-keys[0]", "LLMSTREAM_PROVIDERS_A_APIKEYS_0",
			"llm-stream.providers.a.headers.Authorization", "llm-stream.providers.a.query.key",
			"llm-stream.providers.a.proxy.password", "llm-stream.providers.a.extra.password" })
	void everyFormOfASecretIsKnown(String name) {
		assertThat(SecretProperties.isSecret(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "llm-stream.providers.a.model", "llm-stream.providers.a.base-url",
			"llm-stream.providers.a.api-key-cool-down", "llm-stream.providers.a.circuit-breaker.slow-first-token",
			"llm-stream.providers.a.timeouts.first-token", "LLMSTREAM_PROVIDERS_A_TIMEOUTS_FIRSTTOKEN",
			"spring.application.name", "my.api-key" })
	void otherPropertiesAreLeftAlone(String name) {
		assertThat(SecretProperties.isSecret(name)).isFalse();
	}

}
