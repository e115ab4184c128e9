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
import java.time.Duration;

import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * {@link UsageTotals} in the making. Not safe for use by several threads.
 */
final class UsageSums {

	private long streams;

	private long attempts;

	private long reported;

	private long estimated;

	private long unknown;

	private long unpriced;

	private long input;

	private long output;

	private long cached;

	private long cacheWrite;

	private long reasoning;

	private BigDecimal cost = BigDecimal.ZERO;

	private final TimingSums streamTiming = new TimingSums();

	private final TimingSums attemptTiming = new TimingSums();

	void add(UsageEntry entry) {
		if (entry.kind() == UsageEntry.Kind.STREAM) {
			this.streams += entry.count();
			this.streamTiming.add(entry.timing());
			return;
		}
		Usage usage = entry.usage();
		this.attempts += entry.count();
		switch (usage.source()) {
			case REPORTED -> this.reported += entry.count();
			case ESTIMATED -> this.estimated += entry.count();
			case NONE -> this.unknown += entry.count();
		}
		this.unpriced += (entry.unpriced()) ? entry.count() : 0;
		this.input += usage.inputTokens();
		this.output += usage.outputTokens();
		this.cached += usage.cachedInputTokens();
		this.cacheWrite += usage.cacheWriteInputTokens();
		this.reasoning += usage.reasoningTokens();
		addCost(entry.cost());
		this.attemptTiming.add(entry.timing());
	}

	void add(UsageTotals totals) {
		this.streams += totals.streams();
		this.attempts += totals.attempts();
		this.reported += totals.reported();
		this.estimated += totals.estimated();
		this.unknown += totals.unknown();
		this.unpriced += totals.unpriced();
		this.input += totals.inputTokens();
		this.output += totals.outputTokens();
		this.cached += totals.cachedInputTokens();
		this.cacheWrite += totals.cacheWriteInputTokens();
		this.reasoning += totals.reasoningTokens();
		addCost(totals.cost());
		this.streamTiming.add(totals.streamTiming());
		this.attemptTiming.add(totals.attemptTiming());
	}

	void add(UsageSums other) {
		add(other.toTotals());
	}

	private void addCost(@Nullable BigDecimal more) {
		if (more != null && more.signum() != 0) {
			this.cost = this.cost.add(more);
		}
	}

	UsageTotals toTotals() {
		return new UsageTotals(this.streams, this.attempts, this.reported, this.estimated, this.unknown, this.unpriced,
				this.input, this.output, this.cached, this.cacheWrite, this.reasoning, this.cost,
				this.streamTiming.toTiming(), this.attemptTiming.toTiming());
	}

	private static final class TimingSums {

		private Duration duration = Duration.ZERO;

		private Duration toFirstToken = Duration.ZERO;

		private long firstTokens;

		private Duration generating = Duration.ZERO;

		private long generatedTokens;

		private void add(UsageTiming timing) {
			this.duration = this.duration.plus(timing.duration());
			this.toFirstToken = this.toFirstToken.plus(timing.toFirstToken());
			this.firstTokens += timing.firstTokens();
			this.generating = this.generating.plus(timing.generating());
			this.generatedTokens += timing.generatedTokens();
		}

		private UsageTiming toTiming() {
			return new UsageTiming(this.duration, this.toFirstToken, this.firstTokens, this.generating,
					this.generatedTokens);
		}

	}

}
