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

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DeferredHttpExchange}.
 */
@Timeout(30)
class DeferredHttpExchangeTests {

	private static final Duration WAIT = Duration.ofSeconds(10);

	private final List<String> builders = new CopyOnWriteArrayList<>();

	private final List<String> callers = new CopyOnWriteArrayList<>();

	private final HttpExchange client = new HttpExchange() {

		@Override
		public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
			DeferredHttpExchangeTests.this.callers.add(Thread.currentThread().getName());
			return Flux.from(handler.apply(new HttpAnswer(200, Map.of(), Flux.empty())));
		}

	};

	private HttpExchange build() {
		this.builders.add(Thread.currentThread().getName());
		return this.client;
	}

	private static DeferredHttpExchange deferred(Supplier<HttpExchange> builder) {
		return new DeferredHttpExchange(() -> builder);
	}

	private static Flux<String> call(DeferredHttpExchange exchange) {
		return exchange.exchange(new HttpCall(URI.create("http://127.0.0.1:9"), Map.of(), new byte[0]),
				(answer) -> Flux.just("a", "b"));
	}

	@Test
	void theClientIsBuiltForItsFirstCallAndOnce() {
		DeferredHttpExchange exchange = deferred(this::build);
		assertThat(this.builders).isEmpty();
		for (int i = 0; i < 3; i++) {
			StepVerifier.create(call(exchange)).expectNext("a", "b").expectComplete().verify(WAIT);
		}
		// Where a caller may wait, what the thread has is there for the client's filters.
		assertThat(this.builders).containsExactly(Thread.currentThread().getName());
		assertThat(this.callers).hasSize(3).containsOnly(Thread.currentThread().getName());
	}

	@Test
	void theClientCanBeBuiltBeforeItsFirstCall() {
		DeferredHttpExchange exchange = deferred(this::build);
		assertThat(exchange.build().block(WAIT)).isSameAs(this.client);
		StepVerifier.create(call(exchange)).expectNext("a", "b").expectComplete().verify(WAIT);
		assertThat(this.builders).singleElement().asString().startsWith("llm-stream-http");
	}

	@Test
	void aThreadThatMustNotWaitDoesNotBuild() {
		DeferredHttpExchange exchange = deferred(this::build);
		StepVerifier.create(Flux.defer(() -> call(exchange)).subscribeOn(Schedulers.parallel()), 1)
			.expectNext("a")
			.thenRequest(1)
			.expectNext("b")
			.expectComplete()
			.verify(WAIT);
		assertThat(this.builders).singleElement().asString().startsWith("llm-stream-http");
		StepVerifier.create(Flux.defer(() -> call(exchange)).subscribeOn(Schedulers.parallel()))
			.expectNext("a", "b")
			.expectComplete()
			.verify(WAIT);
		assertThat(this.builders).hasSize(1);
		assertThat(this.callers.get(1)).startsWith("parallel");
	}

	@Test
	void thoseWhoCannotWaitShareWhatOneThreadBuilds() throws InterruptedException {
		CountDownLatch building = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		AtomicInteger attempts = new AtomicInteger();
		DeferredHttpExchange exchange = deferred(() -> {
			attempts.incrementAndGet();
			building.countDown();
			await(go);
			throw new IllegalStateException("not yet");
		});
		Disposable left = Flux.defer(() -> call(exchange)).subscribeOn(Schedulers.parallel()).subscribe();
		assertThat(building.await(10, TimeUnit.SECONDS)).isTrue();
		Scheduler thread = Schedulers.newParallel("other", 1);
		try {
			StepVerifier.create(Flux.defer(() -> call(exchange)).subscribeOn(thread)).expectSubscription().then(() -> {
				// runs when the thread has subscribed
				Mono.just("subscribed").subscribeOn(thread).block(WAIT);
				// Who leaves does not stop what others wait for.
				left.dispose();
				go.countDown();
			}).expectErrorMessage("not yet").verify(WAIT);
		}
		finally {
			thread.dispose();
		}
		assertThat(attempts).hasValue(1);
	}

	@Test
	void whatTheClientIsMadeOfIsLookedForWithoutALock() throws InterruptedException {
		CountDownLatch looking = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		AtomicInteger looks = new AtomicInteger();
		DeferredHttpExchange exchange = new DeferredHttpExchange(() -> {
			if (looks.incrementAndGet() == 1) {
				looking.countDown();
				await(go);
			}
			return this::build;
		});
		Mono<HttpExchange> first = exchange.build().cache();
		first.subscribe();
		assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
		// As a thread would that has the lock which the first one waits for.
		StepVerifier.create(call(exchange)).expectNext("a", "b").expectComplete().verify(WAIT);
		go.countDown();
		assertThat(first.block(WAIT)).isSameAs(this.client);
		assertThat(this.builders).hasSize(1);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aClientThatCouldNotBeBuiltIsBuiltForTheNextCall() {
		AtomicInteger attempts = new AtomicInteger();
		Supplier<HttpExchange> builder = () -> {
			if (attempts.incrementAndGet() <= 2) {
				throw new IllegalStateException("not yet");
			}
			return build();
		};
		DeferredHttpExchange exchange = deferred(builder);
		assertThatIllegalStateException().isThrownBy(() -> call(exchange)).withMessage("not yet");
		StepVerifier.create(Flux.defer(() -> call(exchange)).subscribeOn(Schedulers.parallel()))
			.expectErrorMessage("not yet")
			.verify(WAIT);
		StepVerifier.create(call(exchange)).expectNext("a", "b").expectComplete().verify(WAIT);
	}

}
