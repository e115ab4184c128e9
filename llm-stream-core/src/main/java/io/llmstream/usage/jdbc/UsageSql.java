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

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.usage.UsageDimension;
import io.llmstream.usage.UsagePeriod;
import io.llmstream.usage.UsageQuery;
import io.llmstream.usage.UsageRow;
import io.llmstream.usage.UsageTiming;
import io.llmstream.usage.UsageTotals;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.ResultSetExtractor;

/**
 * The statement that answers one {@link UsageQuery}; plain SQL that all databases
 * understand.
 */
final class UsageSql {

	private static final Comparator<UsageRow> ORDER = Comparator
		.comparing(UsageRow::period, Comparator.nullsFirst(Comparator.naturalOrder()))
		.thenComparing(UsageRow::group, UsageSql::compare);

	private static final List<String> ATTEMPT_SUMS = List.of("INPUT_TOKENS", "OUTPUT_TOKENS", "CACHED_INPUT_TOKENS",
			"CACHE_WRITE_INPUT_TOKENS", "REASONING_TOKENS", "COST");

	private static final List<String> TIMES = List.of("DURATION_NANOS", "FIRST_TOKEN_NANOS", "FIRST_TOKENS",
			"GENERATING_NANOS", "GENERATED_TOKENS");

	private final String table;

	private final String tagTable;

	private final List<Object> parameters = new ArrayList<>();

	private final Map<String, String> joins = new LinkedHashMap<>();

	UsageSql(String table, String tagTable) {
		this.table = table;
		this.tagTable = tagTable;
	}

	private static int compare(List<String> one, List<String> other) {
		for (int i = 0; i < one.size(); i++) {
			int order = one.get(i).compareTo(other.get(i));
			if (order != 0) {
				return order;
			}
		}
		return 0;
	}

	String select(UsageQuery query) {
		List<String> groups = new ArrayList<>();
		if (query.period() != null) {
			groups.add(start(query.period()));
		}
		query.groupBy().forEach((dimension) -> groups.add(value(dimension)));
		List<String> conditions = new ArrayList<>();
		List<Object> values = new ArrayList<>();
		if (query.from() != null) {
			conditions.add("U.ENDED_AT >= ?");
			values.add(query.from().toEpochMilli());
		}
		if (query.to() != null) {
			conditions.add("U.ENDED_AT < ?");
			values.add(query.to().toEpochMilli());
		}
		query.where().forEach((dimension, value) -> {
			conditions.add(value(dimension) + " = ?");
			values.add(value);
		});
		StringBuilder sql = new StringBuilder("SELECT ").append(String.join(", ", columns(groups)))
			.append(" FROM ")
			.append(this.table)
			.append(" U");
		this.joins.forEach((tag, alias) -> {
			sql.append(" LEFT JOIN ").append(this.tagTable).append(' ').append(alias);
			sql.append(" ON ").append(alias).append(".ENTRY_ID = U.ENTRY_ID AND ");
			sql.append(alias).append(".TAG_NAME = ?");
			this.parameters.add(tag);
		});
		if (!conditions.isEmpty()) {
			sql.append(" WHERE ").append(String.join(" AND ", conditions));
			this.parameters.addAll(values);
		}
		if (!groups.isEmpty()) {
			sql.append(" GROUP BY ").append(String.join(", ", groups));
		}
		return sql.toString();
	}

	private static List<String> columns(List<String> groups) {
		List<String> columns = new ArrayList<>(groups);
		columns.add("COUNT(*)");
		columns.add(sum("U.KIND = 'stream'", "U.ENTRIES"));
		columns.add(sum("U.KIND = 'attempt'", "U.ENTRIES"));
		columns.add(sum("U.KIND = 'attempt' AND U.USAGE_SOURCE = 'reported'", "U.ENTRIES"));
		columns.add(sum("U.KIND = 'attempt' AND U.USAGE_SOURCE = 'estimated'", "U.ENTRIES"));
		columns.add(sum("U.KIND = 'attempt' AND U.USAGE_SOURCE = 'none'", "U.ENTRIES"));
		columns.add(sum("U.KIND = 'attempt' AND U.UNPRICED = 1", "U.ENTRIES"));
		ATTEMPT_SUMS.forEach((column) -> columns.add(sum("U.KIND = 'attempt'", "U." + column)));
		for (String kind : List.of("stream", "attempt")) {
			TIMES.forEach((column) -> columns.add(sum("U.KIND = '" + kind + "'", "U." + column)));
		}
		return columns;
	}

	private static String sum(String condition, String column) {
		return "COALESCE(SUM(CASE WHEN " + condition + " THEN " + column + " ELSE 0 END), 0)";
	}

	private static String start(UsagePeriod period) {
		return "U." + period.name() + "_START";
	}

	private String value(UsageDimension dimension) {
		String tag = dimension.tagName();
		return "COALESCE(" + ((tag != null) ? alias(tag) + ".TAG_VALUE" : JdbcUsageStore.column(dimension)) + ", '')";
	}

	private String alias(String tag) {
		return this.joins.computeIfAbsent(tag, (name) -> "T" + this.joins.size());
	}

	List<Object> parameters() {
		return this.parameters;
	}

	/**
	 * Reads rows. Without groups there is one row even if there is no entry, which is
	 * left out.
	 */
	static ResultSetExtractor<List<UsageRow>> rows(UsageQuery query) {
		return (rows) -> {
			List<UsageRow> read = new ArrayList<>();
			while (rows.next()) {
				UsageRow row = row(query, rows);
				if (row != null) {
					read.add(row);
				}
			}
			read.sort(ORDER);
			return read;
		};
	}

	private static @Nullable UsageRow row(UsageQuery query, ResultSet row) throws SQLException {
		int column = 1;
		Instant period = null;
		if (query.period() != null) {
			period = Instant.ofEpochMilli(row.getLong(column++));
		}
		List<String> group = new ArrayList<>();
		for (int i = 0; i < query.groupBy().size(); i++) {
			String value = row.getString(column++);
			group.add((value != null) ? value : "");
		}
		if (row.getLong(column++) == 0) {
			return null;
		}
		long[] counts = new long[11];
		for (int i = 0; i < counts.length; i++) {
			counts[i] = row.getLong(column++);
		}
		BigDecimal cost = row.getBigDecimal(column++);
		UsageTiming streams = timing(row, column);
		UsageTiming attempts = timing(row, column + TIMES.size());
		return new UsageRow(period, group, new UsageTotals(counts[0], counts[1], counts[2], counts[3], counts[4],
				counts[5], counts[6], counts[7], counts[8], counts[9], counts[10], cost, streams, attempts));
	}

	private static UsageTiming timing(ResultSet row, int column) throws SQLException {
		return new UsageTiming(nanos(row, column), nanos(row, column + 1), row.getLong(column + 2),
				nanos(row, column + 3), row.getLong(column + 4));
	}

	/** A sum over years of streams may exceed a long. */
	private static Duration nanos(ResultSet row, int column) throws SQLException {
		BigDecimal[] parts = row.getBigDecimal(column).divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
		return Duration.ofSeconds(parts[0].longValue(), parts[1].longValue());
	}

}
