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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is used and reserved of each budget, in memory. A counter is there from the first
 * stream of its period to the end of it; one of which nothing was used goes sooner. Safe
 * for use by several threads.
 */
final class BudgetCounters {

	private static final long CLEANING_SECONDS = 60;

	private final Map<Key, Counter> counters = new HashMap<>();

	private Instant cleaned = Instant.EPOCH;

	/**
	 * Reserve from several budgets, or, if one of them has too little left, from none.
	 * @return which of them has too little, or -1 if it is reserved
	 */
	synchronized int reserve(List<Key> keys, long[] amounts, long[] limits, Counter[] reserved, Instant now) {
		if (now.isAfter(this.cleaned.plusSeconds(CLEANING_SECONDS))) {
			this.cleaned = now;
			this.counters.entrySet().removeIf((entry) -> !entry.getKey().end.isAfter(now) || entry.getValue().isIdle());
		}
		for (int i = 0; i < amounts.length; i++) {
			Counter counter = this.counters.get(keys.get(i));
			long used = (counter != null) ? counter.used : 0;
			if (amounts[i] > limits[i] - used) {
				return i;
			}
		}
		for (int i = 0; i < amounts.length; i++) {
			Counter counter = this.counters.computeIfAbsent(keys.get(i), (key) -> new Counter());
			counter.used += amounts[i];
			counter.open++;
			reserved[i] = counter;
		}
		return -1;
	}

	/**
	 * Reserve more from budgets of which something is reserved, or from none of them.
	 * @return which of them has too little, or -1 if it is reserved
	 */
	synchronized int extend(Counter[] counters, long[] amounts, long[] limits) {
		for (int i = 0; i < amounts.length; i++) {
			if (amounts[i] > limits[i] - counters[i].used) {
				return i;
			}
		}
		add(counters, amounts);
		return -1;
	}

	/**
	 * Add what was used or, if negative, is free again.
	 */
	synchronized void add(Counter[] counters, long[] amounts) {
		for (int i = 0; i < amounts.length; i++) {
			counters[i].used += amounts[i];
		}
	}

	/**
	 * Nothing more is expected to change.
	 */
	synchronized void close(Counter[] counters) {
		for (Counter counter : counters) {
			counter.open--;
		}
	}

	synchronized long used(Key key) {
		Counter counter = this.counters.get(key);
		return (counter != null) ? counter.used : 0;
	}

	synchronized int size() {
		return this.counters.size();
	}

	/**
	 * Whose budget for which period.
	 *
	 * @param budget the number of the budget
	 * @param value the tag's value
	 * @param end when the period ends
	 */
	record Key(int budget, String value, Instant end) {
	}

	/**
	 * What is used and reserved. Guarded by the lock of all.
	 */
	static final class Counter {

		private long used;

		private int open;

		private boolean isIdle() {
			return this.used == 0 && this.open == 0;
		}

	}

}
