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
import java.util.List;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where is counted what is used and reserved of budgets: in memory, which is the default,
 * or where several nodes can count together. Amounts are tokens, or billionths of a
 * dollar.
 * <p>
 * Safe for use by several threads. Must not block; a store that does not answer fails
 * soon, and {@link Budgets} know what to do then.
 */
public interface BudgetStore {

	/** There was room in all counters. */
	int GRANTED = -1;

	/**
	 * Begin to hold something of counters. Changes none of them as yet.
	 * @param counters the counters
	 * @param limits what each of them may count
	 * @return what can be reserved and settled
	 */
	Hold hold(List<BudgetCounter> counters, long[] limits);

	/**
	 * Read a counter.
	 * @param counter the counter
	 * @return what is used and reserved, zero where nothing was counted
	 */
	Mono<Amounts> read(BudgetCounter counter);

	/**
	 * Read the counters of a budget.
	 * @param budget which budget
	 * @param end when the period ends
	 * @param limit how many at most
	 * @return those of which anything is used or reserved, in no sequence
	 */
	Flux<Amounts> list(String budget, Instant end, int limit);

	/**
	 * What one stream holds of some counters. Each call says all that it holds, in the
	 * place of what it held before, so that a call that comes twice, or whose answer is
	 * lost, does no harm. Of two calls the later one counts.
	 */
	interface Hold {

		/**
		 * Reserve of all counters, or change nothing if one of them has too little room.
		 * @param amounts what is to be held of each
		 * @return on subscription {@link #GRANTED}, or the number of the first counter
		 * that has too little room
		 */
		Mono<Integer> reserve(long[] amounts);

		/**
		 * Hold what was used, whether or not there is room for it; the rest is free. May
		 * be called again when more is known.
		 * @param amounts what was used of each
		 * @return completes when it is counted; can be subscribed to again
		 */
		Mono<Void> settle(long[] amounts);

	}

	/**
	 * What a counter says.
	 *
	 * @param value the tag's value
	 * @param used what streams used that have ended
	 * @param reserved what streams hold that are active
	 */
	record Amounts(String value, long used, long reserved) {
	}

}
