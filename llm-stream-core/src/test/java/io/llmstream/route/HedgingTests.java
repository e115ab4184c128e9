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

package io.llmstream.route;

import java.time.Duration;
import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.InvalidRequestException;
import io.llmstream.OverloadedException;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RoutingModel}: hedging.
 */
class HedgingTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Duration DELAY = Duration.ofMillis(800);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final TestTarget a = new TestTarget("a");

	private final TestTarget b = new TestTarget("b");

	private final TestPublisher<Token> slow = TestPublisher.create();

	private final TestPublisher<Token> other = TestPublisher.create();

	private VirtualTimeScheduler time;

	@BeforeEach
	void stopTheClock() {
		this.time = VirtualTimeScheduler.getOrSet();
		this.a.answers(this.slow.flux());
		this.b.answers(this.other.flux());
	}

	@AfterEach
	void startTheClock() {
		VirtualTimeScheduler.reset();
	}

	private Flux<Token> stream() {
		return stream(HedgeSettings.after(DELAY));
	}

	private Flux<Token> stream(HedgeSettings hedge) {
		return new RoutingModel(Route.builder("r").targets(this.a.target(), this.b.target()).hedge(hedge).build())
			.stream(StreamRequest.of("hi"));
	}

	private void answer(TestTarget target, TestPublisher<Token> answer) {
		answer.next(new Token.Text(target.name), target.finish()).complete();
	}

	@Test
	void aTargetThatSpeaksInTimeIsAloneAsked() {
		StepVerifier.create(stream())
			.then(() -> this.time.advanceTimeBy(Duration.ofMillis(799)))
			.then(() -> this.slow.next(new Token.Text("a")))
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> this.slow.next(this.a.finish()).complete())
			.expectNext(new Token.Text("a"), this.a.finish())
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.b.requests).isEmpty();
	}

	@Test
	void whoSpeaksFirstAnswersAndTheOtherIsCancelled() {
		StepVerifier.create(stream())
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> answer(this.b, this.other))
			.expectNext(new Token.Text("b"), this.b.finish())
			.expectComplete()
			.verify(LIMIT);
		this.slow.assertCancelled();
		assertThat(this.a.cancels).hasValue(1);
		assertThat(this.b.cancels).hasValue(0);
	}

	@Test
	void theFirstTargetMaySpeakFirstAfterAll() {
		StepVerifier.create(stream())
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> assertThat(this.b.requests).hasSize(1))
			.then(() -> answer(this.a, this.slow))
			.expectNext(new Token.Text("a"), this.a.finish())
			.expectComplete()
			.verify(LIMIT);
		this.other.assertCancelled();
	}

	@Test
	void whatIsNoContentDoesNotWin() {
		StepVerifier.create(stream())
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> this.other.next(new Token.Other("x", "{}")))
			.expectNext(new Token.Other("x", "{}"))
			.then(() -> answer(this.a, this.slow))
			.expectNext(new Token.Text("a"), this.a.finish())
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whereOneFailsTheOtherGoesOn() {
		StepVerifier.create(stream())
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> this.slow.error(this.a.error(ErrorKind.OVERLOADED, List.of())))
			.then(() -> answer(this.b, this.other))
			.expectNext(new Token.Text("b"), this.b.finish())
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void theSecondTargetMayFailForAnyReason() {
		StepVerifier.create(stream())
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> this.other.error(this.b.error(ErrorKind.INVALID_REQUEST, List.of())))
			.then(() -> answer(this.a, this.slow))
			.expectNext(new Token.Text("a"), this.a.finish())
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whereBothFailTheStreamFails() {
		StepVerifier.create(stream())
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> this.other.error(this.b.error(ErrorKind.CONNECT, List.of())))
			.then(() -> this.slow.error(this.a.error(ErrorKind.OVERLOADED, List.of())))
			.expectError(OverloadedException.class)
			.verify(LIMIT);
	}

	@Test
	void aFailureOfTheRequestCancelsTheOther() {
		StepVerifier.create(stream())
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> this.slow.error(this.a.error(ErrorKind.INVALID_REQUEST, List.of())))
			.expectError(InvalidRequestException.class)
			.verify(LIMIT);
		this.other.assertCancelled();
	}

	@Test
	void aFailureBeforeTheDelayAsksTheNextTargetAtOnce() {
		StepVerifier.create(stream())
			.then(() -> this.slow.error(this.a.error(ErrorKind.OVERLOADED, List.of())))
			.then(() -> answer(this.b, this.other))
			.expectNext(new Token.Text("b"), this.b.finish())
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void cancellingCancelsBoth() {
		StepVerifier.create(stream()).then(() -> this.time.advanceTimeBy(SECOND)).thenCancel().verify(LIMIT);
		this.slow.assertCancelled();
		this.other.assertCancelled();
	}

	@Test
	void aSubscriberThatAsksForNothingStartsNobodyElse() {
		StepVerifier.create(stream(), 0)
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> assertThat(this.b.requests).isEmpty())
			.thenRequest(1)
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> assertThat(this.b.requests).hasSize(1))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void twoTargetsEmitNoMoreThanIsAskedFor() {
		StepVerifier.create(stream(), 1)
			.then(() -> this.time.advanceTimeBy(SECOND))
			.then(() -> this.slow.next(new Token.Other("x", "{}")))
			.then(() -> this.other.next(new Token.Other("y", "{}")))
			.expectNext(new Token.Other("x", "{}"))
			.thenRequest(1)
			.expectNext(new Token.Other("y", "{}"))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void theObservedTimeCountsOnceThereAreSamples() {
		HedgeSettings hedge = new HedgeSettings(null, 95, 2);
		RoutingModel model = new RoutingModel(
				Route.builder("r").targets(this.a.target(), this.b.target()).hedge(hedge).build());
		this.a.answers(Flux.just((Token) new Token.Text("a"), this.a.finish()).delaySubscription(SECOND));
		this.a.answers(Flux.never());
		StepVerifier.create(model.stream(StreamRequest.of("hi")))
			.then(() -> this.time.advanceTimeBy(Duration.ofSeconds(2)))
			.then(() -> answer(this.a, this.slow))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		StepVerifier.create(model.stream(StreamRequest.of("hi")))
			.then(() -> this.time.advanceTimeBy(SECOND))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.b.requests).isEmpty();
		StepVerifier.create(model.stream(StreamRequest.of("hi")))
			.then(() -> this.time.advanceTimeBy(Duration.ofMillis(1999)))
			.then(() -> assertThat(this.b.requests).isEmpty())
			.then(() -> this.time.advanceTimeBy(Duration.ofMillis(2)))
			.then(() -> assertThat(this.b.requests).hasSize(1))
			.thenCancel()
			.verify(LIMIT);
	}

}
