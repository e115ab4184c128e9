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

package io.llmstream.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.StreamStoppedException;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ActiveStreams}.
 */
class ActiveStreamsTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final List<EndedStream> ended = new ArrayList<>();

	private final ActiveStreams streams = new ActiveStreams(List.<StreamListener>of(this.ended::add));

	private LlmStreamClient client(StreamingModel model) {
		return LlmStreamClient.create("chat", this.streams.filter("chat").apply(model));
	}

	@Test
	void aStreamIsSeenAsLongAsItIsActive() {
		TestPublisher<Token> tokens = TestPublisher.create();
		Flux<Token> stream = client(Answers.model("openai", tokens.flux())).prompt("a secret")
			.tag("user", "ann")
			.stream();
		StepVerifier.create(stream)
			.then(() -> tokens.next(new Token.Text("a"), new Token.Text("b")))
			.expectNextCount(2)
			.then(() -> assertThat(this.streams.list()).singleElement().satisfies((active) -> {
				assertThat(active.client()).isEqualTo("chat");
				assertThat(active.provider()).isEqualTo("openai");
				assertThat(active.model()).isEqualTo("m");
				assertThat(active.tags()).containsEntry("user", "ann");
				assertThat(active.tokens()).isEqualTo(2);
				assertThat(active.attempts()).isEqualTo(1);
				assertThat(active.timeToFirstToken()).isNotNull().isLessThanOrEqualTo(active.age());
				assertThat(active.toString()).doesNotContain("secret");
				assertThat(this.streams.find(active.id())).isPresent();
			}))
			.then(() -> tokens.emit(Answers.FINISH))
			.expectNextCount(1)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.streams.list()).isEmpty();
		assertThat(this.ended).singleElement().satisfies((stream1) -> {
			assertThat(stream1.outcome()).isEqualTo(StreamOutcome.End.COMPLETED);
			assertThat(stream1.tokens()).isEqualTo(2);
			assertThat(stream1.attempts()).hasSize(1);
		});
	}

	@Test
	void aStoppedStreamFailsWithWhatCameAndItsCallIsCancelled() {
		PublisherProbe<Token> source = PublisherProbe
			.of(Flux.<Token>just(new Token.Text("a")).concatWith(Flux.never()));
		StepVerifier.create(client(Answers.model("openai", source.flux())).prompt("hi").stream())
			.expectNextCount(1)
			.then(() -> assertThat(this.streams.stop(this.streams.list().get(0).id())).isTrue())
			.expectErrorSatisfies((error) -> {
				assertThat(error).isInstanceOf(StreamStoppedException.class);
				StreamStoppedException stopped = (StreamStoppedException) error;
				assertThat(stopped.getPartialText()).isEqualTo("so far");
				assertThat(stopped.getProvider()).isEqualTo("openai");
				assertThat(stopped.getUsage().inputTokens()).isEqualTo(7);
				assertThat(stopped.getAttempts()).hasSize(1);
			})
			.verify(LIMIT);
		source.assertWasCancelled();
		assertThat(this.streams.list()).isEmpty();
		assertThat(this.ended).singleElement()
			.satisfies((stream) -> assertThat(stream.errorKind()).isEqualTo(ErrorKind.STOPPED));
	}

	@Test
	void aStreamCanBeStoppedBeforeAnythingCame() {
		StepVerifier.create(client((request) -> Flux.never()).prompt("hi").stream())
			.expectSubscription()
			.then(() -> assertThat(this.streams.stop(this.streams.list().get(0).id())).isTrue())
			.expectError(StreamStoppedException.class)
			.verify(LIMIT);
	}

	@Test
	void aStopFromWithinATokenWaitsForIt() {
		List<String> events = new ArrayList<>();
		client(Answers.model(Answers.text("a", "b"))).prompt("hi").stream().subscribe((token) -> {
			events.add("begin");
			this.streams.list().forEach((active) -> this.streams.stop(active.id()));
			events.add("end");
		}, (error) -> events.add(error.getClass().getSimpleName()));
		assertThat(events).containsExactly("begin", "end", "StreamStoppedException");
	}

	@Test
	void aStopFromElsewhereWaitsForTheTokenThatIsPassedOn() throws InterruptedException {
		TestPublisher<Token> tokens = TestPublisher.create();
		List<String> events = new CopyOnWriteArrayList<>();
		CountDownLatch within = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		CountDownLatch failed = new CountDownLatch(1);
		client((request) -> tokens.flux()).prompt("hi").stream().subscribe((token) -> {
			within.countDown();
			await(go);
			events.add("token");
		}, (error) -> {
			events.add(error.getClass().getSimpleName());
			failed.countDown();
		});
		Thread provider = new Thread(() -> tokens.next(new Token.Text("a")));
		provider.start();
		assertThat(within.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.streams.stop(this.streams.list().get(0).id())).isTrue();
		assertThat(events).isEmpty();
		go.countDown();
		assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
		provider.join(10_000);
		assertThat(events).containsExactly("token", "StreamStoppedException");
	}

	@Test
	void whoHasEndedCannotBeStopped() {
		List<String> ids = new ArrayList<>();
		StepVerifier.create(client(Answers.model(Answers.text("a"))).prompt("hi").stream().doOnNext((token) -> {
			if (token instanceof Token.Finish) {
				this.streams.list().forEach((active) -> ids.add(active.id()));
				assertThat(this.streams.stop(ids.get(0))).isFalse();
			}
		})).expectNextCount(2).expectComplete().verify(LIMIT);
		assertThat(this.streams.stop(ids.get(0))).isFalse();
		assertThat(this.streams.stop("unknown")).isFalse();
	}

	@Test
	void aStreamCountsOnceHoweverManyClientsItAsks() {
		LlmStreamClient inner = client(Answers.model("inner", Answers.text("a")));
		StepVerifier.create(client((request) -> inner.stream(request)).prompt("hi").stream().doOnNext((token) -> {
			if (token.hasContent()) {
				assertThat(this.streams.size()).isEqualTo(1);
			}
		})).expectNextCount(2).expectComplete().verify(LIMIT);
		assertThat(this.ended).hasSize(1);
	}

	@Test
	void aCancelAndAFailureEndIt() {
		StepVerifier.create(client(Answers.model(Flux.never())).prompt("hi").stream())
			.expectSubscription()
			.thenCancel()
			.verify(LIMIT);
		StepVerifier.create(client(Answers.model(Flux.error(Answers.error(ErrorKind.CONNECT)))).prompt("hi").stream())
			.expectError()
			.verify(LIMIT);
		assertThat(this.streams.size()).isZero();
		assertThat(this.ended).extracting(EndedStream::outcome)
			.containsExactly(StreamOutcome.End.CANCELLED, StreamOutcome.End.FAILED);
	}

	@Test
	void anotherTargetAfterAFailureIsAFailover() {
		StreamingModel route = (request) -> Answers.model("first", Flux.error(Answers.error(ErrorKind.OVERLOADED)))
			.stream(request)
			.onErrorResume((error) -> Answers.model("second", Answers.text("a")).stream(request));
		StepVerifier.create(client(route).prompt("hi").stream()).expectNextCount(2).expectComplete().verify(LIMIT);
		assertThat(this.ended.get(0).failovers()).singleElement()
			.satisfies((attempt) -> assertThat(attempt.provider()).isEqualTo("first"));
	}

	@Test
	void aStopThatMeetsTokensLeavesOneEnd() throws InterruptedException {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (int i = 0; i < 500; i++) {
				race(threads);
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(this.streams.size()).isZero();
	}

	private void race(ExecutorService threads) throws InterruptedException {
		AtomicInteger within = new AtomicInteger();
		AtomicInteger ends = new AtomicInteger();
		AtomicInteger wrong = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		Flux<Token> source = Flux.<Token>generate((sink) -> sink.next(new Token.Text("a")))
			.take(2_000)
			.concatWithValues(Answers.FINISH);
		ActiveStreams own = new ActiveStreams(List.of());
		Flux<Token> stream = own.filter("c").apply((request) -> source).stream(StreamRequest.of("hi"));
		threads.execute(() -> stream.subscribe(new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				begun.countDown();
				requestUnbounded();
			}

			@Override
			protected void hookOnNext(Token token) {
				check(within.incrementAndGet() == 1 && ends.get() == 0);
				within.decrementAndGet();
			}

			@Override
			protected void hookOnComplete() {
				end();
			}

			@Override
			protected void hookOnError(Throwable error) {
				end();
			}

			private void end() {
				check(within.get() == 0 && ends.incrementAndGet() == 1);
				done.countDown();
			}

			private void check(boolean right) {
				if (!right) {
					wrong.incrementAndGet();
				}
			}

		}));
		threads.execute(() -> {
			await(begun);
			own.list().forEach((active) -> own.stop(active.id()));
		});
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(wrong).hasValue(0);
		assertThat(ends).hasValue(1);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
