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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamOutcome;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Adds up entries that are alike, where there are more than can be kept one by one: what
 * is lost is the detail, not the sum. Bounded: where there are too many kinds, tags and
 * models are left out. Safe for use by several threads.
 */
final class EntryMerger {

	private static final int MAX_KINDS = 10_000;

	private static final long MINUTE = 60_000;

	private final Map<Kind, Sum> sums = new ConcurrentHashMap<>();

	private final AtomicInteger kinds = new AtomicInteger();

	void add(UsageEntry entry) {
		Kind exact = Kind.of(entry);
		Kind kind = (this.kinds.get() < MAX_KINDS || this.sums.containsKey(exact)) ? exact : exact.coarse();
		this.sums.compute(kind, (key, sum) -> {
			if (sum == null) {
				this.kinds.incrementAndGet();
				return new Sum(entry);
			}
			sum.add(entry);
			return sum;
		});
	}

	boolean isEmpty() {
		return this.kinds.get() == 0;
	}

	/**
	 * Take sums out.
	 * @param limit how many at most
	 * @param ids names the entries that are made of them
	 */
	List<UsageEntry> take(int limit, Supplier<String> ids) {
		List<UsageEntry> taken = new ArrayList<>();
		for (Kind kind : this.sums.keySet()) {
			if (taken.size() == limit) {
				break;
			}
			this.sums.computeIfPresent(kind, (key, sum) -> {
				taken.add(sum.toEntry(kind, ids.get()));
				this.kinds.decrementAndGet();
				return null;
			});
		}
		return taken;
	}

	private record Kind(UsageEntry.Kind kind, long minute, String route, String provider,
			@Nullable String requestedModel, @Nullable String model, Map<String, String> tags,
			StreamOutcome.End outcome, @Nullable ErrorKind errorKind, @Nullable FinishReason finishReason,
			Usage.Source source, boolean priced, boolean unpriced) {

		private static Kind of(UsageEntry entry) {
			return new Kind(entry.kind(), Math.floorDiv(entry.time().toEpochMilli(), MINUTE), entry.route(),
					entry.provider(), entry.requestedModel(), entry.model(), entry.tags(), entry.outcome(),
					entry.errorKind(), entry.finishReason(), entry.usage().source(), entry.cost() != null,
					entry.unpriced());
		}

		private Kind coarse() {
			return new Kind(this.kind, this.minute, this.route, this.provider, null, UsageKey.OTHER, Map.of(),
					this.outcome, this.errorKind, null, this.source, this.priced, this.unpriced);
		}

	}

	private static final class Sum {

		private long count;

		private Instant time;

		private Usage usage;

		private @Nullable BigDecimal cost;

		private UsageTiming timing;

		private Sum(UsageEntry first) {
			this.count = first.count();
			this.time = first.time();
			this.usage = first.usage();
			this.cost = first.cost();
			this.timing = first.timing();
		}

		private void add(UsageEntry entry) {
			this.count += entry.count();
			this.time = entry.time();
			this.usage = this.usage.plus(entry.usage());
			this.cost = (this.cost != null && entry.cost() != null) ? this.cost.add(entry.cost()) : this.cost;
			this.timing = this.timing.plus(entry.timing());
		}

		private UsageEntry toEntry(Kind kind, String id) {
			return new UsageEntry(id, id, kind.kind, this.count, this.time, kind.route, kind.provider,
					kind.requestedModel, kind.model, kind.tags, kind.outcome, kind.errorKind, kind.finishReason,
					this.usage, this.cost, kind.unpriced, 1, this.timing);
		}

	}

}
