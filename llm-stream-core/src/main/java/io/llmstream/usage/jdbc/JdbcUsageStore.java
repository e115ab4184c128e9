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

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import io.llmstream.usage.UnstorableEntriesException;
import io.llmstream.usage.UsageDimension;
import io.llmstream.usage.UsageEntry;
import io.llmstream.usage.UsagePeriod;
import io.llmstream.usage.UsageQuery;
import io.llmstream.usage.UsageRow;
import io.llmstream.usage.UsageStore;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the ledger in a database, so that it survives a restart, and adds up over the
 * nodes that share it. The tables are those of
 * {@code io/llmstream/usage/jdbc/schema-*.sql}, with a row for each entry and one for
 * each of its tags.
 * <p>
 * A batch is one transaction of its own. One that is handed over again, because it was
 * not known whether it was stored, is stored once: entries have names, which the database
 * keeps unique. Where it refuses the values of one, those of the batch are stored one by
 * one.
 * <p>
 * Safe for use by several threads. Blocks.
 */
public final class JdbcUsageStore implements UsageStore {

	/** What the names of the tables begin with, where nothing else is said. */
	public static final String DEFAULT_TABLE_PREFIX = "LLM_STREAM_";

	private static final int MAX_NAME = 200;

	private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

	private static final String COLUMNS = "ENTRY_ID, STREAM_ID, KIND, ENTRIES, ENDED_AT, MINUTE_START, HOUR_START, "
			+ "DAY_START, MONTH_START, ROUTE, PROVIDER, REQUESTED_MODEL, MODEL, OUTCOME, ERROR_KIND, FINISH_REASON, "
			+ "USAGE_SOURCE, INPUT_TOKENS, OUTPUT_TOKENS, CACHED_INPUT_TOKENS, CACHE_WRITE_INPUT_TOKENS, "
			+ "REASONING_TOKENS, COST, UNPRICED, ATTEMPTS, DURATION_NANOS, FIRST_TOKEN_NANOS, FIRST_TOKENS, "
			+ "GENERATING_NANOS, GENERATED_TOKENS";

	private final DataSource dataSource;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final ZoneId zone;

	private final String table;

	private final String tagTable;

	/**
	 * Create a store.
	 * @param dataSource the database
	 * @param tablePrefix what the names of the tables begin with: letters, digits,
	 * underscores, and a dot after a schema
	 * @param zone whose calendar days and months follow; the same on all nodes
	 */
	public JdbcUsageStore(DataSource dataSource, String tablePrefix, ZoneId zone) {
		if (!tablePrefix.matches("[A-Za-z0-9_.]*")) {
			throw new IllegalArgumentException("tablePrefix must be letters, digits and underscores");
		}
		this.dataSource = dataSource;
		this.jdbc = new JdbcTemplate(dataSource);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.zone = zone;
		this.table = tablePrefix + "USAGE";
		this.tagTable = tablePrefix + "USAGE_TAG";
	}

	@Override
	public void add(List<UsageEntry> entries) {
		try {
			insert(entries);
		}
		catch (DataIntegrityViolationException ex) {
			insertRest(entries);
		}
	}

	/**
	 * Some of the entries are there already, or are such that the database refuses them.
	 */
	private void insertRest(List<UsageEntry> entries) {
		Set<String> stored = stored(entries);
		List<UsageEntry> rest = entries.stream().filter((entry) -> !stored.contains(entry.id())).toList();
		if (rest.size() == entries.size()) {
			insertOneByOne(rest);
			return;
		}
		try {
			insert(rest);
		}
		catch (DataIntegrityViolationException ex) {
			insertOneByOne(rest);
		}
	}

	private void insertOneByOne(List<UsageEntry> entries) {
		long unstorable = 0;
		String reason = "";
		for (UsageEntry entry : entries) {
			try {
				insert(List.of(entry));
			}
			catch (DataIntegrityViolationException ex) {
				if (!stored(List.of(entry)).isEmpty()) {
					continue;
				}
				if (!isOfItsValues(ex)) {
					throw ex;
				}
				unstorable += entry.count();
				reason = reason(ex);
			}
		}
		if (unstorable > 0) {
			throw new UnstorableEntriesException(unstorable, reason);
		}
	}

