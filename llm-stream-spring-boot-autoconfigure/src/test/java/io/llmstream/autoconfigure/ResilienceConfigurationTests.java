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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamFilter;
import io.llmstream.StreamFilterOrder;
import io.llmstream.TargetHealth;
import io.llmstream.Token;
import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import io.llmstream.resilience.RetryClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for retries, circuit breaker, limit on streams and keys as they are configured.
 */
class ResilienceConfigurationTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final String ANSWER = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},"
			+ "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

	private final Server server = new Server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(LlmStreamAutoConfiguration.class, LlmStreamResilienceAutoConfiguration.class))
		.withBean(HttpExchange.class, () -> this.server)
		.withPropertyValues("llm-stream.providers.openai.api-key=key-a", "llm-stream.providers.openai.model=m",
				"llm-stream.providers.openai.retry.delay=1ms", "llm-stream.providers.openai.retry.jitter=0ms");

	private static LlmStreamException failure(ApplicationContext context) {
		return failure(context.getBean(LlmStreamClient.class));
	}

	private static LlmStreamException failure(LlmStreamClient client) {
		Throwable error = client.prompt("hi").stream().then().materialize().block(LIMIT).getThrowable();
		assertThat(error).isInstanceOf(LlmStreamException.class);
		return (LlmStreamException) error;
	}

	private static Token.Finish succeeds(ApplicationContext context) {
		return (Token.Finish) context.getBean(LlmStreamClient.class).prompt("hi").stream().blockLast(LIMIT);
	}

	@Test
	void theLedgerTellsEachAttemptOfAConfiguredClient() {
		this.server.status = 503;
		this.contextRunner.run((context) -> {
			assertThat(failure(context).getAttempts()).hasSize(3).allSatisfy((attempt) -> {
				assertThat(attempt.provider()).isEqualTo("openai");
				assertThat(attempt.errorKind()).isEqualTo(ErrorKind.OVERLOADED);
			});
			assertThat(failure(context).getAttempts()).extracting(StreamAttempt::delay)
				.containsExactly(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(2));
		});
	}

	@Test
	void aRetryPolicyBeanTakesThePlaceOfTheProperties() {
		this.server.status = 503;
		this.contextRunner
			.withBean(RetryPolicy.class, () -> RetryPolicy.builder().maxRetries(4).delay(Duration.ofMillis(1)).build())
			.run((context) -> {
				failure(context);
				assertThat(this.server.keys).hasSize(5);
			});
	}

	@Test
	void aRetryPolicyBeanOfAProviderIsItsAlone() {
		this.server.status = 503;
		this.contextRunner
			.withPropertyValues("llm-stream.providers.groq.api-key=k", "llm-stream.providers.groq.model=m",
					"llm-stream.providers.groq.retry.max-retries=0", "llm-stream.default-client=groq")
			.withBean("openai", RetryPolicy.class,
					() -> RetryPolicy.builder().maxRetries(4).delay(Duration.ofMillis(1)).build())
			.run((context) -> {
				failure(context);
				assertThat(this.server.keys).hasSize(1);
				failure(context.getBean(LlmStreamClients.class).get("openai"));
				assertThat(this.server.keys).hasSize(6);
			});
	}

	@Test
	void aClassifierBeanSaysWhatIsTriedAgain() {
		this.server.status = 400;
		this.contextRunner
			.withBean(RetryClassifier.class, () -> (error) -> error.getKind() == ErrorKind.INVALID_REQUEST)
			.run((context) -> {
				failure(context);
				assertThat(this.server.keys).hasSize(3);
			});
	}

	@Test
	void aBreakerOpensAndSaysSo() {
		this.server.status = 503;
		this.contextRunner
			.withPropertyValues("llm-stream.providers.openai.circuit-breaker.enabled=true",
					"llm-stream.providers.openai.circuit-breaker.minimum-calls=4",
					"llm-stream.providers.openai.retry.max-retries=1")
			.run((context) -> {
				LlmStreamProviders providers = context.getBean(LlmStreamProviders.class);
				TargetHealth health = providers.health("openai");
				failure(context);
				assertThat(health.state()).isEqualTo(TargetHealth.State.UP);
				failure(context);
				assertThat(health.state()).isEqualTo(TargetHealth.State.DOWN);
				LlmStreamException error = failure(context);
				assertThat(error.getKind()).isEqualTo(ErrorKind.CIRCUIT_OPEN);
				assertThat(error.getAttempts()).hasSize(1);
				assertThat(this.server.keys).hasSize(4);
			});
	}

	@Test
	void aBreakerOfTheApplicationsRegistryIsUsed() {
		this.contextRunner.withBean(CircuitBreakerRegistry.class, CircuitBreakerRegistry::ofDefaults)
			.withPropertyValues("llm-stream.providers.openai.circuit-breaker.enabled=true")
			.run((context) -> {
				CircuitBreaker breaker = context.getBean(CircuitBreakerRegistry.class)
					.find("llm-stream.openai")
					.orElseThrow();
				succeeds(context);
				assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
				breaker.transitionToForcedOpenState();
				assertThat(failure(context).getKind()).isEqualTo(ErrorKind.CIRCUIT_OPEN);
			});
	}

	@Test
	void noMoreStreamsAreOpenThanMayBe() {
		this.server.silent = true;
		this.contextRunner.withPropertyValues("llm-stream.providers.openai.max-concurrent-streams=1").run((context) -> {
			Disposable open = context.getBean(LlmStreamClient.class).prompt("hi").stream().subscribe();
			assertThat(context.getBean(LlmStreamProviders.class).health("openai").state())
				.isEqualTo(TargetHealth.State.LIMITED);
			assertThat(failure(context).getKind()).isEqualTo(ErrorKind.CONCURRENCY_LIMIT);
			open.dispose();
			this.server.silent = false;
			succeeds(context);
		});
	}

	@ParameterizedTest
	@CsvSource({ "circuit-breaker.enabled=true, circuit-breaker.enabled, resilience4j-circuitbreaker",
			"max-concurrent-streams=1, max-concurrent-streams, resilience4j-bulkhead" })
	void aMissingLibraryIsNamed(String setting, String property, String artifact) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(CircuitBreaker.class, Bulkhead.class))
			.withPropertyValues("llm-stream.providers.openai." + setting)
			.run((context) -> assertThat(context.getStartupFailure())
				.hasRootCauseInstanceOf(InvalidLlmStreamConfigurationException.class)
				.rootCause()
				.hasMessageContaining("llm-stream.providers.openai." + property)
				.hasMessageContaining("io.github.resilience4j:" + artifact));
	}

	@Test
	void withoutTheLibrariesEverythingElseWorks() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.github.resilience4j"))
			.run((context) -> assertThat(succeeds(context).attempts()).hasSize(1));
	}

	@Test
	void filtersStandWhereTheirOrderSays() {
		this.server.status = 503;
		this.contextRunner.withUserConfiguration(Filters.class)
			.withPropertyValues("llm-stream.providers.openai.circuit-breaker.enabled=true",
					"llm-stream.providers.openai.circuit-breaker.minimum-calls=2",
					"llm-stream.providers.openai.retry.max-retries=1")
			.run((context) -> {
				List<String> asked = context.getBean(Filters.class).asked;
				failure(context);
				assertThat(asked).containsExactly("outermost", "unordered", "in the retries", "in the breaker",
						"in the retries", "in the breaker");
				asked.clear();
				failure(context);
				assertThat(asked).as("the breaker is open").containsExactly("outermost", "unordered", "in the retries");
			});
	}

	@Test
	void aRefusedKeyIsFollowedByTheNext() {
		this.server.refused = "key-a";
		this.contextRunner
			.withPropertyValues("llm-stream.providers.openai.api-keys[0]=key-b",
					"llm-stream.providers.openai.api-keys[1]=key-a", "llm-stream.providers.openai.retry.max-retries=0")
			.run((context) -> {
				assertThat(succeeds(context).attempts()).hasSize(2);
				succeeds(context);
				assertThat(this.server.keys).containsExactly("key-a", "key-b", "key-b");
				LlmStreamProviders providers = context.getBean(LlmStreamProviders.class);
				assertThat(providers.names()).containsExactly("openai");
				assertThat(providers.state("openai").keys()).hasSize(2);
				assertThat(providers.state("openai").rateLimits()).isNotNull();
				assertThat(providers.toString() + providers.state("openai")).doesNotContain("key-");
				assertThatIllegalArgumentException().isThrownBy(() -> providers.state("nobody"))
					.withMessageContaining("openai");
			});
	}

	@Test
	void furtherKeysAloneAreEnough() {
		this.contextRunner
			.withPropertyValues("llm-stream.providers.openai.api-key=",
					"llm-stream.providers.openai.api-keys=key-x,key-y")
			.run((context) -> {
				succeeds(context);
				assertThat(this.server.keys).containsExactly("key-x");
			});
	}

	@ParameterizedTest
	@CsvSource({ "circuit-breaker.failure-rate-threshold, 0", "circuit-breaker.slow-rate-threshold, 101",
			"circuit-breaker.slow-first-token, -1s", "circuit-breaker.minimum-calls, 0",
			"circuit-breaker.minimum-calls, 51", "circuit-breaker.window, 0", "circuit-breaker.wait-in-open-state, 0s",
			"circuit-breaker.calls-in-half-open-state, 0", "max-concurrent-streams, 0",
			"max-concurrent-streams-wait, -1s", "api-key-cool-down, 0s", "api-keys, two words",
			"api-keys, '${NO_SUCH_VARIABLE_HERE}'" })
	void namesThePropertyThatCannotBe(String property, String value) {
		this.contextRunner.withPropertyValues("llm-stream.providers.openai." + property + "=" + value)
			.run((context) -> assertThat(context.getStartupFailure())
				.hasRootCauseInstanceOf(InvalidLlmStreamConfigurationException.class)
				.rootCause()
				.hasMessageContaining("llm-stream.providers.openai." + property + " "));
	}

	@Configuration(proxyBeanMethods = false)
	static class Filters {

		private final List<String> asked = new ArrayList<>();

		private StreamFilter recording(String name) {
			return (request, next) -> {
				this.asked.add(name);
				return next.stream(request);
			};
		}

		@Bean
		@Order(StreamFilterOrder.CIRCUIT_BREAKER + 1)
		StreamFilter inTheBreaker() {
			return recording("in the breaker");
		}

		@Bean
		@Order(StreamFilterOrder.RETRY + 1)
		StreamFilter inTheRetries() {
			return recording("in the retries");
		}

		@Bean
		StreamFilter unordered() {
			return recording("unordered");
		}

		@Bean
		@Order(1)
		StreamFilter outermost() {
			return recording("outermost");
		}

	}

	private static final class Server implements HttpExchange {

		private final List<String> keys = new CopyOnWriteArrayList<>();

		private volatile int status = 200;

		private volatile boolean silent;

		private volatile String refused = "";

		@Override
		public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
			return Flux.defer(() -> {
				String key = call.headers().get("Authorization").replace("Bearer ", "");
				this.keys.add(key);
				if (this.silent) {
					return Flux.never();
				}
				int status = (key.equals(this.refused)) ? 401 : this.status;
				DataBuffer body = DefaultDataBufferFactory.sharedInstance
					.wrap(((status == 200) ? ANSWER : "{}").getBytes(StandardCharsets.UTF_8));
				return handler
					.apply(new HttpAnswer(status, Map.of("x-ratelimit-remaining-requests", "5"), Flux.just(body)));
			});
		}

	}

}
