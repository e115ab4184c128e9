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

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Counts in memory, for one node. A counter is there from the first stream of its period
 * to the end of it; one of which nothing is used goes sooner. Answers at once.
 */
final class InMemoryBudgetStore implements BudgetStore {

	private static final long CLEANING_SECONDS = 60;

	private final Map<BudgetCounter, Sum> sums = new HashMap<>();

	private final InstantSource clock;

	private Instant cleaned = Instant.EPOCH;

	InMemoryBudgetStore(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public MemoryHold hold(List<BudgetCounter> counters, long[] limits) {
		return new MemoryHold(counters, limits);
	}

	@Override
	public Mono<Amounts> read(BudgetCounter counter) {
		return Mono.fromSupplier(() -> amounts(counter));
	}

	private synchronized Amounts amounts(BudgetCounter counter) {
		Sum sum = this.sums.get(counter);
		return (sum != null) ? sum.amounts(counter.value()) : new Amounts(counter.value(), 0, 0);
	}

	@Override
	public Flux<Amounts> list(String budget, Instant end, int limit) {
		return Flux.defer(() -> Flux.fromIterable(all(budget, end, limit)));
	}

	private synchronized List<Amounts> all(String budget, Instant end, int limit) {
		return this.sums.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().budget().equals(budget) && entry.getKey().end().equals(end)
					&& !entry.getValue().isIdle())
			.limit(limit)
			.map((entry) -> entry.getValue().amounts(entry.getKey().value()))
			.toList();
	}

	synchronized int size() {
		return this.sums.size();
	}

	private void clean() {
		Instant now = this.clock.instant();
		if (now.isAfter(this.cleaned.plusSeconds(CLEANING_SECONDS))) {
			this.cleaned = now;
			this.sums.entrySet().removeIf((entry) -> !entry.getKey().end().isAfter(now) || entry.getValue().isIdle());
		}
	}

	/**
	 * What one stream holds. Guarded by the lock of the store.
	 */
	final class MemoryHold implements Hold {

		private final List<BudgetCounter> counters;

		private final long[] limits;

		private final long[] held;

		private boolean settled;

		private MemoryHold(List<BudgetCounter> counters, long[] limits) {
			this.counters = counters;
			this.limits = limits;
			this.held = new long[limits.length];
		}

		@Override
		public Mono<Integer> reserve(long[] amounts) {
			return Mono.fromSupplier(() -> change(amounts, true));
		}

		/**
		 * Hold so much, whether or not there is room.
		 */
		void take(long[] amounts) {
			change(amounts, false);
		}

		private int change(long[] amounts, boolean limited) {
			synchronized (InMemoryBudgetStore.this) {
				clean();
				if (this.settled) {
					return GRANTED;
				}
				for (int i = 0; i < amounts.length && limited; i++) {
					Sum sum = InMemoryBudgetStore.this.sums.get(this.counters.get(i));
					if (amounts[i] - this.held[i] > this.limits[i] - ((sum != null) ? sum.total() : 0)) {
						return i;
					}
				}
				for (int i = 0; i < amounts.length; i++) {
					sum(i).reserved += amounts[i] - this.held[i];
					this.held[i] = amounts[i];
				}
				return GRANTED;
			}
		}

		@Override
		public Mono<Void> settle(long[] amounts) {
			return Mono.fromRunnable(() -> use(amounts));
		}

		private void use(long[] amounts) {
			synchronized (InMemoryBudgetStore.this) {
				for (int i = 0; i < amounts.length; i++) {
					Sum sum = sum(i);
					if (this.settled) {
						sum.used -= this.held[i];
					}
					else {
						sum.reserved -= this.held[i];
					}
					sum.used += amounts[i];
					this.held[i] = amounts[i];
				}
				this.settled = true;
			}
		}

		private Sum sum(int counter) {
			return InMemoryBudgetStore.this.sums.computeIfAbsent(this.counters.get(counter), (key) -> new Sum());
		}

	}

	/**
	 * What is used and reserved. Guarded by the lock of the store.
	 */
	private static final class Sum {

		private long used;

		private long reserved;

		private long total() {
			return this.used + this.reserved;
		}

		private boolean isIdle() {
			return this.used == 0 && this.reserved == 0;
		}

		private Amounts amounts(String value) {
			return new Amounts(value, this.used, this.reserved);
		}

	}

}
