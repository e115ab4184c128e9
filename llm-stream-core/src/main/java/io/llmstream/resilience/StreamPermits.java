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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.resilience4j.bulkhead.Bulkhead;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Hands out the permits of a bulkhead to those who wait for one, in the order in which
 * they came, without blocking.
 */
final class StreamPermits {

	private final Bulkhead bulkhead;

	private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

	private final AtomicInteger wakes = new AtomicInteger();

	StreamPermits(Bulkhead bulkhead) {
		this.bulkhead = bulkhead;
		// others may use the same bulkhead
		bulkhead.getEventPublisher().onCallFinished((event) -> wake());
	}

	Bulkhead bulkhead() {
		return this.bulkhead;
	}

	/**
	 * Take a permit, unless there is none or others wait for one.
	 */
	@Nullable StreamPermit tryAcquire() {
		return (this.waiters.isEmpty() && this.bulkhead.tryAcquirePermission())
				? new StreamPermit(this.bulkhead, Duration.ZERO) : null;
	}

	/**
	 * Wait for a permit.
	 * @param inVain makes the error if there is none in time
	 */
	Mono<StreamPermit> acquire(Duration maxWait, Supplier<? extends Throwable> inVain) {
		return Mono.create((sink) -> {
			Waiter waiter = new Waiter(sink);
			this.waiters.add(waiter);
			Disposable timer = Schedulers.parallel()
				.schedule(() -> giveUp(waiter, inVain), maxWait.toMillis(), TimeUnit.MILLISECONDS);
			sink.onCancel(() -> leave(waiter));
			sink.onDispose(timer);
			// a stream may have ended before this one began to wait
			wake();
		});
	}

	private void giveUp(Waiter waiter, Supplier<? extends Throwable> inVain) {
		if (waiter.state.compareAndSet(State.WAITING, State.GONE)) {
			this.waiters.remove(waiter);
			waiter.sink.error(inVain.get());
		}
	}

	private void leave(Waiter waiter) {
		Object before = waiter.state.getAndSet(State.GONE);
		this.waiters.remove(waiter);
		if (before instanceof StreamPermit permit) {
			permit.abandon();
		}
	}

	/**
	 * Serve as many as there are permits. One thread at a time, and never by recursion: a
	 * stream that is served may end at once.
	 */
	private void wake() {
		if (this.wakes.getAndIncrement() != 0) {
			return;
		}
		int missed = 1;
		while (missed != 0) {
			while (!this.waiters.isEmpty() && this.bulkhead.tryAcquirePermission()) {
				serve();
			}
			missed = this.wakes.addAndGet(-missed);
		}
	}

	private void serve() {
		for (Waiter waiter = this.waiters.poll(); waiter != null; waiter = this.waiters.poll()) {
			StreamPermit permit = new StreamPermit(this.bulkhead, waiter.waited());
			if (waiter.state.compareAndSet(State.WAITING, permit)) {
				waiter.sink.success(permit);
				return;
			}
		}
		this.bulkhead.releasePermission();
	}

	private enum State {

		WAITING, GONE

	}

	private static final class Waiter {

		private final MonoSink<StreamPermit> sink;

		/** A state, or the permit that was handed out. */
		private final AtomicReference<Object> state = new AtomicReference<>(State.WAITING);

		private final long since = now();

		private Waiter(MonoSink<StreamPermit> sink) {
			this.sink = sink;
		}

		private static long now() {
			return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
		}

		private Duration waited() {
			return Duration.ofNanos(now() - this.since);
		}

	}

}
