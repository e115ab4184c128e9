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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.usage.Budgets;
import io.llmstream.usage.UsageDimension;
import io.llmstream.usage.UsageLedger;
import io.llmstream.usage.UsageLedgerState;
import io.llmstream.usage.UsagePeriod;
import io.llmstream.usage.UsageQuery;
import io.llmstream.usage.UsageRow;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.StringUtils;

/**
 * Endpoint that adds up what streams used, cost and took: in all, by any dimension, and
 * as a time series, as JSON or CSV. It also tells how much of the budgets is used.
 */
@WebEndpoint(id = "llmusage")
public class LlmUsageEndpoint {

	private static final int DEFAULT_LIMIT = 1_000;

	private final UsageLedger ledger;

	private final ZoneId zone;

	private final Clock clock;

	private final @Nullable BudgetTable budgets;

	LlmUsageEndpoint(UsageLedger ledger, ZoneId zone, @Nullable Budgets budgets) {
		this.ledger = ledger;
		this.zone = zone;
		this.budgets = (budgets != null) ? new BudgetTable(budgets) : null;
		this.clock = Clock.systemUTC();
	}

	/**
	 * Add up.
	 * @param format how to answer; CSV for a request that accepts {@code text/csv} alone
	 * @param groupBy dimensions, with commas between them
	 * @param period minute, hour, day or month, for a time series
	 * @param from the beginning: an instant, a day, or how long ago, such as {@code 24h}
	 * @param to the end, in the same forms
	 * @param where which values to select, such as {@code provider:openai,tag.user:anna}
	 * @param limit how many rows at most
	 * @return the rows
	 */
	@ReadOperation(producesFrom = UsageFormat.class)
	public WebEndpointResponse<Object> usage(UsageFormat format, @Nullable String groupBy, @Nullable String period,
			@Nullable String from, @Nullable String to, @Nullable String where, @Nullable Integer limit) {
		List<UsageDimension> dimensions = new ArrayList<>();
		UsageQuery query;
		try {
			for (String name : StringUtils.commaDelimitedListToStringArray((groupBy != null) ? groupBy : "")) {
				dimensions.add(UsageDimension.of(name.strip()));
			}
			query = new UsageQuery(moment(from), moment(to),
					(StringUtils.hasText(period)) ? UsagePeriod.of(period.strip()) : null, dimensions, values(where));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidEndpointRequestException("The request makes no sense: " + ex.getMessage(),
					ex.getMessage());
		}
		List<UsageRow> rows = this.ledger.store().query(query);
		int most = (limit != null && limit >= 0) ? limit : DEFAULT_LIMIT;
		boolean more = rows.size() > most;
		List<UsageRow> shown = (more) ? rows.subList(0, most) : rows;
		return new WebEndpointResponse<>(
				(format == UsageFormat.CSV) ? UsageTable.csv(query, shown) : report(query, shown, more), format);
	}

	/**
	 * How much of the budgets is used in the periods that are now.
	 * @param part {@code budgets}
	 * @param value which value of their tags, all of them unless set
	 * @param limit how many values of each budget at most, those first that have used the
	 * largest part of it
	 * @return the budgets, or {@code null} if it is another part, which is a 404
	 */
	@ReadOperation
	public @Nullable Map<String, Object> budgets(@Selector String part, @Nullable String value,
			@Nullable Integer limit) {
		return (this.budgets != null && part.equals("budgets"))
				? this.budgets.report(value, (limit != null && limit >= 0) ? limit : BudgetTable.DEFAULT_LIMIT) : null;
	}

	private Map<String, Object> report(UsageQuery query, List<UsageRow> rows, boolean more) {
		Map<String, Object> report = new LinkedHashMap<>();
		report.put("currency", "USD");
		report.put("rows", UsageTable.objects(query, rows));
		report.put("truncated", more);
		UsageLedgerState state = this.ledger.state();
		Map<String, Object> ledger = new LinkedHashMap<>();
		ledger.put("pending", state.pending());
		ledger.put("recorded", state.recorded());
		ledger.put("merged", state.merged());
		ledger.put("failedWrites", state.failedWrites());
		ledger.put("lost", state.lost());
		report.put("ledger", ledger);
		return report;
	}

	private static Map<UsageDimension, String> values(@Nullable String where) {
		Map<UsageDimension, String> values = new LinkedHashMap<>();
		for (String condition : StringUtils.commaDelimitedListToStringArray((where != null) ? where : "")) {
			int colon = condition.indexOf(':');
			if (colon < 0) {
				throw new IllegalArgumentException("'where' is a list of dimension:value");
			}
			values.put(UsageDimension.of(condition.substring(0, colon).strip()), condition.substring(colon + 1));
		}
		return values;
	}

	private @Nullable Instant moment(@Nullable String text) {
		if (!StringUtils.hasText(text)) {
			return null;
		}
		try {
			if (text.indexOf('T') == 10) {
				return Instant.parse(text);
			}
			if (text.indexOf('-') == 4) {
				return LocalDate.parse(text).atStartOfDay(this.zone).toInstant();
			}
			Duration ago = DurationStyle.detectAndParse(text);
			return this.clock.instant().minus(ago);
		}
		catch (DateTimeParseException | ArithmeticException | IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"a time is an instant such as 2026-03-14T15:00:00Z, a day such as 2026-03-14, or how long ago, such as 24h or 7d",
					ex);
		}
	}

}
