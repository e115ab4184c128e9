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
import java.time.InstantSource;
import java.time.ZoneId;

/**
 * How budgets count.
 *
 * @param clock tells the time
 * @param zone whose calendar periods follow
 * @param output how many tokens are reserved for an answer whose request sets no limit
 */
record BudgetSettings(InstantSource clock, ZoneId zone, int output) {

	private static final int LARGEST_EXTENSION = 256;

	/**
	 * By how many tokens the reservation of an answer grows that is longer than that.
	 */
	long extension() {
		return Math.min(this.output, LARGEST_EXTENSION);
	}

	BudgetCounter counter(Budget budget, String value, Instant now) {
		return new BudgetCounter(budget.id(), value, budget.period().end(now, this.zone));
	}

	Duration untilNext(UsagePeriod period) {
		Instant now = this.clock.instant();
		return Duration.between(now, period.end(now, this.zone));
	}

}
