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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InMemoryUsageStore}.
 */
class InMemoryUsageStoreTests extends AbstractUsageStoreTests {

	@Override
	protected UsageStore store() {
		return new InMemoryUsageStore(1_000, 100, ZoneOffset.UTC);
	}

	@Test
	void oldMinutesBecomeHoursDaysAndMonthsAndTheTotalStays() {
		InMemoryUsageStore store = new InMemoryUsageStore(50, 10, ZoneOffset.UTC);
		Instant start = Instant.parse("2026-01-01T00:00:00Z");
		int entries = 3_000;
		for (int i = 0; i < entries; i++) {
			store
				.add(List.of(Entries.attempt("a" + i, start.plus(Duration.ofMinutes(97L * i)), "m" + i % 3, Map.of())));
			assertThat(store.size()).isLessThanOrEqualTo(50);
		}
		UsageTotals totals = store.query(UsageQuery.totals()).get(0).totals();
		assertThat(totals.attempts()).isEqualTo(entries);
		assertThat(totals.inputTokens()).isEqualTo(100L * entries);
		List<UsageRow> months = store.query(UsageQuery.totals().by(UsagePeriod.MONTH));
		assertThat(months).extracting(UsageRow::period).startsWith(start).doesNotHaveDuplicates().hasSize(7);
		assertThat(months.get(0).totals().attempts()).isEqualTo(461);
		assertThat(store.latest(100)).hasSize(10);
	}

	@Test
	void valuesOfTagsBeyondTheBoundAreCountedAsOthers() {
		InMemoryUsageStore store = new InMemoryUsageStore(100, 0, ZoneOffset.UTC);
		List<UsageEntry> entries = new ArrayList<>();
		for (int i = 0; i < 5_000; i++) {
			entries.add(Entries.attempt("a" + i, Entries.TIME, "m", Map.of("user", "u" + i)));
		}
		store.add(entries);
		assertThat(store.size()).isLessThanOrEqualTo(101);
		assertThat(store.query(UsageQuery.totals()).get(0).totals().attempts()).isEqualTo(5_000);
		List<UsageRow> users = store.query(UsageQuery.totals(UsageDimension.tag("user")));
		assertThat(users.get(0).group()).containsExactly("(other)");
		assertThat(users.get(0).totals().attempts()).isEqualTo(4_900);
	}

	@Test
	void modelsThatRequestsMakeUpAreBoundedAsWell() {
		InMemoryUsageStore store = new InMemoryUsageStore(100, 0, ZoneOffset.UTC);
		for (int i = 0; i < 5_000; i++) {
			store.add(List.of(Entries.attempt("a" + i, Entries.TIME, "m" + i, Map.of())));
		}
		assertThat(store.size()).isLessThanOrEqualTo(202);
		assertThat(store.query(UsageQuery.totals()).get(0).totals().attempts()).isEqualTo(5_000);
	}

	@Test
	void daysFollowTheCalendarOfTheZone() {
		InMemoryUsageStore store = new InMemoryUsageStore(100, 0, ZoneId.of("Asia/Kolkata"));
		store.add(List.of(Entries.attempt("a", Instant.parse("2026-03-14T18:29:59Z"), "m", Map.of()),
				Entries.attempt("b", Instant.parse("2026-03-14T18:30:00Z"), "m", Map.of())));
		assertThat(store.query(UsageQuery.totals().by(UsagePeriod.DAY))).extracting(UsageRow::period)
			.containsExactly(Instant.parse("2026-03-13T18:30:00Z"), Instant.parse("2026-03-14T18:30:00Z"));
	}

}
