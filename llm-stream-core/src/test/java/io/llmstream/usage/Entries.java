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
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamOutcome;
import io.llmstream.Usage;

/**
 * Entries to test with.
 */
public final class Entries {

	/** When entries end that say nothing else. */
	public static final Instant TIME = Instant.parse("2026-03-30T15:09:26.535Z");

	private Entries() {
	}

	/**
	 * An attempt that was completed.
	 * @param id its id
	 * @param time when it ended
	 * @param model the model
	 * @param tags the tags
	 * @return the entry
	 */
	public static UsageEntry attempt(String id, Instant time, String model, Map<String, String> tags) {
		Usage usage = new Usage(100, 20, 40, 10, 5, Usage.Source.REPORTED);
		return new UsageEntry(id, id, UsageEntry.Kind.ATTEMPT, 1, time, "chat", "openai", model, model, tags,
				StreamOutcome.End.COMPLETED, null, FinishReason.STOP, usage, new BigDecimal("0.000123456789012"), false,
				1, UsageTiming.of(Duration.ofMillis(2_000), Duration.ofMillis(100), 20));
	}

	/**
	 * An attempt that failed, of a model without a price.
	 * @param id its id
	 * @param time when it ended
	 * @return the entry
	 */
	public static UsageEntry failed(String id, Instant time) {
		return new UsageEntry(id, id, UsageEntry.Kind.ATTEMPT, 1, time, "chat", "local", null, null, Map.of(),
				StreamOutcome.End.FAILED, ErrorKind.STALL_TIMEOUT, null,
				new Usage(7, 3, 0, 0, 0, Usage.Source.ESTIMATED), null, true, 1,
				UsageTiming.of(Duration.ofMillis(500), null, 3));
	}

	/**
	 * A stream of one attempt.
	 * @param id its id
	 * @param time when it ended
	 * @param tags the tags
	 * @return the entry
	 */
	public static UsageEntry stream(String id, Instant time, Map<String, String> tags) {
		return new UsageEntry(id, id, UsageEntry.Kind.STREAM, 1, time, "chat", "openai", "m", "m", tags,
				StreamOutcome.End.COMPLETED, null, FinishReason.STOP, Usage.reported(100, 20), BigDecimal.ONE, false, 1,
				UsageTiming.of(Duration.ofMillis(2_100), Duration.ofMillis(150), 20));
	}

}
