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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamOutcome;
import io.llmstream.Usage;
import io.llmstream.usage.UsageEntry;
import io.llmstream.usage.UsageTiming;
import org.jspecify.annotations.Nullable;

/**
 * Entries as rows. Constants are stored as the words that
 * {@link io.llmstream.usage.UsageDimension} has for them.
 */
final class UsageColumns {

	private UsageColumns() {
	}

	static @Nullable String word(@Nullable Enum<?> constant) {
		return (constant != null) ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-') : null;
	}

	private static <E extends Enum<E>> @Nullable E constant(Class<E> type, @Nullable String word) {
		return (word != null) ? Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_')) : null;
	}

	private static <E extends Enum<E>> E required(Class<E> type, @Nullable String word) {
		return Objects.requireNonNull(constant(type, word));
	}

	static UsageEntry entry(ResultSet row, Map<String, String> tags) throws SQLException {
		Usage usage = new Usage(row.getLong("INPUT_TOKENS"), row.getLong("OUTPUT_TOKENS"),
				row.getLong("CACHED_INPUT_TOKENS"), row.getLong("CACHE_WRITE_INPUT_TOKENS"),
				row.getLong("REASONING_TOKENS"), required(Usage.Source.class, row.getString("USAGE_SOURCE")));
		UsageTiming timing = new UsageTiming(Duration.ofNanos(row.getLong("DURATION_NANOS")),
				Duration.ofNanos(row.getLong("FIRST_TOKEN_NANOS")), row.getLong("FIRST_TOKENS"),
				Duration.ofNanos(row.getLong("GENERATING_NANOS")), row.getLong("GENERATED_TOKENS"));
		return new UsageEntry(row.getString("ENTRY_ID"), row.getString("STREAM_ID"),
				required(UsageEntry.Kind.class, row.getString("KIND")), row.getLong("ENTRIES"),
				Instant.ofEpochMilli(row.getLong("ENDED_AT")), row.getString("ROUTE"), row.getString("PROVIDER"),
				row.getString("REQUESTED_MODEL"), row.getString("MODEL"), tags,
				required(StreamOutcome.End.class, row.getString("OUTCOME")),
				constant(ErrorKind.class, row.getString("ERROR_KIND")),
				constant(FinishReason.class, row.getString("FINISH_REASON")), usage, row.getBigDecimal("COST"),
				row.getInt("UNPRICED") == 1, row.getInt("ATTEMPTS"), timing);
	}

	static UsageEntry withTags(UsageEntry entry, Map<String, String> tags) {
		return new UsageEntry(entry.id(), entry.streamId(), entry.kind(), entry.count(), entry.time(), entry.route(),
				entry.provider(), entry.requestedModel(), entry.model(), tags, entry.outcome(), entry.errorKind(),
				entry.finishReason(), entry.usage(), entry.cost(), entry.unpriced(), entry.attempts(), entry.timing());
	}

}
