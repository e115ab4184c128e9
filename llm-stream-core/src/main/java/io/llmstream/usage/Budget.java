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
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What may be used in each period: by everybody together, or by each value of a tag, such
 * as each user. Periods are those of the calendar; a stream belongs to the one in which
 * it began.
 *
 * @param name what the budget is called in messages
 * @param tag the tag whose values have the budget each, or {@code null} if all streams
 * share it. Streams without the tag share one of their own
 * @param unit what is counted
 * @param limit how much of it may be used in a period; tokens, or US dollars
 * @param overrides limits of single values of the tag, in the place of that for all
 * @param period how long it lasts
 */
public record Budget(String name, @Nullable String tag, Unit unit, BigDecimal limit, Map<String, BigDecimal> overrides,
		UsagePeriod period) {

	/** A billionth of a dollar is what money is counted in. */
	private static final int SCALE = 9;

	/** What a number can hold, with room to add up. */
	private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE / 4);

	/**
	 * Create a budget.
	 * @throws IllegalArgumentException if a limit is negative or beyond all measure, or
	 * there are overrides without a tag
	 */
	public Budget {
		overrides = Map.copyOf(overrides);
		if (tag == null && !overrides.isEmpty()) {
			throw new IllegalArgumentException("A budget without a tag has no limits of single values");
		}
		check(unit, limit);
		for (BigDecimal other : overrides.values()) {
			check(unit, other);
		}
	}

	private static void check(Unit unit, BigDecimal limit) {
		if (limit.signum() < 0 || unit.scaled(limit).compareTo(MOST) > 0) {
			throw new IllegalArgumentException("A budget must be from 0 to " + unit.largest() + ", but is " + limit);
		}
	}

	/**
	 * The limit of a value of the tag, in tokens or billionths of a dollar.
	 */
	long limit(String value) {
		return this.unit.scaled(this.overrides.getOrDefault(value, this.limit)).longValue();
	}

	/**
	 * Names this budget in counters that other nodes share, whatever the sequence of the
	 * configuration; not the limits, which may change.
	 */
	String id() {
		return (this.unit + ":" + this.period).toLowerCase(Locale.ROOT) + ":" + ((this.tag != null) ? this.tag : "")
				+ ":" + this.name;
	}

	/**
	 * What a counter says in the words of this budget.
	 */
	BudgetUse use(BudgetStore.Amounts amounts, Instant resets) {
		return new BudgetUse(this, amounts.value(), this.unit.unscaled(amounts.used()),
				this.unit.unscaled(amounts.reserved()), this.overrides.getOrDefault(amounts.value(), this.limit),
				resets);
	}

	/**
	 * What a budget can count.
	 */
	public enum Unit {

		/** Tokens, those that are read and those that are written. */
		TOKENS,

		/** Money, in US dollars. */
		COST;

		private BigDecimal scaled(BigDecimal amount) {
			return (this == TOKENS) ? amount : amount.movePointRight(SCALE);
		}

		private BigDecimal unscaled(long amount) {
			return (this == TOKENS) ? BigDecimal.valueOf(amount) : BigDecimal.valueOf(amount, SCALE);
		}

		private BigDecimal largest() {
			return (this == TOKENS) ? MOST : MOST.movePointLeft(SCALE);
		}

	}

}