	/**
	 * Whether a refusal is of the values of the entry, which stay what they are (SQL
	 * state 22, "data exception", or two of its tags that are one to the database), and
	 * not of a table that an operator can mend.
	 */
	private static boolean isOfItsValues(DataIntegrityViolationException refusal) {
		return refusal instanceof DuplicateKeyException || refusal.getMostSpecificCause() instanceof SQLException error
				&& error.getSQLState() != null && error.getSQLState().startsWith("22");
	}

	/**
	 * What the database says, but not its message, which may have values in it.
	 */
	private static String reason(DataIntegrityViolationException refusal) {
		Throwable cause = refusal.getMostSpecificCause();
		return cause.getClass().getName()
				+ ((cause instanceof SQLException error) ? ", SQL state " + error.getSQLState() : "");
	}

	private void insert(List<UsageEntry> entries) {
		if (entries.isEmpty()) {
			return;
		}
		this.transaction.executeWithoutResult((status) -> {
			this.jdbc.batchUpdate("INSERT INTO " + this.table + " (" + COLUMNS + ") VALUES (?" + ", ?".repeat(29) + ")",
					entries, entries.size(), this::setColumns);
			List<Object[]> tags = new ArrayList<>();
			for (UsageEntry entry : entries) {
				entry.tags().forEach((name, value) -> tags.add(new Object[] { entry.id(), name, value }));
			}
			if (!tags.isEmpty()) {
				this.jdbc.batchUpdate(
						"INSERT INTO " + this.tagTable + " (ENTRY_ID, TAG_NAME, TAG_VALUE) VALUES (?, ?, ?)", tags);
			}
		});
	}

	private Set<String> stored(List<UsageEntry> entries) {
		Set<String> stored = new HashSet<>();
		for (int from = 0; from < entries.size(); from += 100) {
			List<String> ids = entries.subList(from, Math.min(from + 100, entries.size()))
				.stream()
				.map(UsageEntry::id)
				.toList();
			stored.addAll(this.jdbc.queryForList(
					"SELECT ENTRY_ID FROM " + this.table + " WHERE ENTRY_ID IN (?" + ", ?".repeat(ids.size() - 1) + ")",
					String.class, ids.toArray()));
		}
		return stored;
	}

	private void setColumns(PreparedStatement row, UsageEntry entry) throws SQLException {
		Instant time = entry.time();
		row.setString(1, entry.id());
		row.setString(2, entry.streamId());
		row.setString(3, UsageColumns.word(entry.kind()));
		row.setLong(4, entry.count());
		row.setLong(5, time.toEpochMilli());
		row.setLong(6, UsagePeriod.MINUTE.start(time, this.zone).toEpochMilli());
		row.setLong(7, UsagePeriod.HOUR.start(time, this.zone).toEpochMilli());
		row.setLong(8, UsagePeriod.DAY.start(time, this.zone).toEpochMilli());
		row.setLong(9, UsagePeriod.MONTH.start(time, this.zone).toEpochMilli());
		row.setString(10, cut(entry.route()));
		row.setString(11, cut(entry.provider()));
		row.setString(12, cut(entry.requestedModel()));
		row.setString(13, cut(entry.model()));
		row.setString(14, UsageColumns.word(entry.outcome()));
		row.setString(15, UsageColumns.word(entry.errorKind()));
		row.setString(16, UsageColumns.word(entry.finishReason()));
		row.setString(17, UsageColumns.word(entry.usage().source()));
		row.setLong(18, entry.usage().inputTokens());
		row.setLong(19, entry.usage().outputTokens());
		row.setLong(20, entry.usage().cachedInputTokens());
		row.setLong(21, entry.usage().cacheWriteInputTokens());
		row.setLong(22, entry.usage().reasoningTokens());
		if (entry.cost() != null) {
			row.setBigDecimal(23, entry.cost());
		}
		else {
			row.setNull(23, Types.DECIMAL);
		}
		row.setInt(24, (entry.unpriced()) ? 1 : 0);
		row.setInt(25, entry.attempts());
		row.setLong(26, entry.timing().duration().toNanos());
		row.setLong(27, entry.timing().toFirstToken().toNanos());
		row.setLong(28, entry.timing().firstTokens());
		row.setLong(29, entry.timing().generating().toNanos());
		row.setLong(30, entry.timing().generatedTokens());
	}

