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

import javax.sql.DataSource;

import io.llmstream.databases.DatabaseServer;
import io.llmstream.databases.MariaDbServer;
import io.llmstream.usage.AbstractUsageStoreTests;
import io.llmstream.usage.Entries;
import io.llmstream.usage.UnstorableEntriesException;
import io.llmstream.usage.UsageDimension;
import io.llmstream.usage.UsageEntry;
import io.llmstream.usage.UsageQuery;
import io.llmstream.usage.UsageRow;
import io.llmstream.usage.UsageStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdbcUsageStore} on a real MariaDB, whose statements and script are
 * those of MySQL.
 */
class MariaDbUsageStoreTests extends AbstractUsageStoreTests {

	private static @Nullable MariaDbServer server;

	@BeforeAll
	static void start() throws Exception {
		server = MariaDbServer.start();
		DatabaseServer.runScript(server.dataSource(), "io/llmstream/usage/jdbc/schema-mysql.sql");
		DatabaseServer.runScript(server.dataSource(), "io/llmstream/usage/jdbc/schema-mysql.sql");
	}

	@AfterAll
	static void stop() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	@Override
	protected JdbcUsageStore store() {
		assertThat(server).isNotNull();
		DataSource dataSource = server.dataSource();
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		jdbc.execute("DELETE FROM LLM_STREAM_USAGE_TAG");
		jdbc.execute("DELETE FROM LLM_STREAM_USAGE");
		return new JdbcUsageStore(dataSource, JdbcUsageStore.DEFAULT_TABLE_PREFIX, ZoneOffset.UTC);
	}

	@Test
	void entriesThatAreTooOldCanBeDeleted() {
		JdbcUsageStore store = store();
		store.add(List.of(Entries.attempt("a", Entries.TIME, "m", Map.of("user", "anna")),
				Entries.attempt("b", Entries.TIME.plus(Duration.ofDays(1)), "m", Map.of("user", "anna"))));
		assertThat(store.deleteBefore(Entries.TIME.plusSeconds(1))).isEqualTo(1);
		assertThat(store.query(UsageQuery.totals()).get(0).totals().attempts()).isEqualTo(1);
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
	void namesThatDifferInTheirCaseOrInAnEmojiAreDifferentNames() {
		UsageStore store = store();
		store.add(List.of(Entries.attempt("a", Entries.TIME, "m", Map.of("user", "Anna")),
				Entries.attempt("b", Entries.TIME, "m", Map.of("user", "anna")),
				Entries.attempt("c", Entries.TIME, "m", Map.of("user", "anna \uD83D\uDE80"))));
		assertThat(store.query(UsageQuery.totals(UsageDimension.tag("user")))).extracting(UsageRow::group)
			.containsExactly(List.of("Anna"), List.of("anna"), List.of("anna \uD83D\uDE80"));
	}

}
