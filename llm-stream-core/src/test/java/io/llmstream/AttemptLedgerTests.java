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

package io.llmstream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AttemptLedger}.
 */
class AttemptLedgerTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Token TEXT = new Token.Text("a");

	private static final Token.Finish FINISH = new Token.Finish(FinishReason.STOP, "stop", Usage.reported(1, 2), "r1",
			"m1");

	private final List<StreamOutcome> outcomes = new ArrayList<>();

	private final List<StreamAttempt> attempts = new ArrayList<>();

	private Context observed(Context context) {
		return new StreamObserver() {

			@Override
			public void onEnd(StreamOutcome outcome) {
				AttemptLedgerTests.this.outcomes.add(outcome);
			}

			@Override
			public void onAttempt(StreamAttempt attempt) {
				AttemptLedgerTests.this.attempts.add(attempt);
			}

		}.in(context);
	}

	private static StreamAttempt attempt(String provider, StreamOutcome.End end, Duration delay) {
		ErrorKind kind = (end == StreamOutcome.End.FAILED) ? ErrorKind.OVERLOADED : null;
		return new StreamAttempt(provider, "m", "m", end, kind, null, (kind != null) ? "busy" : null, delay,
				Duration.ofMillis(5), null, 0, Usage.reported(3, 4), "q", "r");
	}

	/** What an engine does: writes the attempt before the last signal. */
	private static Flux<Token> recorded(String provider, StreamOutcome.End end, Flux<Token> tokens) {
		return Flux.deferContextual((context) -> {
			Runnable write = () -> AttemptLedger.record(context, attempt(provider, end, AttemptLedger.delay(context)));
			return (end == StreamOutcome.End.CANCELLED) ? tokens.doOnCancel(write)
					: tokens.doOnNext((token) -> runFor(token, write)).doOnError((error) -> write.run());
		});
	}

	private static void runFor(Token token, Runnable write) {
		if (token instanceof Token.Finish) {
			write.run();
		}
	}

	private static LlmStreamException busy() {
		return StreamFailure.of(ErrorKind.OVERLOADED, "b", "busy").toException();
	}

	private static LlmStreamClient client(StreamingModel model) {
		return LlmStreamClient.create("c", model);
	}

	@Test
	void theLastTokenAndTheObserverCarryWhatWasTried() {
		LlmStreamClient client = client(
				(request) -> recorded("a", StreamOutcome.End.FAILED, Flux.error(busy())).onErrorResume(
						(error) -> Flux.defer(() -> recorded("b", StreamOutcome.End.COMPLETED, Flux.just(TEXT, FINISH)))
							.contextWrite((context) -> AttemptLedger.afterDelay(context, Duration.ofSeconds(7)))));
		StepVerifier.create(client.prompt("hi").stream().contextWrite(this::observed))
			.expectNext(TEXT)
			.assertNext((token) -> {
				Token.Finish finish = (Token.Finish) token;
				assertThat(finish.attempts()).extracting(StreamAttempt::provider).containsExactly("a", "b");
				assertThat(finish.attempts()).extracting(StreamAttempt::delay)
					.containsExactly(Duration.ZERO, Duration.ofSeconds(7));
				assertThat(finish.usage()).isEqualTo(FINISH.usage());
			})
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.outcomes).singleElement().satisfies((outcome) -> {
			assertThat(outcome.end()).isEqualTo(StreamOutcome.End.COMPLETED);
			assertThat(outcome.provider()).isEqualTo("b");
			assertThat(outcome.attempts()).isEqualTo(this.attempts).hasSize(2);
		});
	}

	@Test
	void anErrorKeepsItsIdentityAndCarriesWhatWasTried() {
		LlmStreamException error = busy();
		LlmStreamClient client = client((request) -> recorded("b", StreamOutcome.End.FAILED, Flux.error(error)));
		StepVerifier.create(client.prompt("hi").stream().contextWrite(this::observed))
			.expectErrorSatisfies((thrown) -> assertThat(thrown).isSameAs(error))
			.verify(LIMIT);
		assertThat(error.getAttempts()).isEqualTo(this.attempts).hasSize(1);
		assertThat(this.outcomes).singleElement().satisfies((outcome) -> {
			assertThat(outcome.end()).isEqualTo(StreamOutcome.End.FAILED);
			assertThat(outcome.error()).isSameAs(error);
		});
	}

	@Test
	void aClientWithinAClientWritesIntoItsLedgerAndTellsNobody() {
		LlmStreamClient inner = client(
				(request) -> recorded("b", StreamOutcome.End.COMPLETED, Flux.just(TEXT, FINISH)));
		LlmStreamClient outer = client((request) -> recorded("a", StreamOutcome.End.FAILED, Flux.error(busy()))
			.onErrorResume((error) -> inner.stream(request)));
		StepVerifier.create(outer.prompt("hi").stream().contextWrite(this::observed))
			.expectNext(TEXT)
			.assertNext((token) -> assertThat(((Token.Finish) token).attempts()).hasSize(2))
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.outcomes).hasSize(1);
	}

	@Test
	void aCancelDuringAWaitIsTold() {
		VirtualTimeScheduler.getOrSet();
		try {
			LlmStreamClient client = client((request) -> recorded("a", StreamOutcome.End.FAILED, Flux.error(busy()))
				.onErrorResume((error) -> Mono.delay(LIMIT).thenMany(Flux.just(FINISH))));
			Disposable stream = client.prompt("hi").stream().contextWrite(this::observed).subscribe();
			assertThat(this.outcomes).isEmpty();
			stream.dispose();
			stream.dispose();
			assertThat(this.outcomes).singleElement().satisfies((outcome) -> {
				assertThat(outcome.end()).isEqualTo(StreamOutcome.End.CANCELLED);
				assertThat(outcome.provider()).isEqualTo("a");
				assertThat(outcome.usage()).isEqualTo(Usage.reported(3, 4));
				assertThat(outcome.attempts()).hasSize(1);
			});
		}
		finally {
			VirtualTimeScheduler.reset();
		}
	}

	@Test
	void theEndOfACancelledStreamIsToldWithTheAttemptThatEndsLater() {
		List<Runnable> late = new ArrayList<>();
		LlmStreamClient client = client((request) -> Flux.deferContextual((context) -> {
			Runnable close = AttemptLedger.from(context).begin();
			late.add(() -> {
				AttemptLedger.record(context, attempt("a", StreamOutcome.End.CANCELLED, Duration.ZERO));
				close.run();
				close.run();
			});
			return Flux.never();
		}));
		client.prompt("hi").stream().contextWrite(this::observed).subscribe().dispose();
		assertThat(this.outcomes).isEmpty();
		late.forEach(Runnable::run);
		assertThat(this.outcomes).singleElement()
			.satisfies((outcome) -> assertThat(outcome.attempts()).isEqualTo(this.attempts).hasSize(1));
	}

	@Test
	void whoLeavesWithTheLastTokenHasNotCancelled() {
		LlmStreamClient client = client(
				(request) -> recorded("a", StreamOutcome.End.COMPLETED, Flux.just(TEXT, FINISH)));
		client.prompt("hi").stream().contextWrite(this::observed).take(2).blockLast(LIMIT);
		assertThat(this.outcomes).singleElement().extracting(StreamOutcome::end).isEqualTo(StreamOutcome.End.COMPLETED);
	}

	@Test
	void everySubscriptionHasItsOwnLedger() {
		Flux<Token> stream = client((request) -> recorded("a", StreamOutcome.End.COMPLETED, Flux.just(FINISH)))
			.prompt("hi")
			.stream();
		for (int i = 0; i < 2; i++) {
			StepVerifier.create(stream)
				.assertNext((token) -> assertThat(((Token.Finish) token).attempts()).hasSize(1))
				.expectComplete()
				.verify(LIMIT);
		}
	}

	@Test
	void demandPassesThrough() {
		BaseSubscriber<Token> reader = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
			}

		};
		List<Long> requests = new ArrayList<>();
		client((request) -> Flux.<Token>never().doOnRequest(requests::add)).prompt("hi").stream().subscribe(reader);
		reader.request(1);
		reader.request(3);
		assertThat(requests).containsExactly(1L, 3L);
	}

	@Test
	void bothObserversAreTold() {
		List<String> told = new ArrayList<>();
		StreamObserver another = (outcome) -> told.add("another");
		LlmStreamClient client = client((request) -> recorded("a", StreamOutcome.End.COMPLETED, Flux.just(FINISH)));
		client.prompt("hi").stream().contextWrite(this::observed).contextWrite(another::in).blockLast(LIMIT);
		assertThat(told).hasSize(1);
		assertThat(this.outcomes).hasSize(1);
		assertThat(this.attempts).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anObserverThatThrowsKeepsNothingFromTheOther(boolean first) {
		StreamObserver broken = new StreamObserver() {

			@Override
			public void onEnd(StreamOutcome outcome) {
				throw new IllegalStateException("end");
			}

			@Override
			public void onAttempt(StreamAttempt attempt) {
				throw new IllegalStateException("attempt");
			}

		};
		Flux<Token> stream = client((request) -> recorded("a", StreamOutcome.End.COMPLETED, Flux.just(FINISH)))
			.prompt("hi")
			.stream();
		StepVerifier
			.create((first) ? stream.contextWrite(broken::in).contextWrite(this::observed)
					: stream.contextWrite(this::observed).contextWrite(broken::in))
			.expectNextCount(1)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.outcomes).hasSize(1);
		assertThat(this.attempts).hasSize(1);
	}

}
