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

package io.llmstream.observation;

import java.time.Instant;

import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * How the last attempts to get an answer from a provider ended. What the request, or our
 * own limits, are to blame for does not count, nor does a cancel.
 *
 * @param failuresInARow how many attempts have failed since the last answer
 * @param lastFailure when one failed last, or {@code null}
 * @param lastFailureKind the kind of the last failure, or {@code null}
 * @param lastAnswer when the provider answered last, or {@code null}
 */
public record ProviderOutcomes(int failuresInARow, @Nullable Instant lastFailure, @Nullable ErrorKind lastFailureKind,
		@Nullable Instant lastAnswer) {

	static final ProviderOutcomes NONE = new ProviderOutcomes(0, null, null, null);

	ProviderOutcomes failed(ErrorKind kind, Instant now) {
		return new ProviderOutcomes(this.failuresInARow + 1, now, kind, this.lastAnswer);
	}

	ProviderOutcomes answered(Instant now) {
		return new ProviderOutcomes(0, this.lastFailure, this.lastFailureKind, now);
	}

}
