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

package io.llmstream;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a stream ended.
 *
 * @param end the way it ended
 * @param provider the name, in the configuration, of the provider whose attempt made the
 * end; empty if none was asked
 * @param model the model that was asked, or that answered where the provider says so
 * @param responseId the provider's id of the answer, or {@code null}
 * @param usage what the attempt that made the end used, as far as it is known; the
 * others' usage is in their attempts
 * @param finishReason why the model stopped, only with {@link End#COMPLETED}
 * @param error what went wrong, only with {@link End#FAILED}; {@code null} also if a
 * filter failed with an exception of another type
 * @param attempts what was tried, in the order in which it ended
 */
public record StreamOutcome(End end, String provider, @Nullable String model, @Nullable String responseId, Usage usage,
		@Nullable FinishReason finishReason, @Nullable LlmStreamException error, List<StreamAttempt> attempts) {

	/**
	 * Create an outcome.
	 */
	public StreamOutcome {
		attempts = List.copyOf(attempts);
	}

	/**
	 * Ways to end.
	 */
	public enum End {

		/** With a {@link Token.Finish}. */
		COMPLETED,

		/** With an error. */
		FAILED,

		/** The subscriber cancelled. */
		CANCELLED

	}

}
