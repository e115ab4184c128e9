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

package io.llmstream.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.llmstream.AuthenticationException;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.RateLimitState;
import io.llmstream.RateLimitedException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamRequest;
import io.llmstream.TargetHealth;
import io.llmstream.Token;
import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for several API keys of one provider, and for what is known of them.
 */
class KeyRotationTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final String ANSWER = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

	private final Server server = new Server();

	private List<String> keys = List.of("key-a", "key-b", "key-c");

	private ProviderStreamingModel model;

	private VirtualTimeScheduler time;

	@BeforeEach
	void start() {
		this.time = VirtualTimeScheduler.getOrSet();
		this.time.advanceTimeTo(Instant.parse("2026-03-01T12:00:00Z"));
		this.model = new ProviderStreamingModel(ProviderSettings.builder("acme", BuiltInDialects.find("openai"))
			.baseUrl("http://127.0.0.1:1/v1")
			.defaultModel("m1")
			.apiKeys(() -> this.keys)
			.keyCoolDown(Duration.ofMinutes(2))
			.build(), this.server);
	}

	@AfterEach
	void stop() {
		VirtualTimeScheduler.reset();
	}

	private Flux<Token> stream() {
		return this.model.stream(StreamRequest.of("hello"));
	}

	private Token.Finish succeeds() {
		List<Token> tokens = new ArrayList<>();
		StepVerifier.create(stream())
			.recordWith(() -> tokens)
			.thenConsumeWhile((token) -> true)
			.expectComplete()
			.verify(LIMIT);
		assertThat(tokens).first().isEqualTo(new Token.Text("Hi"));
		return (Token.Finish) tokens.get(tokens.size() - 1);
	}

	@Test
	void aKeyIsUsedUntilItIsRefused() {
		succeeds();
		succeeds();
		assertThat(this.server.asked).containsExactly("key-a", "key-a");
	}

	@Test
	void aRefusedKeyRestsAndTheNextOneIsTriedAtOnce() {
		this.server.refuses("key-a", 429, "retry-after", "30");
		Token.Finish finish = succeeds();
		assertThat(finish.attempts()).extracting(StreamAttempt::errorKind)
			.containsExactly(ErrorKind.RATE_LIMITED, null);
		assertThat(this.server.asked).containsExactly("key-a", "key-b");
		succeeds();
		assertThat(this.server.asked).endsWith("key-b").hasSize(3);
		assertThat(this.model.state().keys()).extracting((key) -> key.coolingUntil() != null)
			.containsExactly(true, false, false);
		assertThat(this.model.state().hasReadyKey()).isTrue();
		this.time.advanceTimeBy(Duration.ofSeconds(30));
		assertThat(this.model.state().keys()).allMatch((key) -> key.coolingUntil() == null);
	}

	@Test
	void aKeyThatIsNotAcceptedOrHasNoQuotaRestsForTheCoolDown() {
		this.server.refuses("key-a", 401);
		this.server.refuses("key-b", 402);
		succeeds();
		assertThat(this.server.asked).containsExactly("key-a", "key-b", "key-c");
		this.server.answers.clear();
		this.server.refuses("key-c", 401);
		this.time.advanceTimeBy(Duration.ofMinutes(2));
		succeeds();
		assertThat(this.server.asked).endsWith("key-c", "key-a");
	}

	@Test
	void whenAllAreRefusedTheFailureThatPassesSoonestIsTold() {
		this.server.refuses("key-a", 429, "retry-after", "5");
		this.server.refuses("key-b", 429, "retry-after", "60");
		this.server.refuses("key-c", 401);
		StepVerifier.create(stream()).expectErrorSatisfies((error) -> {
			assertThat(error).isInstanceOf(RateLimitedException.class);
			assertThat(((LlmStreamException) error).getRetryAfter()).isEqualTo(Duration.ofSeconds(5));
			assertThat(((LlmStreamException) error).getAttempts()).hasSize(3);
		}).verify(LIMIT);
		assertThat(this.model.state().hasReadyKey()).isFalse();
		assertThat(this.model.state().state()).isEqualTo(TargetHealth.State.LIMITED);
		this.server.answers.clear();
		succeeds();
		assertThat(this.server.asked).as("all rest, so the one that is ready first").endsWith("key-a").hasSize(4);
	}

	@Test
	void anotherFailureDoesNotRotate() {
		this.server.refuses("key-a", 503);
		StepVerifier.create(stream()).expectErrorSatisfies((error) -> {
			assertThat(((LlmStreamException) error).getKind()).isEqualTo(ErrorKind.OVERLOADED);
		}).verify(LIMIT);
		assertThat(this.server.asked).containsExactly("key-a");
	}

	@Test
	void afterTheFirstTokenNothingIsAskedAgain() {
		this.server.answers.put("key-a",
				() -> new Answer(200, Map.of(), ANSWER.substring(0, ANSWER.indexOf(",\"finish")) + "}]}\n\n"
						+ "data: {\"error\":{\"message\":\"slow down\",\"code\":\"rate_limit_exceeded\"}}\n\n"));
		StepVerifier.create(stream())
			.expectNext(new Token.Text("Hi"))
			.expectError(RateLimitedException.class)
			.verify(LIMIT);
		assertThat(this.server.asked).containsExactly("key-a");
		succeeds();
		assertThat(this.server.asked).endsWith("key-b");
	}

	@Test
	void aSingleKeyIsAskedThoughItRests() {
		this.keys = List.of("key-a");
		this.server.refuses("key-a", 401);
		for (int i = 0; i < 2; i++) {
			StepVerifier.create(stream()).expectError(AuthenticationException.class).verify(LIMIT);
		}
		assertThat(this.server.asked).hasSize(2);
	}

	@Test
	void keysMayChangeWhileTheApplicationRuns() {
		succeeds();
		this.keys = List.of("key-x\n", " ", "key-x");
		succeeds();
		assertThat(this.server.asked).containsExactly("key-a", "key-x");
		assertThat(this.model.state().keys()).hasSize(1);
	}

	@Test
	void rateLimitsAreKeptForEachKey() {
		this.server.answers.put("key-a", () -> new Answer(429,
				Map.of("x-ratelimit-remaining-requests", "0", "x-ratelimit-limit-requests", "10"), "{}"));
		this.server.answers.put("key-b", () -> new Answer(200, Map.of("x-ratelimit-remaining-requests", "9"), ANSWER));
		succeeds();
		assertThat(this.model.state().keys()).extracting(ProviderState.Key::number).containsExactly(1, 2, 3);
		assertThat(this.model.state().keys()).extracting((key) -> remaining(key.rateLimits()))
			.containsExactly(0L, 9L, null);
		assertThat(this.model.state().rateLimits()).isNotNull();
	}

	@Test
	void aProviderWithoutKeysHasLimitsToo() {
		this.keys = List.of();
		this.server.answers.put("", () -> new Answer(200,
				Map.of("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "3s"), ANSWER));
		succeeds();
		assertThat(this.model.state().state()).isEqualTo(TargetHealth.State.LIMITED);
		this.time.advanceTimeBy(Duration.ofSeconds(3));
		assertThat(this.model.state().state()).isEqualTo(TargetHealth.State.UP);
		this.server.answers.put("", () -> new Answer(200, Map.of("x-ratelimit-remaining-requests", "9"), ANSWER));
		succeeds();
		assertThat(this.model.state().keys()).singleElement()
			.satisfies((key) -> assertThat(remaining(key.rateLimits())).isEqualTo(9));
	}

	@Test
	void nothingShowsAKey() {
		this.server.refuses("key-a", 401);
		this.server.refuses("key-b", 401);
		this.server.refuses("key-c", 401);
		StepVerifier.create(stream())
			.expectErrorSatisfies((error) -> assertThat(error.getMessage() + ((LlmStreamException) error).getAttempts())
				.doesNotContain("key-"))
			.verify(LIMIT);
		assertThat(this.model.state().toString()).contains("acme").doesNotContain("key-");
	}

	@Test
	void anImpossibleCoolDownIsRejected() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ProviderSettings.builder("a", BuiltInDialects.find("openai")).keyCoolDown(Duration.ZERO))
			.withMessageContaining("keyCoolDown");
	}

	private static @Nullable Long remaining(@Nullable RateLimitState state) {
		return (state != null) ? state.get("requests").remaining() : null;
	}

	private record Answer(int status, Map<String, String> headers, String body) {
	}

	private interface Answers {

		Answer next();

	}

	private static final class Server implements HttpExchange {

		private final List<String> asked = new ArrayList<>();

		private final Map<String, Answers> answers = new HashMap<>();

		void refuses(String key, int status, String... header) {
			Map<String, String> headers = (header.length == 0) ? Map.of() : Map.of(header[0], header[1]);
			this.answers.put(key, () -> new Answer(status, headers, "{\"error\":{\"message\":\"no " + key + "\"}}"));
		}

		@Override
		public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
			String key = call.headers()
				.getOrDefault("Authorization", call.headers().getOrDefault("authorization", ""))
				.replace("Bearer ", "");
			this.asked.add(key);
			Answer answer = this.answers.getOrDefault(key, () -> new Answer(200, Map.of(), ANSWER)).next();
			DataBuffer body = DefaultDataBufferFactory.sharedInstance
				.wrap(answer.body().getBytes(StandardCharsets.UTF_8));
			return Flux.defer(() -> handler.apply(new HttpAnswer(answer.status(), answer.headers(), Flux.just(body))));
		}

	}

}
