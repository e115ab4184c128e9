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

package io.llmstream.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * A store that may fail, with a policy for that time. What streams used is told to the
 * store again and again until it has it, as far as that fits into a bounded number.
 */
final class FallibleBudgetStore implements BudgetStore {

	private static final Logger logger = LoggerFactory.getLogger(Budgets.class);

	/**
	 * For so long a store that failed is not asked, so that streams do not wait for it.
	 */
	private static final Duration PAUSE = Duration.ofSeconds(1);

	/** How many streams may wait to be settled. */
	private static final int MAX_WAITING = 10_000;

	private static final Retry AGAIN = Retry.backoff(30, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(30));

	private final BudgetStore store;

	private final InMemoryBudgetStore local;

	private final BudgetStoreFailurePolicy policy;

	private final AtomicLong failures = new AtomicLong();

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicBoolean failing = new AtomicBoolean();

	private final AtomicBoolean overflowing = new AtomicBoolean();

	private final AtomicBoolean losing = new AtomicBoolean();

	private volatile long pausedUntil = Long.MIN_VALUE;

	FallibleBudgetStore(BudgetStore store, InMemoryBudgetStore local, BudgetStoreFailurePolicy policy) {
		this.store = store;
		this.local = local;
		this.policy = policy;
	}

	@Override
	public Hold hold(List<BudgetCounter> counters, long[] limits) {
		return new FallibleHold(this.store.hold(counters, limits),
				(this.policy == BudgetStoreFailurePolicy.LOCAL) ? this.local.hold(counters, limits) : null);
	}

	@Override
	public Mono<Amounts> read(BudgetCounter counter) {
		return Mono.defer(() -> (isPaused()) ? Mono.error(paused()) : this.store.read(counter));
	}

	@Override
	public Flux<Amounts> list(String budget, Instant end, int limit) {
		return Flux.defer(() -> (isPaused()) ? Flux.error(paused()) : this.store.list(budget, end, limit));
	}

	/**
	 * How often the store failed.
	 */
	long failures() {
		return this.failures.get();
	}

	private static long now() {
		return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
	}

	private void failed(Throwable cause) {
		this.failures.incrementAndGet();
		this.pausedUntil = now() + PAUSE.toNanos();
		if (this.failing.compareAndSet(false, true)) {
			logger.warn("The store of budgets does not answer; {}: {}", switch (this.policy) {
				case LOCAL -> "this node counts by itself";
				case ALLOW -> "every stream may start";
				case REFUSE -> "no stream may start";
			}, cause.toString());
		}
	}

	private void answered() {
		if (this.failing.compareAndSet(true, false)) {
			this.losing.set(false);
			logger.info("The store of budgets answers again");
		}
	}

	private static IllegalStateException paused() {
		return new IllegalStateException("It failed a moment ago");
	}

	private boolean isPaused() {
		return now() < this.pausedUntil;
	}

	/**
	 * What one stream holds in the store and, for the time that it does not answer, here.
	 */
	private final class FallibleHold implements Hold {

		private final Hold remote;

		private final InMemoryBudgetStore.@Nullable MemoryHold local;

		private volatile boolean asked;

		private FallibleHold(Hold remote, InMemoryBudgetStore.@Nullable MemoryHold local) {
			this.remote = remote;
			this.local = local;
		}

		@Override
		public Mono<Integer> reserve(long[] amounts) {
			Mono<Integer> answer = this.remote.reserve(amounts).doOnNext((refusing) -> {
				answered();
				if (this.local != null && refusing == GRANTED) {
					this.local.take(amounts);
				}
			}).onErrorResume((ex) -> {
				failed(ex);
				return unanswered(amounts, ex);
			});
			return Mono.defer(() -> {
				if (isPaused()) {
					return unanswered(amounts, paused());
				}
				this.asked = true;
				return answer;
			});
		}

		private Mono<Integer> unanswered(long[] amounts, Throwable cause) {
			return (this.local != null) ? this.local.reserve(amounts)
					: (FallibleBudgetStore.this.policy == BudgetStoreFailurePolicy.ALLOW) ? Mono.just(GRANTED)
							: Mono.error(cause);
		}

		@Override
		public Mono<Void> settle(long[] amounts) {
			boolean used = Arrays.stream(amounts).anyMatch((amount) -> amount != 0);
			Mono<Void> remote = this.remote.settle(amounts);
			Mono<Void> settled = (!used && !this.asked) ? Mono.empty() : remote.onErrorResume((ex) -> {
				failed(ex);
				// of what was not used the lease ends by itself
				return (used) ? settleLater(remote) : Mono.empty();
			});
			return (this.local != null) ? this.local.settle(amounts).then(settled) : settled;
		}

		private Mono<Void> settleLater(Mono<Void> settlement) {
			AtomicInteger waiting = FallibleBudgetStore.this.waiting;
			if (waiting.incrementAndGet() > MAX_WAITING) {
				waiting.decrementAndGet();
				if (FallibleBudgetStore.this.overflowing.compareAndSet(false, true)) {
					logger.warn(
							"More than {} streams wait to be counted in the store of budgets; others are not counted",
							MAX_WAITING);
				}
				return Mono.error(new IllegalStateException("Too many streams wait to be settled"));
			}
			return settlement.retryWhen(AGAIN).doOnError((ex) -> {
				if (FallibleBudgetStore.this.losing.compareAndSet(false, true)) {
					logger.warn("The store of budgets has not answered for so long that it will not know what some"
							+ " streams used");
				}
			}).doFinally((end) -> {
				if (waiting.decrementAndGet() == 0) {
					FallibleBudgetStore.this.overflowing.set(false);
				}
			});
		}

	}

}
