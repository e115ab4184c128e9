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

import java.util.ArrayList;
import java.util.List;

import io.llmstream.LlmStreamClient;
import io.llmstream.provider.ProviderDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests of a whole application without a web server.
 */
@ExtendWith(OutputCaptureExtension.class)
class PlainApplicationTests {

	@Test
	void startsWithoutAnyProvider() {
		try (ConfigurableApplicationContext context = run(List.of())) {
			assertThat(context.getBean(LlmStreamClients.class).names()).isEmpty();
		}
	}

	@Test
	void answersWithoutAWebServer() {
		try (TestProvider provider = TestProvider.answering("Hello");
				ConfigurableApplicationContext context = run(
						List.of("llm-stream.providers.test.base-url=" + provider.baseUrl(),
								"llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m"))) {
			assertThat(context.getBean(LlmStreamClient.class).prompt("Hi").call().text()).isEqualTo("Hello");
		}
	}

	@Test
	void clientsMayBeLazy() {
		try (ConfigurableApplicationContext context = run(List.of("spring.main.lazy-initialization=true",
				"llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m"))) {
			assertThat(context.getBean(LlmStreamClients.class).names()).containsExactly("test");
		}
	}

	@Test
	void aFailedStartTellsTheWayOutInsteadOfAStackTrace(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(List.of("llm-stream.providers.test.model=m")).close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The property llm-stream.providers.test.api-key is not set")
			.contains("llm-stream.providers.test.api-key=${TEST_API_KEY}");
	}

	@Test
	void aMissingClientIsExplainedBeforeSpringBootDoes(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(List.of(), NeedsClient.class).close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("no provider is configured")
			.doesNotContain("Consider defining a bean");
	}

	private static ConfigurableApplicationContext run(List<String> properties, Class<?>... more) {
		List<String> all = new ArrayList<>(properties);
		all.add("spring.main.banner-mode=off");
		return new SpringApplicationBuilder(Application.class).sources(more)
			.web(WebApplicationType.NONE)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ProviderDialect testDialect() {
			return new TestDialect("test", "http://127.0.0.1:9", true);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsClient {

		NeedsClient(LlmStreamClient client) {
		}

	}

}
