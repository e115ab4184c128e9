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

package io.llmstream.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.usage.UsageDimension;
import io.llmstream.usage.UsageQuery;
import io.llmstream.usage.UsageRow;
import io.llmstream.usage.UsageTotals;
import org.jspecify.annotations.Nullable;

/**
 * Rows for people and programs to read. Times are in milliseconds.
 */
final class UsageTable {

	private UsageTable() {
	}

	static List<Map<String, Object>> objects(UsageQuery query, List<UsageRow> rows) {
		List<Map<String, Object>> objects = new ArrayList<>();
		for (UsageRow row : rows) {
			Map<String, Object> object = new LinkedHashMap<>();
			if (row.period() != null) {
				object.put("period", row.period().toString());
			}
			if (!query.groupBy().isEmpty()) {
				Map<String, String> group = new LinkedHashMap<>();
				for (int i = 0; i < query.groupBy().size(); i++) {
					group.put(query.groupBy().get(i).name(), row.group().get(i));
				}
				object.put("group", group);
			}
			figures(row.totals()).forEach((name, value) -> {
				if (value != null) {
					object.put(name, value);
				}
			});
			objects.add(object);
		}
		return objects;
	}

	static String csv(UsageQuery query, List<UsageRow> rows) {
		StringBuilder csv = new StringBuilder();
		List<String> head = new ArrayList<>();
		if (query.period() != null) {
			head.add("period");
		}
		query.groupBy().stream().map(UsageDimension::name).forEach(head::add);
		head.addAll(figures(UsageTotals.NONE).keySet());
		line(csv, head);
		for (UsageRow row : rows) {
			List<String> cells = new ArrayList<>();
			if (row.period() != null) {
				cells.add(row.period().toString());
			}
			cells.addAll(row.group());
			figures(row.totals()).values().forEach((value) -> cells.add((value != null) ? value.toString() : ""));
			line(csv, cells);
		}
		return csv.toString();
	}

	private static void line(StringBuilder csv, List<String> cells) {
		for (int i = 0; i < cells.size(); i++) {
			if (i > 0) {
				csv.append(',');
			}
			csv.append(cell(cells.get(i)));
		}
		csv.append("\r\n");
	}

	/**
	 * A cell as RFC 4180 has it. What a spreadsheet would take for a formula is marked as
	 * text: a user may be called anything.
	 */
	private static String cell(String value) {
		String text = (!value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0) ? "'" + value : value;
		return (text.chars().anyMatch((c) -> c == ',' || c == '"' || c == '\n' || c == '\r'))
				? '"' + text.replace("\"", "\"\"") + '"' : text;
	}

	private static Map<String, @Nullable Object> figures(UsageTotals totals) {
		Map<String, @Nullable Object> figures = new LinkedHashMap<>();
		figures.put("streams", totals.streams());
		figures.put("attempts", totals.attempts());
		figures.put("inputTokens", totals.inputTokens());
		figures.put("outputTokens", totals.outputTokens());
		figures.put("cachedInputTokens", totals.cachedInputTokens());
		figures.put("cacheWriteInputTokens", totals.cacheWriteInputTokens());
		figures.put("reasoningTokens", totals.reasoningTokens());
		figures.put("cost", totals.cost().toPlainString());
		figures.put("reported", totals.reported());
		figures.put("estimated", totals.estimated());
		figures.put("unknown", totals.unknown());
		figures.put("unpriced", totals.unpriced());
		figures.put("streamTimeToFirstToken", millis(totals.streamTiming().timeToFirstToken()));
		figures.put("streamDuration", mean(totals.streamTiming().duration(), totals.streams()));
		figures.put("timeToFirstToken", millis(totals.attemptTiming().timeToFirstToken()));
		figures.put("timePerOutputToken", millis(totals.attemptTiming().timePerOutputToken()));
		figures.put("duration", mean(totals.attemptTiming().duration(), totals.attempts()));
		return figures;
	}

	private static @Nullable Object mean(Duration sum, long count) {
		return (count > 0) ? millis(sum.dividedBy(count)) : null;
	}

	private static @Nullable Object millis(@Nullable Duration time) {
		return (time != null) ? Math.round(time.toNanos() / 1_000.0) / 1_000.0 : null;
	}

}
