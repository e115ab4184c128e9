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
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the ledger in memory, of a fixed size, until the application ends. The last
 * entries are kept one by one, all of them as sums by minute; where there are more sums
 * than there may be, or they are old, the oldest are kept by hour, by day and by month.
 * If that is not enough, new values of tags are counted as {@code (other)}. Totals are
 * exact in any case; a time series of older figures has longer steps.
 * <p>
 * Safe for use by several threads; never blocks for long.
 */
public final class InMemoryUsageStore implements UsageStore {

	private static final Map<UsagePeriod, Duration> AGES = Map.of(UsagePeriod.MINUTE, Duration.ofHours(48),
			UsagePeriod.HOUR, Duration.ofDays(60), UsagePeriod.DAY, Duration.ofDays(800));

	private final int maxSums;

	private final int maxEntries;

	private final ZoneId zone;

	private final Map<UsagePeriod, TreeMap<Instant, Map<UsageKey, UsageSums>>> sums = new EnumMap<>(UsagePeriod.class);

	private final LinkedHashMap<String, UsageEntry> latest = new LinkedHashMap<>();

	private int size;

	private Instant minute = Instant.MIN;

	/**
	 * Create a store.
	 * @param maxSums how many sums are kept, each some 600 bytes: one for each minute and
	 * each combination of route, provider, model, tags and outcome
	 * @param maxEntries how many entries are kept one by one, the latest
	 * @param zone whose calendar days and months follow
	 */
	public InMemoryUsageStore(int maxSums, int maxEntries, ZoneId zone) {
		if (maxSums < 1 || maxEntries < 0) {
			throw new IllegalArgumentException("maxSums must be 1 or more, and maxEntries not negative");
		}
		this.maxSums = maxSums;
		this.maxEntries = maxEntries;
		this.zone = zone;
		for (UsagePeriod period : UsagePeriod.values()) {
			this.sums.put(period, new TreeMap<>());
		}
	}

	@Override
	public synchronized void add(List<UsageEntry> entries) {
		for (UsageEntry entry : entries) {
			if (this.latest.containsKey(entry.id())) {
				continue;
			}
			remember(entry);
			sums(entry).add(entry);
		}
	}

	private void remember(UsageEntry entry) {
		if (this.maxEntries == 0) {
			return;
		}
		if (this.latest.size() >= this.maxEntries) {
			this.latest.remove(this.latest.keySet().iterator().next());
		}
		this.latest.put(entry.id(), entry);
	}

	private UsageSums sums(UsageEntry entry) {
		Instant start = UsagePeriod.MINUTE.start(entry.time(), this.zone);
		if (start.isAfter(this.minute)) {
			this.minute = start;
			AGES.forEach((period, age) -> foldBefore(period, start.minus(age)));
		}
		Map<UsageKey, UsageSums> bucket = level(UsagePeriod.MINUTE).computeIfAbsent(start, (time) -> new HashMap<>());
		UsageKey key = UsageKey.of(entry);
		UsageSums known = bucket.get(key);
		if (known != null) {
			return known;
		}
		while (this.size >= this.maxSums && foldOldest(start)) {
			// there is room, or nothing left to fold
		}
		if (this.size >= this.maxSums) {
			key = key.withoutTagValues();
			key = (bucket.containsKey(key) || this.size < 2 * this.maxSums) ? key : key.coarse();
		}
		return sums(bucket, key);
	}

	private UsageSums sums(Map<UsageKey, UsageSums> bucket, UsageKey key) {
		return bucket.computeIfAbsent(key, (added) -> {
			this.size++;
			return new UsageSums();
		});
	}

	private TreeMap<Instant, Map<UsageKey, UsageSums>> level(UsagePeriod period) {
		TreeMap<Instant, Map<UsageKey, UsageSums>> level = this.sums.get(period);
		if (level == null) {
			throw new IllegalStateException("There are no sums of a " + period);
		}
		return level;
	}

