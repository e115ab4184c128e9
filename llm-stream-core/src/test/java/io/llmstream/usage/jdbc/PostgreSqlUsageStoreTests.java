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
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.databases.DatabaseServer;
import io.llmstream.databases.KilledProcess;
import io.llmstream.databases.PostgreSqlServer;
import io.llmstream.usage.AbstractUsageStoreTests;
import io.llmstream.usage.Entries;
import io.llmstream.usage.UnstorableEntriesException;
import io.llmstream.usage.UsageEntry;
import io.llmstream.usage.UsageLedger;
import io.llmstream.usage.UsageQuery;
import io.llmstream.usage.UsageRow;
import io.llmstream.usage.UsageStore;
import io.llmstream.usage.UsageTotals;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdbcUsageStore} on a real PostgreSQL.
 */
class PostgreSqlUsageStoreTests extends AbstractUsageStoreTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static @Nullable PostgreSqlServer server;

	@BeforeAll
	static void start() throws Exception {
		server = PostgreSqlServer.start();
		DatabaseServer.runScript(server.dataSource(), "io/llmstream/usage/jdbc/schema-postgresql.sql");
		DatabaseServer.runScript(server.dataSource(), "io/llmstream/usage/jdbc/schema-postgresql.sql");
	}

	@AfterAll
	static void stop() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	private static PostgreSqlServer server() {
		assertThat(server).isNotNull();
		return server;
	}

	private static JdbcUsageStore emptied() {
		DataSource dataSource = server().dataSource();
		new JdbcTemplate(dataSource).execute("TRUNCATE LLM_STREAM_USAGE, LLM_STREAM_USAGE_TAG");
		return new JdbcUsageStore(dataSource, JdbcUsageStore.DEFAULT_TABLE_PREFIX, ZoneOffset.UTC);
	}

	@Override
	protected UsageStore store() {
		return emptied();
	}

	@Test
	void anEntryThatTheDatabaseRefusesIsLeftOutAndTheOthersAreStored() {
		UsageStore store = store();
		UsageEntry first = Entries.attempt("a", Entries.TIME, "m", Map.of());
		UsageEntry impossible = Entries.attempt("b", Entries.TIME, "m", Map.of("user", "a\u0000b"));
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
	void whatTheDatabaseCannotStoreHoldsNothingUp() {
		JdbcUsageStore store = emptied();
		try (UsageLedger ledger = UsageLedger.builder(store).build()) {
			LlmStreamClient client = LlmStreamClient
				.builder("chat",
						(request) -> Flux
							.just(new Token.Finish(FinishReason.STOP, "stop", Usage.reported(3, 4), null, "m\u0000n")))
				.contributors(List.of(ledger))
				.build();
			client.prompt("hello").tag("us\u0000er", "a\u0000b").stream().blockLast(LIMIT);
			assertThat(ledger.flush(LIMIT)).isTrue();
			assertThat(ledger.state().lost()).isZero();
		}
		assertThat(store.latest(1).get(0)).satisfies((entry) -> {
			assertThat(entry.model()).isEqualTo("m?n");
			assertThat(entry.tags()).isEqualTo(Map.of("us?er", "a?b"));
		});
	}

	/**
	 * The store fails after it stored, as it does where a connection is lost with the
	 * answer on its way.
	 */
	@Test
	void aBatchWhoseEndIsNotKnownIsHandedOverAgainAndNotDoubled() {
		JdbcUsageStore store = emptied();
		AtomicInteger failures = new AtomicInteger(2);
		UsageStore unsure = new UsageStore() {

			@Override
			public void add(List<UsageEntry> entries) {
				store.add(entries);
				if (failures.getAndDecrement() > 0) {
					throw new IllegalStateException("The connection was lost");
				}
			}

			@Override
			public List<UsageRow> query(UsageQuery query) {
				return store.query(query);
			}

			@Override
			public List<UsageEntry> latest(int limit) {
				return store.latest(limit);
			}

		};
		try (UsageLedger ledger = UsageLedger.builder(unsure).build()) {
			LlmStreamClient client = LlmStreamClient
				.builder("chat",
						(request) -> Flux
							.just(new Token.Finish(FinishReason.STOP, "stop", Usage.reported(3, 4), null, "m")))
				.contributors(List.of(ledger))
				.build();
			for (int i = 0; i < 10; i++) {
				client.prompt("hello").stream().blockLast(LIMIT);
			}
			assertThat(ledger.flush(LIMIT)).isTrue();
			assertThat(ledger.state().failedWrites()).isEqualTo(2);
			assertThat(ledger.state().lost()).isZero();
		}
		UsageTotals totals = store.query(UsageQuery.totals()).get(0).totals();
		assertThat(totals.streams()).isEqualTo(10);
		assertThat(totals.inputTokens()).isEqualTo(30);
	}

	@Test
	void aProcessThatIsKilledLosesTheUnflushedEntriesAtMostAndDoublesNone() throws Exception {
		JdbcUsageStore store = emptied();
		long ended = KilledProcess.run(KilledWriter.class, 4_000, server().url());
		UsageTotals totals = store.query(UsageQuery.totals()).get(0).totals();
		long stored = totals.attempts();
		assertThat(stored).isPositive().isLessThanOrEqualTo(ended + KilledWriter.STEP);
		assertThat(ended - stored).as("lost").isLessThanOrEqualTo(KilledWriter.MOST_WAITING);
		// each stream used as many tokens as its number, so that gaps and doubles show
		assertThat(totals.inputTokens()).isEqualTo(stored * (stored + 1) / 2);
		assertThat(totals.streams()).isBetween(stored - 1, stored);
	}

}
