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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RoutingModel}: demand and cancellation.
 */
class RoutingDemandTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final StreamRequest REQUEST = StreamRequest.of("hi");

	private final TestTarget a = new TestTarget("a");

	private final TestTarget b = new TestTarget("b");

	private Route.Builder route(MidStreamPolicy policy) {
		return Route.builder("r").targets(this.a.target(), this.b.target()).midStream(policy);
	}

	@Test
	void demandIsKeptFromTargetToTarget() {
		TestPublisher<Token> first = TestPublisher.create();
		TestPublisher<Token> second = TestPublisher.create();
		this.a.answers(first.flux());
		this.b.answers(second.flux());
		StepVerifier.create(new RoutingModel(route(MidStreamPolicy.RESTART).build()).stream(REQUEST), 3)
			.then(() -> first.assertMaxRequested(3))
			.then(() -> first.next(new Token.Text("a")))
			.expectNext(new Token.Text("a"))
			.then(() -> first.error(this.a.error(ErrorKind.TRUNCATED, List.of())))
			.expectNextMatches(Token.Reset.class::isInstance)
			.then(() -> second.assertMaxRequested(1))
			.then(() -> second.next(new Token.Text("b")))
			.expectNext(new Token.Text("b"))
			.thenRequest(1)
			.then(() -> second.next(new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null)).complete())
			.expectNextCount(1)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aResetWaitsForDemand() {
		TestPublisher<Token> first = TestPublisher.create();
		this.a.answers(first.flux());
		this.b.says("b");
		StepVerifier.create(new RoutingModel(route(MidStreamPolicy.RESTART).build()).stream(REQUEST), 1)
			.then(() -> first.next(new Token.Text("a")))
			.expectNext(new Token.Text("a"))
			.then(() -> first.error(this.a.error(ErrorKind.TRUNCATED, List.of())))
			.then(() -> assertThat(this.b.requests).hasSize(1))
			.thenRequest(1)
			.expectNextMatches(Token.Reset.class::isInstance)
			.thenRequest(2)
			.expectNext(new Token.Text("b"))
			.expectNextCount(1)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aRequestThatMeetsTheBeginningDoesNotPreventIt() throws InterruptedException {
		for (int i = 0; i < 500; i++) {
			CountDownLatch ended = new CountDownLatch(1);
			new RoutingModel(Route.builder("r").targets(new TestTarget("t").says("a").target()).build()).stream(REQUEST)
				.subscribe(new BaseSubscriber<>() {

					@Override
					protected void hookOnSubscribe(Subscription subscription) {
						Schedulers.parallel().schedule(() -> {
							for (int requests = 0; requests < 100; requests++) {
								request(1);
							}
						});
					}

					@Override
					protected void hookOnComplete() {
						ended.countDown();
					}

				});
			assertThat(ended.await(10, TimeUnit.SECONDS)).as("ends").isTrue();
		}
	}

	@Test
	void heldTextAndTheEndWaitForDemand() {
		this.a.fails(ErrorKind.TRUNCATED, "The quick brown fox jumps");
		this.b.says("brown");
		StepVerifier.create(new RoutingModel(route(MidStreamPolicy.CONTINUE).build()).stream(REQUEST), 1)
			.expectNextCount(1)
			.thenRequest(1)
			.expectNext(new Token.Text("brown"))
			.thenRequest(1)
			.expectNextMatches(Token.Finish.class::isInstance)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void cancellingCancelsTheTargetThatAnswers() {
		TestPublisher<Token> second = TestPublisher.create();
		this.a.fails(ErrorKind.OVERLOADED);
		this.b.answers(second.flux());
		StepVerifier.create(new RoutingModel(route(MidStreamPolicy.CONTINUE).build()).stream(REQUEST))
			.then(() -> second.next(new Token.Text("a")))
			.expectNextCount(1)
			.thenCancel()
			.verify(LIMIT);
		second.assertCancelled();
		assertThat(this.b.cancels).hasValue(1);
	}

	@Test
	void cancellingBeforeTheFirstTokenCancelsTheTarget() {
		this.a.answers(Flux.never());
		StepVerifier.create(new RoutingModel(route(MidStreamPolicy.CONTINUE).build()).stream(REQUEST))
			.then(() -> assertThat(this.a.requests).hasSize(1))
			.thenCancel()
			.verify(LIMIT);
		assertThat(this.a.cancels).hasValue(1);
	}

}