	private static @Nullable String cut(@Nullable String name) {
		if (name == null) {
			return null;
		}
		return CONTROL.matcher((name.length() > MAX_NAME) ? name.substring(0, MAX_NAME) : name).replaceAll("?");
	}

	@Override
	public List<UsageRow> query(UsageQuery query) {
		UsageSql sql = new UsageSql(this.table, this.tagTable);
		String statement = sql.select(query);
		List<UsageRow> rows = this.jdbc.query(statement, UsageSql.rows(query), sql.parameters().toArray());
		return (rows != null) ? rows : List.of();
	}

	@Override
	public List<UsageEntry> latest(int limit) {
		JdbcTemplate limited = new JdbcTemplate(this.dataSource);
		limited.setMaxRows(limit);
		List<UsageEntry> entries = limited.query(
				"SELECT " + COLUMNS + " FROM " + this.table + " ORDER BY ENDED_AT DESC, ENTRY_ID DESC",
				(row, number) -> UsageColumns.entry(row, Map.of()));
		return entries.stream().map(this::withTags).toList();
	}

	private UsageEntry withTags(UsageEntry entry) {
		Map<String, String> tags = new TreeMap<>();
		this.jdbc.query("SELECT TAG_NAME, TAG_VALUE FROM " + this.tagTable + " WHERE ENTRY_ID = ?", (row) -> {
			tags.put(row.getString(1), row.getString(2));
		}, entry.id());
		return (tags.isEmpty()) ? entry : UsageColumns.withTags(entry, tags);
	}

	/**
	 * Delete entries that are older than a moment, some at a time.
	 * @param before the moment
	 * @return how many were deleted
	 */
	public int deleteBefore(Instant before) {
		int deleted = 0;
		for (int more = delete(before); more > 0; more = delete(before)) {
			deleted += more;
		}
		return deleted;
	}

	private int delete(Instant before) {
		JdbcTemplate limited = new JdbcTemplate(this.dataSource);
		limited.setMaxRows(1000);
		List<String> ids = limited.queryForList("SELECT ENTRY_ID FROM " + this.table + " WHERE ENDED_AT < ?",
				String.class, before.toEpochMilli());
		if (!ids.isEmpty()) {
			List<Object[]> rows = ids.stream().map((id) -> new Object[] { id }).toList();
			this.transaction.executeWithoutResult((status) -> {
				this.jdbc.batchUpdate("DELETE FROM " + this.tagTable + " WHERE ENTRY_ID = ?", rows);
				this.jdbc.batchUpdate("DELETE FROM " + this.table + " WHERE ENTRY_ID = ?", rows);
			});
		}
		return ids.size();
	}

	/**
	 * How a dimension's values are found.
	 */
	static String column(UsageDimension dimension) {
		return switch (dimension.name()) {
			case "route" -> "U.ROUTE";
			case "provider" -> "U.PROVIDER";
			case "model" -> "U.MODEL";
			case "requested-model" -> "U.REQUESTED_MODEL";
			case "outcome" -> "U.OUTCOME";
			case "error" -> "U.ERROR_KIND";
			default -> "U.USAGE_SOURCE";
		};
	}

	@Override
	public String toString() {
		return "JdbcUsageStore[" + this.table + "]";
	}

}
