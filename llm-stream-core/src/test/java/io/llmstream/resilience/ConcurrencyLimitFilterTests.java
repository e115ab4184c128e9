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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.llmstream.AttemptLedger;
import io.llmstream.ConcurrencyLimitException;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ConcurrencyLimitFilter}.
 */
class ConcurrencyLimitFilterTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Token FINISH = new Token.Finish(FinishReason.STOP, "stop", Usage.NONE, null, null);

	private final List<Sinks.Many<Token>> open = new ArrayList<>();

	private final List<Duration> delays = new ArrayList<>();

	private VirtualTimeScheduler time;

	@BeforeEach
	void virtualTime() {
		this.time = VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void realTime() {
		VirtualTimeScheduler.reset();
	}

	private Flux<Token> stream(ConcurrencyLimitFilter filter) {
		return filter.apply((request) -> Flux.deferContextual((context) -> {
			Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();
			this.open.add(sink);
			this.delays.add(AttemptLedger.delay(context));
			return sink.asFlux();
		})).stream(StreamRequest.of("hi"));
	}

	private void end(int index) {
		this.open.get(index).tryEmitComplete().orThrow();
	}

	@Test
	void whoIsAboveTheLimitAndMayNotWaitIsTurnedAway() {
		Flux<Token> stream = stream(new ConcurrencyLimitFilter("acme", 2, Duration.ZERO));
		stream.subscribe();
		stream.subscribe();
		StepVerifier.create(stream).expectErrorSatisfies((error) -> {
			assertThat(error).isInstanceOf(ConcurrencyLimitException.class).hasMessageContaining("acme");
			assertThat(((LlmStreamException) error).getAttempts()).singleElement()
				.extracting(StreamAttempt::errorKind)
				.isEqualTo(ErrorKind.CONCURRENCY_LIMIT);
		}).verify(LIMIT);
		assertThat(this.open).hasSize(2);
	}

	@Test
	void everyEndMakesRoom() {
		Flux<Token> stream = stream(new ConcurrencyLimitFilter("acme", 1, Duration.ZERO));
		stream.subscribe();
		end(0);
		stream.onErrorComplete().subscribe();
		this.open.get(1).tryEmitError(new IllegalStateException("test")).orThrow();
		Disposable third = stream.subscribe();
		third.dispose();
		third.dispose();
		stream.subscribe();
		assertThat(this.open).hasSize(4);
		StepVerifier.create(stream).expectError(ConcurrencyLimitException.class).verify(LIMIT);
	}

	@Test
	void thoseWhoWaitAreServedInTheirOrderAndTheirWaitIsNoted() {
		ConcurrencyLimitFilter filter = new ConcurrencyLimitFilter("acme", 1, Duration.ofSeconds(5));
		List<String> done = new ArrayList<>();
		Flux<Token> stream = stream(filter);
		stream.subscribe();
		stream.doOnComplete(() -> done.add("second")).subscribe();
		stream.doOnComplete(() -> done.add("third")).subscribe();
		assertThat(this.open).hasSize(1);
		assertThat(filter.isFull()).isTrue();
		this.time.advanceTimeBy(Duration.ofSeconds(2));
		end(0);
		assertThat(this.open).hasSize(2);
		end(1);
		end(2);
		assertThat(done).containsExactly("second", "third");
		assertThat(this.delays).containsExactly(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(2));
		assertThat(filter.isFull()).isFalse();
	}

	@Test
	void whoWaitsInVainIsTurnedAway() {
		Flux<Token> stream = stream(new ConcurrencyLimitFilter("acme", 1, Duration.ofSeconds(5)));
		stream.subscribe();
		StepVerifier.create(stream)
			.expectSubscription()
			.then(() -> this.time.advanceTimeBy(Duration.ofMillis(4999)))
			.then(() -> assertThat(this.open).hasSize(1))
			.then(() -> this.time.advanceTimeBy(Duration.ofMillis(1)))
			.expectError(ConcurrencyLimitException.class)
			.verify(LIMIT);
		end(0);
		stream.subscribe();
		assertThat(this.open).hasSize(2);
	}

	@Test
	void whoCancelsAWaitTakesNothingWithIt() {
		Flux<Token> stream = stream(new ConcurrencyLimitFilter("acme", 1, Duration.ofSeconds(5)));
		stream.subscribe();
		stream.subscribe().dispose();
		stream.subscribe();
		end(0);
		assertThat(this.open).hasSize(2);
		end(1);
		stream.subscribe();
		assertThat(this.open).hasSize(3);
	}

	@Test
	void anotherUserOfTheBulkheadMakesRoomToo() {
		Bulkhead bulkhead = Bulkhead.of("shared", ConcurrencyLimitFilter.config(1).build());
		Flux<Token> stream = stream(new ConcurrencyLimitFilter("acme", bulkhead, Duration.ofSeconds(5)));
		assertThat(bulkhead.tryAcquirePermission()).isTrue();
		stream.subscribe();
		assertThat(this.open).isEmpty();
		bulkhead.onComplete();
		assertThat(this.open).hasSize(1);
	}

	@Test
	void streamsThatEndAtOnceDoNotDeepenTheStack() {
		ConcurrencyLimitFilter filter = new ConcurrencyLimitFilter("acme", 1, LIMIT);
		Flux<Token> first = stream(filter);
		Flux<Token> others = filter.apply((request) -> Flux.just(FINISH)).stream(StreamRequest.of("hi"));
		AtomicInteger done = new AtomicInteger();
		first.subscribe();
		for (int i = 0; i < 20_000; i++) {
			others.doOnComplete(done::incrementAndGet).subscribe();
		}
		end(0);
		assertThat(done).hasValue(20_000);
	}

	@Test
	void noPermitIsLostWhenCancelsRaceWithEnds() throws InterruptedException {
		VirtualTimeScheduler.reset();
		Bulkhead bulkhead = Bulkhead.of("b", ConcurrencyLimitFilter.config(2).build());
		ConcurrencyLimitFilter filter = new ConcurrencyLimitFilter("acme", bulkhead, LIMIT);
		Flux<Token> stream = filter.apply((request) -> Flux.just(FINISH).publishOn(Schedulers.parallel()))
			.stream(StreamRequest.of("hi"));
		ExecutorService threads = Executors.newFixedThreadPool(4);
		CountDownLatch ended = new CountDownLatch(4);
		for (int t = 0; t < 4; t++) {
			threads.execute(() -> {
				for (int i = 0; i < 2000; i++) {
					Disposable kept = stream.subscribe();
					stream.subscribe().dispose();
					if (i % 3 == 0) {
						kept.dispose();
					}
				}
				ended.countDown();
			});
		}
		assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
		threads.shutdown();
		// behind all others in the queue
		StepVerifier.create(stream).expectNext(FINISH).expectComplete().verify(LIMIT);
		StepVerifier.create(stream).expectNext(FINISH).expectComplete().verify(LIMIT);
		assertThat(bulkhead.getMetrics().getAvailableConcurrentCalls()).isEqualTo(2);
	}

	@Test
	void aBulkheadThatBlocksIsRejected() {
		BulkheadConfig blocking = BulkheadConfig.custom().maxWaitDuration(LIMIT).build();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ConcurrencyLimitFilter("acme", Bulkhead.of("b", blocking), Duration.ZERO))
			.withMessageContaining("maxWaitDuration");
		assertThatIllegalArgumentException().isThrownBy(() -> new ConcurrencyLimitFilter("acme", 0, Duration.ZERO))
			.withMessageContaining("maxStreams");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ConcurrencyLimitFilter("acme", 1, Duration.ofSeconds(-1)))
			.withMessageContaining("maxWait");
	}

}
