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

package io.llmstream.usage.jdbc;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.llmstream.databases.DatabaseServer;
import io.llmstream.usage.AbstractUsageStoreTests;
import io.llmstream.usage.Entries;
import io.llmstream.usage.UnstorableEntriesException;
import io.llmstream.usage.UsageEntry;
import io.llmstream.usage.UsageQuery;
import io.llmstream.usage.UsageStore;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JdbcUsageStore} on H2.
 */
class H2UsageStoreTests extends AbstractUsageStoreTests {

	private static JdbcDataSource database(String options) {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + options);
		return dataSource;
	}

	@Override
	protected UsageStore store() {
		JdbcDataSource dataSource = database("");
		DatabaseServer.runScript(dataSource, "io/llmstream/usage/jdbc/schema-h2.sql");
		return new JdbcUsageStore(dataSource, JdbcUsageStore.DEFAULT_TABLE_PREFIX, ZoneOffset.UTC);
	}

	@Test
	void theScriptCanBeRunAgain() {
		JdbcDataSource dataSource = database("");
		DatabaseServer.runScript(dataSource, "io/llmstream/usage/jdbc/schema-h2.sql");
		DatabaseServer.runScript(dataSource, "io/llmstream/usage/jdbc/schema-h2.sql");
	}

	@Test
	void entriesThatAreTooOldCanBeDeleted() {
		JdbcUsageStore store = (JdbcUsageStore) store();
		store.add(List.of(Entries.attempt("a", Entries.TIME, "m", Map.of("user", "anna")),
				Entries.attempt("b", Entries.TIME.plus(Duration.ofDays(1)), "m", Map.of("user", "anna"))));
		assertThat(store.deleteBefore(Entries.TIME.plusSeconds(1))).isEqualTo(1);
		assertThat(store.query(UsageQuery.totals()).get(0).totals().attempts()).isEqualTo(1);
	}

	@Test
	void whatIsTooLongForItsColumnIsCut() {
		UsageStore store = store();
		store.add(List.of(Entries.attempt("a", Entries.TIME, "m".repeat(300), Map.of())));
		assertThat(store.latest(1).get(0).model()).hasSize(200);
	}

	@Test
	void anEntryThatTheDatabaseRefusesIsLeftOutAndTheOthersAreStored() {
		UsageStore store = store();
		UsageEntry first = Entries.attempt("a", Entries.TIME, "m", Map.of());
		UsageEntry impossible = Entries.attempt("b", Entries.TIME, "m", Map.of("user", "x".repeat(201)));
		UsageEntry last = Entries.attempt("c", Entries.TIME, "m", Map.of("user", "anna"));
		store.add(List.of(first));
		for (List<UsageEntry> batch : List.of(List.of(impossible, last), List.of(first, impossible, last))) {
			assertThatExceptionOfType(UnstorableEntriesException.class).isThrownBy(() -> store.add(batch))
				.withMessageContaining("SQL state 22")
				.satisfies((ex) -> assertThat(ex.getEntries()).isEqualTo(1));
		}
		assertThat(store.latest(10)).extracting(UsageEntry::id).containsExactly("c", "a");
	}

	@Test
	void whatATableRefusesThatCanBeMendedComesAgain() {
		JdbcDataSource dataSource = database("");
		DatabaseServer.runScript(dataSource, "io/llmstream/usage/jdbc/schema-h2.sql");
		JdbcUsageStore store = new JdbcUsageStore(dataSource, JdbcUsageStore.DEFAULT_TABLE_PREFIX, ZoneOffset.UTC);
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		jdbc.execute("ALTER TABLE LLM_STREAM_USAGE ADD CONSTRAINT NO_PARTITION CHECK (INPUT_TOKENS < 0)");
		List<UsageEntry> batch = List.of(Entries.attempt("a", Entries.TIME, "m", Map.of()));
		assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> store.add(batch));
		jdbc.execute("ALTER TABLE LLM_STREAM_USAGE DROP CONSTRAINT NO_PARTITION");
		store.add(batch);
		assertThat(store.latest(10)).extracting(UsageEntry::id).containsExactly("a");
	}

	@Test
	void aTablePrefixThatIsNoNameIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new JdbcUsageStore(database(""), "x; DROP TABLE y; --", ZoneOffset.UTC));
	}

}
