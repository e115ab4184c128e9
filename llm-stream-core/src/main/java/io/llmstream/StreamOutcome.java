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

import org.jspecify.annotations.Nullable;

/**
 * How an attempt to stream an answer ended.
 *
 * @param end the way it ended
 * @param provider the provider's name in the configuration
 * @param model the model that was asked, or that answered where the provider says so
 * @param responseId the provider's id of the answer, or {@code null}
 * @param usage what it used, as far as it is known
 * @param finishReason why the model stopped, only with {@link End#COMPLETED}
 * @param error what went wrong, only with {@link End#FAILED}
 */
public record StreamOutcome(End end, String provider, @Nullable String model, @Nullable String responseId, Usage usage,
		@Nullable FinishReason finishReason, @Nullable LlmStreamException error) {

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
