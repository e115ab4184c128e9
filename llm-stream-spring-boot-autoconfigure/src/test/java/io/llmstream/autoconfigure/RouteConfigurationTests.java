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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.llmstream.Completion;
import io.llmstream.LlmStreamClient;
import io.llmstream.OverloadedException;
import io.llmstream.ProviderServerException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.TruncatedStreamException;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.route.ContinuationPrompt;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RouteFactory} and the properties of routes.
 */
class RouteConfigurationTests {

	private static final Duration WAIT = Duration.ofSeconds(10);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamHttpAutoConfiguration.class))
		.withBean("dialect", ProviderDialect.class, () -> new TestDialect("test", "http://127.0.0.1:9", false));

	private ApplicationContextRunner providers(String first, String second) {
		return this.contextRunner.withPropertyValues("llm-stream.providers.first.type=test",
				"llm-stream.providers.first.base-url=" + first, "llm-stream.providers.first.model=m1",
				"llm-stream.providers.first.retry.max-retries=0", "llm-stream.providers.first.timeouts.stall=200ms",
				"llm-stream.providers.second.type=test", "llm-stream.providers.second.base-url=" + second,
				"llm-stream.providers.second.model=m2", "llm-stream.providers.second.retry.max-retries=0");
	}

	private ApplicationContextRunner providers() {
		return providers("http://127.0.0.1:9", "http://127.0.0.1:9");
	}

	@Test
	void aRouteIsAClientBesideItsProviders() {
		providers().withPropertyValues("llm-stream.routes.chat.targets=first,second", "llm-stream.default-client=chat")
			.withUserConfiguration(Injected.class)
			.run((context) -> {
				assertThat(context.getBean(LlmStreamClient.class).name()).isEqualTo("chat");
				assertThat(context.getBean(LlmStreamClients.class).names()).containsExactly("first", "second", "chat");
				assertThat(context.getBean(LlmStreamClients.class).get("chat").name()).isEqualTo("chat");
				assertThat(context.getBean(Injected.class).names).containsExactly("chat", "chat", "second");
			});
	}

	@Test
	void theNextProviderAnswersWhereOneFails() {
		try (TestProvider failing = TestProvider.refusing(503);
				TestProvider good = TestProvider.answering("Hello", " world")) {
			providers(failing.baseUrl(), good.baseUrl())
				.withPropertyValues("llm-stream.routes.chat.targets[0]=first",
						"llm-stream.routes.chat.targets[1].provider=second",
						"llm-stream.routes.chat.targets[1].model=small",
						"llm-stream.routes.chat.targets[1].options.extra.tier=flex")
				.run((context) -> {
					Completion completion = client(context.getBean(LlmStreamClients.class)).prompt("Hi")
						.model("big")
						.completion()
						.block(WAIT);
					assertThat(completion).isNotNull();
					assertThat(completion.text()).isEqualTo("Hello world");
					assertThat(completion.finish().attempts()).extracting(StreamAttempt::provider, StreamAttempt::end)
						.containsExactly(Tuple.tuple("first", StreamOutcome.End.FAILED),
								Tuple.tuple("second", StreamOutcome.End.COMPLETED));
					assertThat(failing.calls().get(0).body()).contains("\"model\":\"big\"");
					assertThat(good.calls().get(0).body()).contains("\"model\":\"small\"")
						.contains("\"tier\":\"flex\"");
				});
		}
	}

	private static LlmStreamClient client(LlmStreamClients clients) {
		return clients.get("chat");
	}

	@Test
	void reasonsForFailoverCanBeChosen() {
		try (TestProvider failing = TestProvider.refusing(503); TestProvider good = TestProvider.answering("Hello")) {
			providers(failing.baseUrl(), good.baseUrl())
				.withPropertyValues("llm-stream.routes.chat.targets=first,second",
						"llm-stream.routes.chat.failover-on=rate-limited,overloaded")
				.run((context) -> assertThatExceptionOfType(ProviderServerException.class)
					.isThrownBy(
							() -> client(context.getBean(LlmStreamClients.class)).prompt("Hi").completion().block(WAIT))
					.satisfies((failure) -> assertThat(failure).isNotInstanceOf(OverloadedException.class)));
		}
	}

	@Test
	void anAnswerThatBreaksOffIsContinued() {
		List<String> prompts = new CopyOnWriteArrayList<>();
		try (TestProvider stalling = TestProvider.stalling("Hello");
				TestProvider good = TestProvider.answering(" world")) {
			ApplicationContextRunner runner = providers(stalling.baseUrl(), good.baseUrl())
				.withPropertyValues("llm-stream.routes.chat.targets=first,second",
						"llm-stream.routes.chat.mid-stream=continue")
				.withBean(ContinuationPrompt.class, () -> (request, text) -> {
					prompts.add(text);
					return "Weiter!";
				});
			runner.run((context) -> {
				LlmStreamClient client = client(context.getBean(LlmStreamClients.class));
				assertThat(client.prompt("Hi").streamText().collectList().block(WAIT)).containsExactly("Hello",
						" world");
				assertThat(prompts).containsExactly("Hello");
			});
			runner.withPropertyValues("llm-stream.routes.chat.continuation.prompt=Go on.").run((context) -> {
				LlmStreamClient client = client(context.getBean(LlmStreamClients.class));
				assertThat(client.prompt("Hi").streamText().collectList().block(WAIT)).hasSize(2);
				assertThat(prompts).as("the property goes before the bean").hasSize(1);
			});
		}
	}

	@Test
	void anAnswerThatBreaksOffIsRestarted() {
		try (TestProvider stalling = TestProvider.stalling("Hello"); TestProvider good = TestProvider.answering("Hi")) {
			providers(stalling.baseUrl(), good.baseUrl())
				.withPropertyValues("llm-stream.routes.chat.targets=first,second",
						"llm-stream.routes.chat.mid-stream=restart")
				.run((context) -> {
					LlmStreamClient client = client(context.getBean(LlmStreamClients.class));
					List<Token> tokens = client.stream(StreamRequest.of("Hi")).collectList().block(WAIT);
					assertThat(tokens).hasSize(4);
					assertThat(tokens.get(1)).isInstanceOf(Token.Reset.class);
					assertThat(client.prompt("Hi").completion().map(Completion::text).block(WAIT)).isEqualTo("Hi");
					assertThatExceptionOfType(TruncatedStreamException.class)
						.isThrownBy(() -> client.prompt("Hi").streamText().blockLast(WAIT))
						.satisfies((failure) -> assertThat(failure.getPartialText()).isEqualTo("Hello"));
				});
		}
	}

	@Test
	void aProviderBehindAnOpenBreakerComesLast() {
		try (TestProvider failing = TestProvider.refusing(503); TestProvider good = TestProvider.answering("Hello")) {
			providers(failing.baseUrl(), good.baseUrl())
				.withConfiguration(AutoConfigurations.of(LlmStreamResilienceAutoConfiguration.class))
				.withPropertyValues("llm-stream.routes.chat.targets=first,second",
						"llm-stream.providers.first.circuit-breaker.enabled=true",
						"llm-stream.providers.first.circuit-breaker.minimum-calls=2")
				.run((context) -> {
					LlmStreamClient client = client(context.getBean(LlmStreamClients.class));
					for (int i = 0; i < 4; i++) {
						Completion completion = client.prompt("Hi").completion().block(WAIT);
						assertThat(completion).isNotNull();
						assertThat(completion.finish().attempts()).hasSize((i < 2) ? 2 : 1);
					}
					assertThat(failing.calls()).hasSize(2);
				});
		}
	}

	@Test
	void allOfARouteCanBeConfigured() {
		providers()
			.withPropertyValues("llm-stream.routes.chat.targets[0].provider=first",
					"llm-stream.routes.chat.targets[0].weight=3",
					"llm-stream.routes.chat.targets[0].options.temperature=0.5",
					"llm-stream.routes.chat.targets[0].options.top-p=0.9",
					"llm-stream.routes.chat.targets[0].options.max-output-tokens=100",
					"llm-stream.routes.chat.targets[1]=second", "llm-stream.routes.chat.order=weighted",
					"llm-stream.routes.chat.mid-stream=continue", "llm-stream.routes.chat.max-recoveries=1",
					"llm-stream.routes.chat.failover-on=overloaded,context-too-long",
					"llm-stream.routes.chat.sticky.tag=conversation", "llm-stream.routes.chat.sticky.idle=5m",
					"llm-stream.routes.chat.sticky.max-conversations=100", "llm-stream.routes.chat.hedge-after=2s",
					"llm-stream.routes.chat.hedge-percentile=95", "llm-stream.routes.chat.hedge-min-samples=10",
					"llm-stream.routes.chat.continuation.prompt=Go on.",
					"llm-stream.routes.chat.continuation.min-overlap=5",
					"llm-stream.routes.chat.continuation.max-overlap=50")
			.run((context) -> assertThat(context).hasNotFailed().hasBean("chatLlmStreamClient"));
	}

	@Test
	void aTargetMayBeAClientOfTheApplication() {
		providers().withBean("mine", LlmStreamClient.class, () -> LlmStreamClient.create("mine", (request) -> {
			throw new IllegalStateException("not asked here");
		}))
			.withPropertyValues("llm-stream.routes.chat.targets=first,mine")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					targets=                                          | targets is not set
					targets=chat                                      | targets[0].provider is 'chat', the route itself
					targets=first;other                               | targets[1].provider is 'other', which is a route
					targets=nobody                                    | targets[0].provider is 'nobody', but there is no such provider. The configured providers are: first, second
					targets[0].model=m                                | targets[0].provider is not set
					targets[0].weight=0,targets[0].provider=first     | targets[0].weight is 0
					targets=first,max-recoveries=-1                   | max-recoveries is -1
					targets=first;second,hedge-after=-1s              | hedge-after is PT-1S
					targets=first;second,hedge-after=0s               | hedge-after is PT0S
					targets=first,hedge-after=1s                      | hedge-after is PT1S, but it needs a second target
					targets=first;second,hedge-percentile=100         | hedge-percentile is 100
					targets=first;second,hedge-min-samples=0          | hedge-min-samples is 0
					targets=first,sticky.idle=-1m                     | sticky.idle is PT-1M
					targets=first,sticky.max-conversations=0          | sticky.max-conversations is 0
					targets=first,continuation.min-overlap=0          | continuation.min-overlap is 0
					targets=first,continuation.max-overlap=3          | continuation.max-overlap is 3
					targets=first,continuation.prompt=                | continuation.prompt is empty
					targets[0].options.temperature=-1,targets[0].provider=first       | targets[0].options.temperature is -1.0
					targets[0].options.top-p=2,targets[0].provider=first              | targets[0].options.top-p is 2.0
					targets[0].options.max-output-tokens=0,targets[0].provider=first  | targets[0].options.max-output-tokens is 0
					""")
	void impossibleRoutesFailAtStartupByTheNameOfTheirProperty(String properties, String expected) {
		ApplicationContextRunner runner = providers().withPropertyValues("llm-stream.routes.other.targets=first");
		for (String property : properties.split(",(?=[a-z])(?=[^=]*=)")) {
			runner = runner.withPropertyValues("llm-stream.routes.chat." + property.replace(';', ','));
		}
		runner.run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidLlmStreamConfigurationException.class)
				.hasMessageContaining("llm-stream.routes.chat." + expected);
		});
	}

	@Test
	void aRouteMayNotHaveTheNameOfAProvider() {
		providers().withPropertyValues("llm-stream.routes.second.targets=first")
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("llm-stream.routes.second has the name of a provider"));
	}

	@Test
	void anUnknownDefaultListsRoutesToo() {
		providers().withPropertyValues("llm-stream.routes.chat.targets=first", "llm-stream.default-client=nobody")
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("The configured routes are: chat.")
				.hasMessageContaining("The configured providers are: first, second."));
	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		private final List<String> names;

		Injected(@Qualifier("chat") LlmStreamClient byQualifier, @LlmProvider("chat") LlmStreamClient byAnnotation,
				@LlmProvider("second") LlmStreamClient provider) {
			this.names = List.of(byQualifier.name(), byAnnotation.name(), provider.name());
		}

	}

}
