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

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A question to a {@link UsageStore}.
 *
 * @param from the beginning of the time that is asked about, or {@code null} for all that
 * is known
 * @param to its end, which is no part of it, or {@code null} for none
 * @param period the steps of a time series, or {@code null} for totals
 * @param groupBy what to group by, may be empty
 * @param where which values to select, may be empty
 */
public record UsageQuery(@Nullable Instant from, @Nullable Instant to, @Nullable UsagePeriod period,
		List<UsageDimension> groupBy, Map<UsageDimension, String> where) {

	/**
	 * Create a query.
	 */
	public UsageQuery {
		groupBy = List.copyOf(groupBy);
		where = Map.copyOf(where);
	}

	/**
	 * The totals of some groups since ever.
	 * @param groupBy what to group by, nothing for one total
	 * @return the query
	 */
	public static UsageQuery totals(UsageDimension... groupBy) {
		return new UsageQuery(null, null, null, List.of(groupBy), Map.of());
	}

	/**
	 * The same question as a time series.
	 * @param period its steps
	 * @return the query
	 */
	public UsageQuery by(UsagePeriod period) {
		return new UsageQuery(this.from, this.to, period, this.groupBy, this.where);
	}

	/**
	 * The same question about some time alone.
	 * @param from its beginning, or {@code null}
	 * @param to its end, or {@code null}
	 * @return the query
	 */
	public UsageQuery between(@Nullable Instant from, @Nullable Instant to) {
		return new UsageQuery(from, to, this.period, this.groupBy, this.where);
	}

	/**
	 * The same question about some values alone.
	 * @param where the values
	 * @return the query
	 */
	public UsageQuery where(Map<UsageDimension, String> where) {
		return new UsageQuery(this.from, this.to, this.period, this.groupBy, where);
	}

}
