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
import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamFailure;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What one stream holds of the budgets that apply to it: first what it may come to use,
 * in the end what it used. Safe for use by several threads.
 */
final class BudgetReservation {

	private final BudgetCounters counters;

	private final List<Budget> budgets;

	private final BudgetCounters.Counter[] held;

	private final long[] limits;

	private final long[] amounts;

	private final @Nullable TokenPrice price;

	private final long input;

	private final BudgetSettings settings;

	private long output;

	private boolean settled;

	private boolean corrected;

	private boolean closed;

	BudgetReservation(BudgetCounters counters, List<Budget> budgets, BudgetCounters.Counter[] held, long[] limits,
			long[] amounts, @Nullable TokenPrice price, long input, long output, BudgetSettings settings) {
		this.counters = counters;
		this.budgets = budgets;
		this.held = held;
		this.limits = limits;
		this.amounts = amounts;
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
	 * What was used is told again by the ledger.
	 */
	synchronized void willBeCorrected() {
		this.corrected = true;
	}

	/**
	 * Reserve more for an answer that is longer than what is reserved.
	 * @return the number of the budget that has too little left, or -1
	 */
	synchronized int extend(long written) {
		long more = Math.max(written, this.output) + this.settings.extension();
		long[] changes = changes(usage(this.input, more));
		int refusing = this.counters.extend(this.held, changes, this.limits);
		if (refusing < 0) {
			apply(changes);
			this.output = more;
		}
		return refusing;
	}

	/**
	 * Hold what was used, as far as it is known at the end of the stream.
	 */
	synchronized void settle(Usage usage) {
		if (!this.settled) {
			this.settled = true;
			change(usage, cost(usage));
			if (!this.corrected) {
				close();
			}
		}
	}

	/**
	 * Hold what was used as the ledger has it, which knows best.
	 */
	synchronized void settle(StreamAccount.Sum sum) {
		this.settled = true;
		change(sum.usage(), sum.cost());
		close();
	}

	private void close() {
		if (!this.closed) {
			this.closed = true;
			this.counters.close(this.held);
		}
	}

	private @Nullable BigDecimal cost(Usage usage) {
		return (this.price != null) ? this.price.cost(usage) : null;
	}

	private long[] changes(Usage usage) {
		return changes(usage, cost(usage));
	}

	private long[] changes(Usage usage, @Nullable BigDecimal cost) {
		long[] changes = new long[this.amounts.length];
		for (int i = 0; i < changes.length; i++) {
			changes[i] = amount(this.budgets.get(i), usage, cost) - this.amounts[i];
		}
		return changes;
	}

	private void change(Usage usage, @Nullable BigDecimal cost) {
		long[] changes = changes(usage, cost);
		this.counters.add(this.held, changes);
		apply(changes);
	}

	private void apply(long[] changes) {
		for (int i = 0; i < changes.length; i++) {
			this.amounts[i] += changes[i];
		}
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
