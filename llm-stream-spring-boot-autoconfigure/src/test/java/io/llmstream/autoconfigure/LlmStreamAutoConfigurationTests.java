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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamFilter;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.provider.ProviderDialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link LlmStreamAutoConfiguration}.
 */
class LlmStreamAutoConfigurationTests {

	private static final Duration WAIT = Duration.ofSeconds(10);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class))
		.withBean("dialect", ProviderDialect.class, () -> new TestDialect("test", "http://127.0.0.1:9", true))
		.withBean("other", ProviderDialect.class, () -> new TestDialect("other", "http://127.0.0.1:9", false));

	private final ApplicationContextRunner twoProviders = this.contextRunner.withPropertyValues(
			"llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m",
			"llm-stream.providers.second.type=other", "llm-stream.providers.second.model=n");

	@Test
	void startsWithoutAnyProvider() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(LlmStreamClient.class);
			LlmStreamClients clients = context.getBean(LlmStreamClients.class);
			assertThat(clients.names()).isEmpty();
			assertThatIllegalArgumentException().isThrownBy(() -> clients.get("openai"))
				.withMessageContaining("'openai'")
				.withMessageContaining("llm-stream.providers.<name>.api-key");
		});
	}

	@Test
	void aKnownNameNeedsOnlyAKeyAndAModel() {
		this.contextRunner
			.withPropertyValues("llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m")
			.run((context) -> {
				assertThat(context).hasSingleBean(LlmStreamClient.class).hasBean("testLlmStreamClient");
				assertThat(context.getBean(LlmStreamClient.class).name()).isEqualTo("test");
			});
	}

	@Test
	void clientsAreInjectedByTheNameOfTheirProvider() {
		this.twoProviders.withUserConfiguration(Injected.class).run((context) -> {
			Injected injected = context.getBean(Injected.class);
			assertThat(injected.byQualifier).isNotNull();
			assertThat(injected.byQualifier.name()).isEqualTo("test");
			assertThat(injected.byAnnotation).isNotNull();
			assertThat(injected.byAnnotation.name()).isEqualTo("second");
		});
	}

	@Test
	void theDefaultClientIsTheOneToInject() {
		this.twoProviders.withPropertyValues("llm-stream.default-client=second")
			.run((context) -> assertThat(context.getBean(LlmStreamClient.class).name()).isEqualTo("second"));
	}

	@Test
	void clientsCanBeChosenAtRunTime() {
		this.twoProviders.run((context) -> {
			LlmStreamClients clients = context.getBean(LlmStreamClients.class);
			assertThat(clients.names()).containsExactly("test", "second");
			assertThat(clients.get("second").name()).isEqualTo("second");
			assertThatIllegalArgumentException().isThrownBy(() -> clients.get("third"))
				.withMessage("There is no client named 'third'. The clients are: test, second");
		});
	}

	@Test
	void anOwnBeanOfTheSameNameReplacesAClient() {
		this.twoProviders.withUserConfiguration(OwnTestClient.class, Injected.class).run((context) -> {
			LlmStreamClient own = context.getBean("testLlmStreamClient", LlmStreamClient.class);
			assertThat(own.name()).isEqualTo("mine");
			assertThat(context.getBean(Injected.class).byQualifier).isSameAs(own);
			assertThat(context.getBean(LlmStreamClients.class).get("test")).isSameAs(own);
			assertThat(context.getBean(LlmStreamClients.class).names()).containsExactly("test", "second");
		});
	}

	@Test
	void anOwnClientGoesBeforeTheConfiguredOne() {
		this.contextRunner
			.withPropertyValues("llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m")
			.withBean("mine", LlmStreamClient.class, () -> client("mine"))
			.run((context) -> {
				assertThat(context.getBean(LlmStreamClient.class).name()).isEqualTo("mine");
				assertThat(context.getBean(LlmStreamClients.class).names()).containsExactly("test", "mine");
			});
	}

	@Test
	void anOwnPrimaryClientIsNoConflict() {
		this.contextRunner.withUserConfiguration(OwnPrimaryClient.class)
			.withPropertyValues("llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m")
			.run((context) -> assertThat(context.getBean(LlmStreamClient.class).name()).isEqualTo("primary"));
	}

	@Test
	void theDefaultClientMayBeAnOwnBean() {
		this.twoProviders.withBean("mine", LlmStreamClient.class, () -> client("mine"))
			.withPropertyValues("llm-stream.default-client=mine")
			.run((context) -> assertThat(context.getBean(LlmStreamClient.class).name()).isEqualTo("mine"));
	}

	@Test
	void propertiesReachTheProvider() {
		try (TestProvider provider = TestProvider.answering("Hello", " world")) {
			this.contextRunner
				.withPropertyValues("llm-stream.providers.mine.type=test", "llm-stream.providers.mine.api-key=secret",
						"llm-stream.providers.mine.base-url=" + provider.baseUrl() + "/v1/",
						"llm-stream.providers.mine.model=m1", "llm-stream.providers.mine.headers.x-team=blue",
						"llm-stream.providers.mine.query.version=2", "llm-stream.providers.mine.extra.tier=flex",
						"llm-stream.providers.mine.extra.stop[0]=A", "llm-stream.providers.mine.extra.stop[1]=B",
						"llm-stream.providers.mine.extra.safety.level=high")
				.run((context) -> {
					LlmStreamClient client = context.getBean(LlmStreamClient.class);
					assertThat(client.prompt("Hi").streamText().collectList().block(WAIT)).containsExactly("Hello",
							" world");
					TestProvider.Call call = provider.calls().get(0);
					assertThat(call.uri()).isEqualTo("/v1/generate?version=2");
					assertThat(call.headers().get("x-test-key")).isEqualTo("secret");
					assertThat(call.headers().get("x-team")).isEqualTo("blue");
					assertThat(call.body()).contains("\"model\":\"m1\"")
						.contains("\"tier\":\"flex\"")
						.contains("\"stop\":[\"A\",\"B\"]")
						.contains("\"safety\":{\"level\":\"high\"}");
				});
		}
	}

	@Test
	void answersCanBeHadAsAWhole() {
		try (TestProvider provider = TestProvider.answering("Hello", " world")) {
			this.contextRunner.withPropertyValues(at(provider)).run((context) -> {
				LlmStreamClient client = context.getBean(LlmStreamClient.class);
				assertThat(client.prompt("Hi").call().text()).isEqualTo("Hello world");
				assertThat(client.prompt("Hi").completion().map((whole) -> whole.text()).block(WAIT))
					.isEqualTo("Hello world");
			});
		}
	}

	@Test
	void connectionDetailsGoBeforeProperties() {
		try (TestProvider provider = TestProvider.answering("Hello")) {
			AtomicReference<String> key = new AtomicReference<>("first");
			this.contextRunner.withBean(LlmStreamConnectionDetails.class, () -> details(provider.baseUrl(), key))
				.withPropertyValues("llm-stream.providers.test.api-key=from-properties",
						"llm-stream.providers.test.model=m")
				.run((context) -> {
					assertThat(context).hasSingleBean(LlmStreamConnectionDetails.class);
					LlmStreamClient client = context.getBean(LlmStreamClient.class);
					client.prompt("Hi").completion().block(WAIT);
					key.set("second");
					client.prompt("Hi").completion().block(WAIT);
					assertThat(provider.calls()).extracting((call) -> call.headers().get("x-test-key"))
						.containsExactly("first", "second");
				});
		}
	}

	@Test
	void whatConnectionDetailsLeaveOutComesFromProperties() {
		try (TestProvider provider = TestProvider.answering("Hello")) {
			this.contextRunner.withBean(LlmStreamConnectionDetails.class, () -> new LlmStreamConnectionDetails() {
			}).withPropertyValues(at(provider)).run((context) -> {
				context.getBean(LlmStreamClient.class).prompt("Hi").completion().block(WAIT);
				assertThat(provider.calls()).extracting((call) -> call.headers().get("x-test-key"))
					.containsExactly("k");
			});
		}
	}

	@Test
	void filtersGoAroundInTheirOrderAndOutsideOfRetries() {
		try (TestProvider provider = TestProvider.refusing(500)) {
			List<String> events = new ArrayList<>();
			this.contextRunner.withUserConfiguration(Filters.class)
				.withBean("events", List.class, () -> events)
				.withBean(LlmStreamClientCustomizer.class,
						() -> (builder) -> builder.filter(recording("customizer of " + builder.name(), events)))
				.withPropertyValues(at(provider))
				.withPropertyValues("llm-stream.providers.test.retry.delay=1ms",
						"llm-stream.providers.test.retry.jitter=0ms")
				.run((context) -> {
					LlmStreamClient client = context.getBean(LlmStreamClient.class);
					assertThat(client.prompt("Hi").stream().then().materialize().block(WAIT)).isNotNull();
					assertThat(events).containsExactly("outer", "inner", "customizer of test");
					assertThat(provider.calls()).hasSize(3);
				});
		}
	}

	@Test
	void retriesCanBeSwitchedOff() {
		try (TestProvider provider = TestProvider.refusing(500)) {
			this.contextRunner.withPropertyValues(at(provider))
				.withPropertyValues("llm-stream.providers.test.retry.max-retries=0")
				.run((context) -> {
					LlmStreamClient client = context.getBean(LlmStreamClient.class);
					assertThat(client.prompt("Hi").stream().then().materialize().block(WAIT)).isNotNull();
					assertThat(provider.calls()).hasSize(1);
				});
		}
	}

	@Test
	void customizersChangeTheClient() {
		try (TestProvider provider = TestProvider.answering("Hello")) {
			this.contextRunner.withPropertyValues(at(provider))
				.withBean(LlmStreamClientCustomizer.class, () -> (builder) -> {
					assertThat(builder.type()).isEqualTo("test");
					builder.retry(null).settings((settings) -> settings.headers(Map.of("x-custom", builder.name())));
				})
				.run((context) -> {
					context.getBean(LlmStreamClient.class).prompt("Hi").completion().block(WAIT);
					assertThat(provider.calls().get(0).headers().get("x-custom")).isEqualTo("test");
				});
		}
	}

	@Test
	void whenThereIsNoHttpClientThenSaysWhatToAdd() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("reactor.netty"))
			.withPropertyValues("llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("'test'")
				.hasMessageContaining("reactor-netty-http"));
	}

	@Test
	void whenTheLibraryIsNotOnTheClasspathThenBacksOff() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(LlmStreamClient.class))
			.run((context) -> assertThat(context).doesNotHaveBean(LlmStreamProperties.class));
	}

	static String[] at(TestProvider provider) {
		return new String[] { "llm-stream.providers.test.base-url=" + provider.baseUrl(),
				"llm-stream.providers.test.api-key=k", "llm-stream.providers.test.model=m" };
	}

	private static LlmStreamClient client(String name) {
		StreamingModel model = (request) -> Flux.empty();
		return LlmStreamClient.create(name, model);
	}

	private static LlmStreamConnectionDetails details(String baseUrl, AtomicReference<String> key) {
		return new LlmStreamConnectionDetails() {

			@Override
			public String getBaseUrl(String provider) {
				return baseUrl;
			}

			@Override
			public String getApiKey(String provider) {
				return key.get();
			}

		};
	}

	private static StreamFilter recording(String name, List<String> events) {
		return (request, next) -> {
			events.add(name);
			Flux<Token> tokens = next.stream(request);
			return tokens;
		};
	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		@Autowired
		@Qualifier("test")
		@Nullable LlmStreamClient byQualifier;

		@Autowired
		@LlmProvider("second")
		@Nullable LlmStreamClient byAnnotation;

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTestClient {

		@Bean
		LlmStreamClient testLlmStreamClient() {
			return client("mine");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPrimaryClient {

		@Bean
		@Primary
		LlmStreamClient own() {
			return client("primary");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Filters {

		@Bean
		@Order(2)
		StreamFilter inner(List<String> events) {
			return recording("inner", events);
		}

		@Bean
		@Order(1)
		StreamFilter outer(List<String> events) {
			return recording("outer", events);
		}

	}

}
