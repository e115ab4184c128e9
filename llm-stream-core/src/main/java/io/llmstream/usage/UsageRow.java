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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One line of the answer to a {@link UsageQuery}.
 *
 * @param period when the step of the time series began, {@code null} where totals were
 * asked for
 * @param group the values of what was grouped by, in its order; empty ones for entries
 * without a value
 * @param totals what the group adds up to
 */
public record UsageRow(@Nullable Instant period, List<String> group, UsageTotals totals) {

	/**
	 * Create a row.
	 */
	public UsageRow {
		group = Collections.unmodifiableList(new ArrayList<>(group));
	}

}