	private void foldBefore(UsagePeriod period, Instant limit) {
		TreeMap<Instant, Map<UsageKey, UsageSums>> level = level(period);
		while (!level.isEmpty() && level.firstKey().isBefore(limit)) {
			fold(period, level.firstKey());
		}
	}

	/**
	 * Fold the oldest of the finest sums.
	 * @param current the minute that is being written, which stays
	 * @return whether there were any
	 */
	private boolean foldOldest(Instant current) {
		for (UsagePeriod period : List.of(UsagePeriod.MINUTE, UsagePeriod.HOUR, UsagePeriod.DAY)) {
			TreeMap<Instant, Map<UsageKey, UsageSums>> level = level(period);
			if (!level.isEmpty() && !level.firstKey().equals(current)) {
				fold(period, level.firstKey());
				return true;
			}
		}
		return false;
	}

	private void fold(UsagePeriod period, Instant start) {
		UsagePeriod longer = UsagePeriod.values()[period.ordinal() + 1];
		Map<UsageKey, UsageSums> bucket = level(period).remove(start);
		if (bucket == null) {
			return;
		}
		this.size -= bucket.size();
		Map<UsageKey, UsageSums> into = level(longer).computeIfAbsent(longer.start(start, this.zone),
				(time) -> new HashMap<>());
		bucket.forEach((key, sums) -> sums(into, key).add(sums));
	}

	@Override
	public synchronized List<UsageRow> query(UsageQuery query) {
		Map<Group, UsageSums> groups = new TreeMap<>(Group.ORDER);
		this.sums.forEach((period, level) -> level.forEach((start, bucket) -> {
			if (isWithin(query, start)) {
				Instant step = (query.period() != null) ? query.period().start(start, this.zone) : null;
				bucket.forEach((key, sums) -> add(query, step, key, sums, groups));
			}
		}));
		List<UsageRow> rows = new ArrayList<>();
		groups.forEach((group, sums) -> rows.add(new UsageRow(group.period, group.values, sums.toTotals())));
		return rows;
	}

	private boolean isWithin(UsageQuery query, Instant start) {
		return (query.from() == null || !start.isBefore(UsagePeriod.MINUTE.start(query.from(), this.zone)))
				&& (query.to() == null || start.isBefore(query.to()));
	}

	private static void add(UsageQuery query, @Nullable Instant step, UsageKey key, UsageSums sums,
			Map<Group, UsageSums> groups) {
		for (Map.Entry<UsageDimension, String> where : query.where().entrySet()) {
			if (!key.value(where.getKey()).equals(where.getValue())) {
				return;
			}
		}
		List<String> values = query.groupBy().stream().map(key::value).toList();
		groups.computeIfAbsent(new Group(step, values), (group) -> new UsageSums()).add(sums);
	}

	@Override
	public synchronized List<UsageEntry> latest(int limit) {
		List<UsageEntry> entries = new ArrayList<>(this.latest.values());
		List<UsageEntry> last = new ArrayList<>(
				entries.subList(Math.max(0, entries.size() - Math.max(0, limit)), entries.size()));
		Collections.reverse(last);
		return List.copyOf(last);
	}

	/**
	 * How many sums are kept now.
	 * @return how many
	 */
	public synchronized int size() {
		return this.size;
	}

	@Override
	public String toString() {
		return "InMemoryUsageStore";
	}

	private record Group(@Nullable Instant period, List<String> values) {

		private static final Comparator<Group> ORDER = Comparator
			.comparing(Group::period, Comparator.nullsFirst(Comparator.naturalOrder()))
			.thenComparing(Group::values, Group::compare);

		private static int compare(List<String> one, List<String> other) {
			for (int i = 0; i < one.size(); i++) {
				int order = one.get(i).compareTo(other.get(i));
				if (order != 0) {
					return order;
				}
			}
			return 0;
		}

	}

}
