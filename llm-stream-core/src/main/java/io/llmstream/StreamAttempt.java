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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to get an answer from one provider, after it ended. What a stream tried is
 * in its {@link AttemptLedger}. Never contains a key, a prompt, or what the model said.
 *
 * @param provider the provider's name in the configuration
 * @param requestedModel the model that was asked, or {@code null} if none was chosen
 * @param model the model that was asked, or that answered where the provider says so
 * @param end how the attempt ended
 * @param errorKind the kind of failure, only with {@link StreamOutcome.End#FAILED}
 * @param finishReason why the model stopped; {@code null} if the answer was not complete,
 * which one may be whose subscriber left, or that failed, before its last token
 * @param error what went wrong, for people to read, or {@code null}
 * @param delay how long the stream waited before the attempt, zero or more
 * @param duration how long the attempt took, zero or more
 * @param timeToFirstToken how long it took until the first token that is
 * {@linkplain Token#hasContent() content}, or {@code null} if none came
 * @param tokens how many tokens with content were passed on
 * @param usage what it used, as far as it is known
 * @param requestId the provider's id of the request, or {@code null}
 * @param responseId the provider's id of the answer, or {@code null}
 */
public record StreamAttempt(String provider, @Nullable String requestedModel, @Nullable String model,
		StreamOutcome.End end, @Nullable ErrorKind errorKind, @Nullable FinishReason finishReason,
		@Nullable String error, Duration delay, Duration duration, @Nullable Duration timeToFirstToken, int tokens,
		Usage usage, @Nullable String requestId, @Nullable String responseId) {

	/**
	 * An attempt that failed before anything was sent, such as one that an open circuit
	 * breaker turned away.
	 * @param error why
	 * @param delay how long the stream waited before it
	 * @return the attempt
	 */
	public static StreamAttempt notSent(LlmStreamException error, Duration delay) {
		return new StreamAttempt(error.getProvider(), error.getModel(), error.getModel(), StreamOutcome.End.FAILED,
				error.getKind(), null, error.getFailure().message(), delay, Duration.ZERO, null, 0, Usage.NONE, null,
				null);
	}

}
