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

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamOutcome;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * One line of the usage ledger: an attempt, or a stream as a whole. Tokens and money are
 * added up over attempts alone, since those of a stream are the sum of its attempts'.
 * Never contains a key, a prompt, or what the model said. Immutable.
 *
 * @param id names this line and no other, on any node; a store that is given it twice
 * counts it once
 * @param streamId what the lines of one stream have in common
 * @param kind what the line is about
 * @param count how many it stands for: 1, or more where so many ended at once that they
 * were added up before they were stored
 * @param time when the attempt or the stream ended
 * @param route the name of the client that was asked, a route's or a provider's
 * @param provider the provider's name in the configuration; for a stream that of the
 * attempt that made its end, empty if none was asked
 * @param requestedModel the model that was asked, or {@code null} if none was chosen
 * @param model the model that answered, as the provider names it, else the one that was
 * asked; {@code null} if none was chosen
 * @param tags whom and what it was for, such as a user, a tenant or a feature
 * @param outcome how it ended
 * @param errorKind the kind of failure, only with {@link StreamOutcome.End#FAILED}
 * @param finishReason why the model stopped; {@code null} if the answer was not complete
 * @param usage the tokens, and how they are known
 * @param cost what it cost in US dollars, exact; {@code null} if that is not known
 * @param unpriced whether tokens were used for which there is no price
 * @param attempts how many attempts the stream made, or the number of this attempt in its
 * stream, counted from 1
 * @param timing how long it took
 */
public record UsageEntry(String id, String streamId, Kind kind, long count, Instant time, String route, String provider,
		@Nullable String requestedModel, @Nullable String model, Map<String, String> tags, StreamOutcome.End outcome,
		@Nullable ErrorKind errorKind, @Nullable FinishReason finishReason, Usage usage, @Nullable BigDecimal cost,
		boolean unpriced, int attempts, UsageTiming timing) {

	/**
	 * Create an entry.
	 */
	public UsageEntry {
		tags = (tags.isEmpty()) ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(tags));
	}

	/**
	 * What a line is about.
	 */
	public enum Kind {

		/** A stream, however many attempts it took. */
		STREAM,

		/** One request to one provider. */
		ATTEMPT

	}

}
