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

package io.llmstream.resilience;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.AttemptLedger;
import io.llmstream.AuthenticationException;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.OverloadedException;
import io.llmstream.QuotaExhaustedException;
import io.llmstream.RateLimitedException;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.TruncatedStreamException;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;

import org.springframework.core.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryBeforeContent}.
 */
class RetryBeforeContentTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Token TEXT = new Token.Text("a");

	private static final Token FINISH = new Token.Finish(FinishReason.STOP, "stop", Usage.NONE, null, null);

	private final Deque<Flux<Token>> answers = new ArrayDeque<>();

	private final AtomicInteger attempts = new AtomicInteger();

	private RetrySettings settings = new RetrySettings(2, Duration.ofMillis(500), 2, Duration.ofSeconds(10),
			Duration.ZERO);

	private Flux<Token> stream() {
		return new RetryBeforeContent(this.settings).apply((request) -> Flux.defer(() -> {
			this.attempts.incrementAndGet();
			return this.answers.remove();
		})).stream(StreamRequest.of("hi"));
	}

	private static LlmStreamException error(ErrorKind kind, @Nullable Duration retryAfter) {
		return StreamFailure.of(kind, "acme", "failed").said(null, null, retryAfter).toException();
	}

	private void answer(List<Token> tokens, @Nullable ErrorKind error, @Nullable Duration retryAfter) {
		Flux<Token> answer = Flux.fromIterable(tokens);
		this.answers.add((error != null) ? answer.concatWith(Flux.error(error(error, retryAfter))) : answer);
	}

	@Test
	void aPassingFailureBeforeTheFirstTokenIsTriedAgainWithGrowingWaits() {
		answer(List.of(), ErrorKind.OVERLOADED, null);
		answer(List.of(), ErrorKind.CONNECT, null);
		answer(List.of(TEXT, FINISH), null, null);
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(500 + 999))
			.thenAwait(Duration.ofMillis(1))
			.expectNext(TEXT, FINISH)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whoCannotDecideAboutAnotherAttemptDoesNotHideTheError() {
		TestPublisher<Token> answer = TestPublisher.create();
		RetryClassifier broken = (error) -> {
			throw new IllegalStateException("broken");
		};
		StepVerifier
			.create(new RetryBeforeContent(this.settings, broken).apply((request) -> answer.flux())
				.stream(StreamRequest.of("hi")))
			.then(() -> answer.error(error(ErrorKind.OVERLOADED, null)))
			.expectErrorSatisfies((error) -> {
				assertThat(error).isInstanceOf(OverloadedException.class);
				assertThat(error.getSuppressed()).hasOnlyElementsOfType(IllegalStateException.class).hasSize(1);
			})
			.verify(LIMIT);
	}

	@Test
	void theProvidersDelayIsKept() {
		answer(List.of(), ErrorKind.RATE_LIMITED, Duration.ofSeconds(7));
		answer(List.of(FINISH), null, null);
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(6999))
			.thenAwait(Duration.ofMillis(1))
			.expectNext(FINISH)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aDelayLongerThanTheLongestWaitIsGivenUpAtOnce() {
		answer(List.of(), ErrorKind.RATE_LIMITED, Duration.ofSeconds(11));
		StepVerifier.create(stream()).expectError(RateLimitedException.class).verify(LIMIT);
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void aWaitIsNotedForTheNextAttempt() {
		List<Duration> waits = new ArrayList<>();
		answer(List.of(), ErrorKind.RATE_LIMITED, Duration.ofSeconds(7));
		answer(List.of(), ErrorKind.OVERLOADED, null);
		answer(List.of(FINISH), null, null);
		StepVerifier.withVirtualTime(
				() -> new RetryBeforeContent(this.settings).apply((request) -> Flux.deferContextual((context) -> {
					waits.add(AttemptLedger.delay(context));
					return this.answers.remove();
				})).stream(StreamRequest.of("hi")))
			.thenAwait(Duration.ofMinutes(1))
			.expectNext(FINISH)
			.expectComplete()
			.verify(LIMIT);
		assertThat(waits).containsExactly(Duration.ZERO, Duration.ofSeconds(7), Duration.ofSeconds(1));
	}

	@Test
	void anUnknownEventIsNoContentAndIsNotToldTwice() {
		Token filters = new Token.Other("filters", "{}");
		Token other = new Token.Other("other", "{}");
		answer(List.of(filters, filters), ErrorKind.TRUNCATED, null);
		answer(List.of(filters, other), ErrorKind.TRUNCATED, null);
		answer(List.of(filters, filters, other, other, TEXT, filters, FINISH), null, null);
		StepVerifier.withVirtualTime(this::stream)
			.thenAwait(Duration.ofMinutes(1))
			.expectNext(filters, filters, other, other, TEXT, filters, FINISH)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aSkippedEventCostsNoDemand() {
		Token filters = new Token.Other("filters", "{}");
		answer(List.of(filters), ErrorKind.TRUNCATED, null);
		answer(List.of(filters, TEXT, FINISH), null, null);
		StepVerifier.withVirtualTime(this::stream, 2)
			.thenAwait(Duration.ofMinutes(1))
			.expectNext(filters, TEXT)
			.thenRequest(1)
			.expectNext(FINISH)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void stateForTheNextRequestIsContent() {
		Token state = new Token.ReplayState("d", "signature", "{}");
		answer(List.of(state), ErrorKind.TRUNCATED, null);
		StepVerifier.create(stream()).expectNext(state).expectError(TruncatedStreamException.class).verify(LIMIT);
		assertThat(this.attempts).hasValue(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "CONNECT", "CONNECT_TIMEOUT", "RATE_LIMITED", "OVERLOADED", "SERVER_ERROR", "TRUNCATED",
			"MALFORMED", "FIRST_TOKEN_TIMEOUT", "STALL_TIMEOUT" })
	void whatMayPassIsTriedAgain(ErrorKind kind) {
		answer(List.of(), kind, null);
		answer(List.of(FINISH), null, null);
		StepVerifier.withVirtualTime(this::stream)
			.thenAwait(Duration.ofMinutes(1))
			.expectNext(FINISH)
			.expectComplete()
			.verify(LIMIT);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "CONNECT", "CONNECT_TIMEOUT", "RATE_LIMITED", "OVERLOADED",
			"SERVER_ERROR", "TRUNCATED", "MALFORMED", "FIRST_TOKEN_TIMEOUT", "STALL_TIMEOUT" })
	void whatDoesNotPassIsNotTriedAgain(ErrorKind kind) {
		answer(List.of(), kind, Duration.ofMillis(1));
		StepVerifier.create(stream())
			.expectErrorSatisfies((error) -> assertThat(((LlmStreamException) error).getKind()).isEqualTo(kind))
			.verify(LIMIT);
		assertThat(this.attempts).hasValue(1);
	}

	private Flux<Token> stream(RetryClassifier classifier, RetryPolicy policy) {
		return new RetryBeforeContent(this.settings, classifier, policy).apply((request) -> Flux.defer(() -> {
			this.attempts.incrementAndGet();
			return this.answers.remove();
		})).stream(StreamRequest.of("hi"));
	}

	@Test
	void aClassifierCanWidenWhatIsTriedAgain() {
		answer(List.of(), ErrorKind.INVALID_REQUEST, null);
		answer(List.of(FINISH), null, null);
		RetryClassifier classifier = RetryClassifier.defaults()
			.or((error) -> error.getKind() == ErrorKind.INVALID_REQUEST);
		StepVerifier
			.withVirtualTime(
					() -> new RetryBeforeContent(this.settings, classifier).apply((request) -> this.answers.remove())
						.stream(StreamRequest.of("hi")))
			.thenAwait(Duration.ofMinutes(1))
			.expectNext(FINISH)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aPolicySaysHowOftenAndHowFast() {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(3).delay(Duration.ofSeconds(4)).build();
		for (int i = 0; i < 4; i++) {
			answer(List.of(), ErrorKind.OVERLOADED, null);
		}
		StepVerifier.withVirtualTime(() -> stream(RetryClassifier.defaults(), policy))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(3 * 4000 - 1))
			.thenAwait(Duration.ofMillis(1))
			.expectError(OverloadedException.class)
			.verify(LIMIT);
		assertThat(this.attempts).hasValue(4);
	}

	@Test
	void aPolicyCanRejectAFailure() {
		RetryPolicy policy = RetryPolicy.builder().excludes(OverloadedException.class).build();
		answer(List.of(), ErrorKind.OVERLOADED, null);
		StepVerifier.create(stream(RetryClassifier.defaults(), policy))
			.expectError(OverloadedException.class)
			.verify(LIMIT);
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void aPolicyDoesNotMakeAnExhaustedQuotaWorthAnotherAttempt() {
		answer(List.of(), ErrorKind.QUOTA_EXHAUSTED, null);
		StepVerifier.create(stream(RetryClassifier.defaults(), RetryPolicy.withDefaults()))
			.expectError(QuotaExhaustedException.class)
			.verify(LIMIT);
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void aPolicysTimeOutCountsTheWait() {
		RetryPolicy policy = RetryPolicy.builder()
			.maxRetries(9)
			.delay(Duration.ofSeconds(4))
			.timeout(Duration.ofSeconds(10))
			.build();
		for (int i = 0; i < 3; i++) {
			answer(List.of(), ErrorKind.OVERLOADED, null);
		}
		StepVerifier.withVirtualTime(() -> stream(RetryClassifier.defaults(), policy))
			.thenAwait(Duration.ofSeconds(8))
			.expectError(OverloadedException.class)
			.verify(LIMIT);
		assertThat(this.attempts).hasValue(3);
	}

	@Test
	void manyRetriesDoNotDeepenTheStack() {
		this.settings = new RetrySettings(5000, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO);
		for (int i = 0; i < 5000; i++) {
			answer(List.of(), ErrorKind.OVERLOADED, null);
		}
		answer(List.of(TEXT, FINISH), null, null);
		StepVerifier.create(stream()).expectNext(TEXT, FINISH).expectComplete().verify(LIMIT);
	}

	@Test
	void afterTheFirstTokenNothingIsTriedAgain() {
		answer(List.of(TEXT), ErrorKind.TRUNCATED, null);
		StepVerifier.create(stream()).expectNext(TEXT).expectError(TruncatedStreamException.class).verify(LIMIT);
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void aLastingFailureIsNotTriedAgain() {
		answer(List.of(), ErrorKind.AUTHENTICATION, null);
		StepVerifier.create(stream()).expectError(AuthenticationException.class).verify(LIMIT);
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void whenAllRetriesFailTheLastErrorIsTheAnswer() {
		for (int i = 0; i < 3; i++) {
			answer(List.of(), ErrorKind.OVERLOADED, null);
		}
		StepVerifier.withVirtualTime(this::stream)
			.thenAwait(Duration.ofMinutes(1))
			.expectError(OverloadedException.class)
			.verify(LIMIT);
		assertThat(this.attempts).hasValue(3);
	}

	@Test
	void cancellingEndsTheWait() {
		answer(List.of(), ErrorKind.OVERLOADED, null);
		StepVerifier.withVirtualTime(this::stream)
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(100))
			.thenCancel()
			.verify(LIMIT);
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void whatIsAskedForDuringTheWaitIsAskedOfTheNextAttempt() {
		answer(List.of(), ErrorKind.OVERLOADED, null);
		answer(List.of(TEXT, TEXT, TEXT, FINISH), null, null);
		StepVerifier.withVirtualTime(this::stream, 0)
			.expectSubscription()
			.thenAwait(Duration.ofMillis(100))
			.thenRequest(1)
			.thenAwait(Duration.ofMillis(100))
			.thenRequest(1)
			.thenAwait(Duration.ofMinutes(1))
			.expectNext(TEXT, TEXT)
			.expectNoEvent(Duration.ofMinutes(1))
			.thenRequest(5)
			.expectNext(TEXT, FINISH)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void cancellingCancelsTheAttemptBeforeAndAfterItsContent() {
		for (Flux<Token> begin : List.of(Flux.<Token>empty(), Flux.just(TEXT))) {
			PublisherProbe<Token> second = PublisherProbe.of(begin.concatWith(Flux.never()));
			answer(List.of(), ErrorKind.OVERLOADED, null);
			this.answers.add(second.flux());
			StepVerifier.withVirtualTime(() -> stream().take(Duration.ofMinutes(1)))
				.thenAwait(Duration.ofMinutes(1))
				.thenConsumeWhile((token) -> true)
				.expectComplete()
				.verify(LIMIT);
			second.assertWasCancelled();
		}
	}

	@Test
	void anAttemptThatCannotBeMadeIsAFailure() {
		Flux<Token> stream = new RetryBeforeContent(this.settings).apply((request) -> {
			if (this.attempts.incrementAndGet() == 1) {
				throw error(ErrorKind.OVERLOADED, null);
			}
			throw new IllegalStateException("a mistake");
		}).stream(StreamRequest.of("hi"));
		StepVerifier.withVirtualTime(() -> stream)
			.thenAwait(Duration.ofMinutes(1))
			.expectErrorMessage("a mistake")
			.verify(LIMIT);
		assertThat(this.attempts).hasValue(2);
	}

	@Test
	void eachSubscriptionHasItsOwnRetries() {
		this.settings = new RetrySettings(1, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO);
		Flux<Token> stream = stream();
		for (int i = 0; i < 3; i++) {
			answer(List.of(), ErrorKind.OVERLOADED, null);
			answer(List.of(FINISH), null, null);
			StepVerifier.create(stream).expectNext(FINISH).expectComplete().verify(LIMIT);
		}
	}

	@Test
	void impossibleSettingsAreRejectedByName() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetrySettings(-1, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO))
			.withMessageContaining("maxRetries");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetrySettings(1, Duration.ZERO, 0.5, Duration.ZERO, Duration.ZERO))
			.withMessageContaining("multiplier");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetrySettings(1, Duration.ofMillis(-1), 1, Duration.ZERO, Duration.ZERO))
			.withMessageContaining("delay");
	}

}
