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

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.llmstream.CircuitOpenException;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.TargetHealth;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CircuitBreakerFilter}.
 */
class CircuitBreakerFilterTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Token TEXT = new Token.Text("a");

	private static final Token OTHER = new Token.Other("o", "{}");

	private static final Token FINISH = new Token.Finish(FinishReason.STOP, "stop", Usage.NONE, null, null);

	private static final CircuitBreakerSettings SETTINGS = new CircuitBreakerSettings(50, Duration.ofSeconds(5), 50, 2,
			2, Duration.ofSeconds(30), 2);

	private final CircuitBreakerFilter filter = new CircuitBreakerFilter("acme", SETTINGS);

	private VirtualTimeScheduler time;

	@BeforeEach
	void virtualTime() {
		this.time = VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void realTime() {
		VirtualTimeScheduler.reset();
	}

	private void run(Flux<Token> answer) {
		this.filter.apply((request) -> answer).stream(StreamRequest.of("hi")).onErrorComplete().subscribe();
		this.time.advanceTimeBy(Duration.ofMinutes(10));
	}

	private static Flux<Token> fails(ErrorKind kind) {
		return Flux.error(StreamFailure.of(kind, "acme", "failed").toException());
	}

	private CircuitBreaker.Metrics metrics() {
		return this.filter.breaker().getMetrics();
	}

	@Test
	void aBreakerThatCannotJudgeDoesNotHideTheEnd() {
		CircuitBreaker broken = CircuitBreaker.of("broken", CircuitBreakerConfig.custom().ignoreException((error) -> {
			throw new IllegalStateException("broken");
		}).build());
		TestPublisher<Token> answer = TestPublisher.create();
		StepVerifier
			.create(new CircuitBreakerFilter("acme", broken).apply((request) -> answer.flux())
				.stream(StreamRequest.of("hi")))
			.then(() -> answer.next(TEXT).error(StreamFailure.of(ErrorKind.SERVER_ERROR, "acme", "x").toException()))
			.expectNext(TEXT)
			.expectError(LlmStreamException.class)
			.verify(LIMIT);
	}

	@Test
	void anOpenBreakerTurnsAwayAtOnceAndSaysSo() {
		run(fails(ErrorKind.SERVER_ERROR));
		assertThat(this.filter.isOpen()).isFalse();
		run(fails(ErrorKind.CONNECT));
		assertThat(this.filter.isOpen()).isTrue();
		assertThat(this.filter.state()).isEqualTo(TargetHealth.State.DOWN);
		StepVerifier
			.create(this.filter.apply((request) -> Flux.error(new AssertionError("asked")))
				.stream(StreamRequest.of("hi")))
			.expectErrorSatisfies((error) -> {
				assertThat(error).isInstanceOf(CircuitOpenException.class).hasMessageContaining("acme");
				assertThat(((LlmStreamException) error).getAttempts()).singleElement()
					.extracting(StreamAttempt::errorKind)
					.isEqualTo(ErrorKind.CIRCUIT_OPEN);
			})
			.verify(LIMIT);
	}

	@ParameterizedTest
	@EnumSource(names = { "OVERLOADED", "SERVER_ERROR", "CONNECT", "TLS", "TRUNCATED", "MALFORMED", "CONNECT_TIMEOUT",
			"FIRST_TOKEN_TIMEOUT", "STALL_TIMEOUT" })
	void whatTheProviderIsToBlameForCounts(ErrorKind kind) {
		run(fails(kind));
		assertThat(metrics().getNumberOfFailedCalls()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "OVERLOADED", "SERVER_ERROR", "CONNECT", "TLS", "TRUNCATED",
			"MALFORMED", "CONNECT_TIMEOUT", "FIRST_TOKEN_TIMEOUT", "STALL_TIMEOUT" })
	void whatOthersAreToBlameForIsNeutral(ErrorKind kind) {
		run(fails(kind));
		assertThat(metrics().getNumberOfBufferedCalls()).isZero();
	}

	@Test
	void anAnswerThatBreaksOffCountsAsFailure() {
		run(Flux.just(TEXT).concatWith(fails(ErrorKind.TRUNCATED)));
		assertThat(metrics().getNumberOfFailedCalls()).isEqualTo(1);
	}

	@Test
	void aLongAnswerIsNotSlow() {
		run(Flux.just(TEXT).concatWith(Mono.just(FINISH).delayElement(Duration.ofMinutes(5))));
		assertThat(metrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
		assertThat(metrics().getNumberOfSlowCalls()).isZero();
	}

	@Test
	void aLateFirstTokenIsSlowAndSlowCallsOpenTheBreaker() {
		Flux<Token> slow = Flux.just(OTHER)
			.concatWith(Flux.just(TEXT, FINISH).delaySubscription(Duration.ofSeconds(5).plusMillis(1)));
		run(slow);
		assertThat(metrics().getNumberOfSlowSuccessfulCalls()).isEqualTo(1);
		run(slow);
		assertThat(this.filter.isOpen()).isTrue();
	}

	@Test
	void aCancelIsNeutral() {
		Flux<Token> stream = this.filter.apply((request) -> Flux.just(TEXT).concatWith(Flux.never()))
			.stream(StreamRequest.of("hi"));
		stream.subscribe().dispose();
		assertThat(metrics().getNumberOfBufferedCalls()).isZero();
		this.filter.breaker().transitionToOpenState();
		this.filter.breaker().transitionToHalfOpenState();
		Flux<Token> silent = this.filter.apply((request) -> Flux.<Token>never()).stream(StreamRequest.of("hi"));
		for (int i = 0; i < 5; i++) {
			silent.subscribe().dispose();
		}
		// all permissions of the trial are back
		silent.subscribe();
		silent.subscribe();
		StepVerifier.create(silent).expectError(CircuitOpenException.class).verify(LIMIT);
	}

	@Test
	void aCallFromBeforeTheTrialThatIsCancelledLetsNoMoreCallsIn() {
		Flux<Token> silent = this.filter.apply((request) -> Flux.<Token>never()).stream(StreamRequest.of("hi"));
		Disposable early = silent.subscribe();
		this.filter.breaker().transitionToOpenState();
		this.filter.breaker().transitionToHalfOpenState();
		silent.subscribe();
		silent.subscribe();
		early.dispose();
		StepVerifier.create(silent).expectError(CircuitOpenException.class).verify(LIMIT);
	}

	@Test
	void aCallFromBeforeTheTrialThatEndsNeutrallyLetsNoMoreCallsIn() {
		TestPublisher<Token> answer = TestPublisher.create();
		this.filter.apply((request) -> answer.flux()).stream(StreamRequest.of("hi")).onErrorComplete().subscribe();
		this.filter.breaker().transitionToOpenState();
		this.filter.breaker().transitionToHalfOpenState();
		Flux<Token> silent = this.filter.apply((request) -> Flux.<Token>never()).stream(StreamRequest.of("hi"));
		silent.subscribe();
		silent.subscribe();
		answer.error(StreamFailure.of(ErrorKind.RATE_LIMITED, "acme", "failed").toException());
		StepVerifier.create(silent).expectError(CircuitOpenException.class).verify(LIMIT);
	}

	@Test
	void whileItTriesTheFirstTokenSettlesIt() {
		this.filter.breaker().transitionToOpenState();
		this.filter.breaker().transitionToHalfOpenState();
		Flux<Token> endless = this.filter.apply((request) -> Flux.just(TEXT).concatWith(Flux.never()))
			.stream(StreamRequest.of("hi"));
		endless.subscribe();
		assertThat(this.filter.breaker().getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
		endless.subscribe().dispose();
		assertThat(this.filter.breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
		assertThat(metrics().getNumberOfBufferedCalls()).isZero();
	}

	@Test
	void anAnswerOfTheTrialThatBreaksOffLaterStillCounts() {
		this.filter.breaker().transitionToOpenState();
		this.filter.breaker().transitionToHalfOpenState();
		run(Flux.just(TEXT).concatWith(fails(ErrorKind.TRUNCATED)));
		assertThat(metrics().getNumberOfFailedCalls()).isEqualTo(1);
	}

	@Test
	void impossibleSettingsAreRejectedByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> new CircuitBreakerSettings(0, null, 50, 1, 1, LIMIT, 1))
			.withMessageContaining("failureRateThreshold");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new CircuitBreakerSettings(50, Duration.ZERO, 50, 1, 1, LIMIT, 1))
			.withMessageContaining("slowFirstToken");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new CircuitBreakerSettings(50, null, 50, 1, 1, Duration.ZERO, 1))
			.withMessageContaining("waitInOpenState");
	}

}
