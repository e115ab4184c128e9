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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What all stores must do.
 */
public abstract class AbstractUsageStoreTests {

	private static final Instant TIME = Entries.TIME;

	private static final Map<String, String> ANNA = Map.of("user", "anna", "feature", "chat");

	private static final Map<String, String> BEN = Map.of("user", "ben");

	/**
	 * The store to test, empty.
	 * @return the store
	 */
	protected abstract UsageStore store();

	private UsageStore filled() {
		UsageStore store = store();
		store.add(List.of(Entries.attempt("a-1", TIME, "gpt-4o", ANNA), Entries.stream("a-0", TIME, ANNA)));
		store.add(List.of(Entries.attempt("b-1", TIME.plusSeconds(60), "gpt-4o", BEN),
				Entries.attempt("b-2", TIME.plusSeconds(120), "gpt-4.1", BEN),
				Entries.failed("c-1", TIME.plus(Duration.ofHours(46)))));
		return store;
	}

	private static List<List<Object>> facts(List<UsageRow> rows) {
		List<List<Object>> facts = new ArrayList<>();
		rows.forEach((row) -> facts
			.add(List.of((row.period() != null) ? row.period().toString() : "", row.group(), row.totals().attempts())));
		return facts;
	}

	@Test
	void totalsAddUpEverything() {
		List<UsageRow> rows = filled().query(UsageQuery.totals());
		assertThat(rows).hasSize(1);
		UsageTotals totals = rows.get(0).totals();
		assertThat(totals.cost()).isEqualByComparingTo(new BigDecimal("0.000370370367036"));
		assertThat(totals).usingRecursiveComparison()
			.ignoringFields("cost")
			.isEqualTo(new UsageTotals(1, 4, 3, 1, 0, 1, 307, 63, 120, 30, 15, BigDecimal.ZERO,
					UsageTiming.of(Duration.ofMillis(2_100), Duration.ofMillis(150), 20), new UsageTiming(
							Duration.ofMillis(6_500), Duration.ofMillis(300), 3, Duration.ofMillis(5_700), 57)));
		assertThat(totals.attemptTiming().timeToFirstToken()).isEqualTo(Duration.ofMillis(100));
		assertThat(totals.attemptTiming().timePerOutputToken()).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void aStoreWithoutEntriesHasNoRows() {
		UsageStore store = store();
		assertThat(store.query(UsageQuery.totals())).isEmpty();
		assertThat(store.query(UsageQuery.totals(UsageDimension.MODEL).by(UsagePeriod.DAY))).isEmpty();
		assertThat(store.latest(10)).isEmpty();
	}

	@Test
	void entriesAreGroupedByAnyDimension() {
		UsageStore store = filled();
		assertThat(facts(store.query(UsageQuery.totals(UsageDimension.PROVIDER))))
			.containsExactly(List.of("", List.of("local"), 1L), List.of("", List.of("openai"), 3L));
		assertThat(facts(store.query(UsageQuery.totals(UsageDimension.MODEL, UsageDimension.tag("user")))))
			.containsExactly(List.of("", List.of("", ""), 1L), List.of("", List.of("gpt-4.1", "ben"), 1L),
					List.of("", List.of("gpt-4o", "anna"), 1L), List.of("", List.of("gpt-4o", "ben"), 1L),
					List.of("", List.of("m", "anna"), 0L));
		assertThat(facts(store.query(UsageQuery.totals(UsageDimension.OUTCOME, UsageDimension.ERROR,
				UsageDimension.SOURCE, UsageDimension.ROUTE))))
			.containsExactly(List.of("", List.of("completed", "", "reported", "chat"), 3L),
					List.of("", List.of("failed", "stall-timeout", "estimated", "chat"), 1L));
		assertThat(facts(store.query(UsageQuery.totals(UsageDimension.REQUESTED_MODEL)))).hasSize(4);
	}

	@Test
	void valuesOfDimensionsAreSelected() {
		UsageStore store = filled();
		assertThat(facts(store.query(UsageQuery.totals(UsageDimension.MODEL)
			.where(Map.of(UsageDimension.tag("user"), "ben", UsageDimension.PROVIDER, "openai")))))
			.containsExactly(List.of("", List.of("gpt-4.1"), 1L), List.of("", List.of("gpt-4o"), 1L));
		assertThat(store.query(UsageQuery.totals().where(Map.of(UsageDimension.MODEL, "' OR 1=1 --")))).isEmpty();
		assertThat(store.query(UsageQuery.totals().where(Map.of(UsageDimension.tag("user"), "")))
			.get(0)
			.totals()
			.attempts()).isEqualTo(1);
	}

	@Test
	void aTimeSeriesHasAStepForEachPeriodWithEntries() {
		UsageStore store = filled();
		assertThat(facts(store.query(UsageQuery.totals().by(UsagePeriod.MINUTE)))).extracting((fact) -> fact.get(0))
			.containsExactly("2026-03-30T15:09:00Z", "2026-03-30T15:10:00Z", "2026-03-30T15:11:00Z",
					"2026-04-01T13:09:00Z");
		assertThat(facts(store.query(UsageQuery.totals().by(UsagePeriod.HOUR)))).extracting((fact) -> fact.get(0))
			.containsExactly("2026-03-30T15:00:00Z", "2026-04-01T13:00:00Z");
		assertThat(facts(store.query(UsageQuery.totals().by(UsagePeriod.DAY)))).extracting((fact) -> fact.get(0))
			.containsExactly("2026-03-30T00:00:00Z", "2026-04-01T00:00:00Z");
		assertThat(facts(store.query(UsageQuery.totals(UsageDimension.PROVIDER).by(UsagePeriod.MONTH))))
			.containsExactly(List.of("2026-03-01T00:00:00Z", List.of("openai"), 3L),
					List.of("2026-04-01T00:00:00Z", List.of("local"), 1L));
	}

	@Test
	void aPartOfTheTimeIsSelected() {
		UsageStore store = filled();
		Instant minute = Instant.parse("2026-03-30T15:10:00Z");
		assertThat(store.query(UsageQuery.totals().between(minute, minute.plusSeconds(60))).get(0).totals().attempts())
			.isEqualTo(1);
		assertThat(store.query(UsageQuery.totals().between(minute, null)).get(0).totals().attempts()).isEqualTo(3);
		assertThat(store.query(UsageQuery.totals().between(null, minute)).get(0).totals().attempts()).isEqualTo(1);
	}

	@Test
	void anEntryThatComesTwiceIsCountedOnce() {
		UsageStore store = filled();
		UsageEntry again = Entries.attempt("a-1", TIME, "gpt-4o", ANNA);
		store.add(List.of(again, Entries.attempt("d-1", TIME, "gpt-4o", ANNA)));
		store.add(List.of(again));
		assertThat(store.query(UsageQuery.totals()).get(0).totals().attempts()).isEqualTo(5);
	}

	@Test
	void theLatestEntriesComeAsTheyWere() {
		UsageStore store = filled();
		List<UsageEntry> latest = store.latest(2);
		assertThat(latest).extracting(UsageEntry::id).containsExactly("c-1", "b-2");
		assertThat(latest.get(0)).isEqualTo(Entries.failed("c-1", TIME.plus(Duration.ofHours(46))));
		assertThat(latest.get(1)).isEqualTo(Entries.attempt("b-2", TIME.plusSeconds(120), "gpt-4.1", BEN));
	}

}
