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

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamFailure;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What one stream holds of the budgets that apply to it: first what it may come to use,
 * in the end what it used. Safe for use by several threads.
 */
final class BudgetReservation {

	private static final Logger logger = LoggerFactory.getLogger(Budgets.class);

	private final BudgetStore.Hold hold;

	private final List<Budget> budgets;

	private final @Nullable TokenPrice price;

	private final long input;

	private final BudgetSettings settings;

	private long output;

	private boolean begun;

	private boolean settled;

	private long @Nullable [] told;

	/** Of the same stream, whose steps are separate requests; it holds its own use. */
	private @Nullable BudgetReservation previous;

	BudgetReservation(BudgetStore.Hold hold, List<Budget> budgets, @Nullable TokenPrice price, long input, long output,
			BudgetSettings settings) {
		this.hold = hold;
		this.budgets = budgets;
		this.price = price;
		this.input = input;
		this.output = output;
		this.settings = settings;
	}

	static long amount(Budget budget, Usage usage, @Nullable BigDecimal cost) {
		if (budget.unit() == Budget.Unit.TOKENS) {
			return usage.totalTokens();
		}
		return (cost != null) ? cost.movePointRight(9).setScale(0, RoundingMode.CEILING).longValue() : 0;
	}

	static Usage usage(long input, long output) {
		return new Usage(input, output, 0, 0, 0, Usage.Source.ESTIMATED);
	}

	/**
	 * How many tokens the request has, as far as can be known.
	 */
	long input() {
		return this.input;
	}

	/**
	 * How many tokens the answer may have for now.
	 */
	synchronized long output() {
		return this.output;
	}

	/**
	 * Reserve, before the stream begins.
	 * @return the number of the budget that has too little left, or
	 * {@link BudgetStore#GRANTED}; fails if the store does. Who cancels it has nothing
	 * reserved
	 */
	Mono<Integer> reserve() {
		Usage usage = usage(this.input, this.output);
		return this.hold.reserve(amounts(usage, cost(usage))).doOnCancel(this::release);
	}

	/**
	 * The stream may begin.
	 * @param account its account, which may have had reservations before: a tool's
	 * result, or what is wrong with an answer, is told the model in another request
	 * @return whether it may; not if it was cancelled in the meantime
	 */
	boolean begin(@Nullable StreamAccount account) {
		synchronized (this) {
			this.begun = !this.settled;
			if (!this.begun) {
				return false;
			}
		}
		if (account != null) {
			account.reserved(this);
		}
		return true;
	}

	/**
	 * Of what the stream used, leave to another one what that holds.
	 */
	synchronized void follow(@Nullable BudgetReservation previous) {
		this.previous = previous;
	}

	/**
	 * Hold nothing, unless the stream has begun.
	 */
	synchronized void release() {
		if (!this.begun && !this.settled) {
			this.settled = true;
			tell(new long[this.budgets.size()]);
		}
	}

	/**
	 * Reserve more for an answer that is longer than what is reserved.
	 * @return the number of the budget that has too little left, or
	 * {@link BudgetStore#GRANTED}
	 */
	Mono<Integer> extend(long written) {
		long more;
		Mono<Integer> reserved;
		synchronized (this) {
			more = Math.max(written, this.output) + this.settings.extension();
			Usage usage = usage(this.input, more);
			reserved = (this.settled) ? Mono.just(BudgetStore.GRANTED) : this.hold.reserve(amounts(usage, cost(usage)));
		}
		// whose store fails in the middle goes on
		return reserved.onErrorReturn(BudgetStore.GRANTED).doOnNext((refusing) -> {
			if (refusing == BudgetStore.GRANTED) {
				grow(more);
			}
		});
	}

	private synchronized void grow(long output) {
		this.output = output;
	}

	/**
	 * Hold what was used, as far as it is known at the end of the stream.
	 */
	synchronized void settle(Usage usage) {
		if (!this.settled) {
			this.settled = true;
			tell(amounts(usage, cost(usage)));
		}
	}

	/**
	 * Hold what the whole stream used as the ledger has it, which knows best, but for
	 * what those before hold.
	 */
	synchronized void settle(StreamAccount.Sum sum) {
		this.settled = true;
		BigDecimal cost = sum.cost();
		BigDecimal expected = (sum.unpriced()) ? cost(sum.usage()) : null;
		// what nobody knows the price of is no cheaper than what was reserved for it
		long[] amounts = amounts(sum.usage(),
				(expected != null && (cost == null || expected.compareTo(cost) > 0)) ? expected : cost);
		for (BudgetReservation held = this.previous; held != null; held = held.before()) {
			for (int i = 0; i < amounts.length; i++) {
				amounts[i] = Math.max(0, amounts[i] - held.told(this.budgets.get(i)));
			}
		}
		tell(amounts);
	}

	private synchronized @Nullable BudgetReservation before() {
		return this.previous;
	}

	private synchronized long told(Budget budget) {
		int number = this.budgets.indexOf(budget);
		return (this.told != null && number >= 0) ? this.told[number] : 0;
	}

	/**
	 * In the sequence in which it became known, so under the lock; the store does not
	 * block.
	 */
	private void tell(long[] amounts) {
		if (Arrays.equals(amounts, this.told)) {
			return;
		}
		this.told = amounts;
		this.hold.settle(amounts)
			.subscribe(null, (ex) -> logger.debug("What a stream used could not be counted in its budgets", ex));
	}

	private @Nullable BigDecimal cost(Usage usage) {
		return (this.price != null) ? this.price.cost(usage) : null;
	}

	private long[] amounts(Usage usage, @Nullable BigDecimal cost) {
		long[] amounts = new long[this.budgets.size()];
		for (int i = 0; i < amounts.length; i++) {
			amounts[i] = amount(this.budgets.get(i), usage, cost);
		}
		return amounts;
	}

	Budget budget(int number) {
		return this.budgets.get(number);
	}

	/**
	 * The error of a stream that has used up a budget.
	 */
	LlmStreamException exceeded(String client, int budget, String text, Usage usage) {
		return exceeded(client, this.budgets.get(budget), this.settings, false).partial(text, usage, null)
			.toException();
	}

	/**
	 * The error of a stream that a budget has no room for.
	 * @param never whether it has none at any time
	 */
	static StreamFailure.Builder exceeded(String client, Budget budget, BudgetSettings settings, boolean never) {
		Duration wait = (never) ? null : settings.untilNext(budget.period());
		return StreamFailure
			.of(ErrorKind.BUDGET_EXCEEDED, client,
					(never) ? "The request may use more than the whole budget '" + budget.name() + "'"
							: "The budget '" + budget.name() + "' is used up")
			.said(null, null, wait);
	}

}
