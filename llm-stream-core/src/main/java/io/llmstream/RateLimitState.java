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

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The rate limits of one account with a provider, as the last answer told them.
 *
 * @param limits the limits, in the order of their names
 * @param updated when that answer came
 */
public record RateLimitState(List<RateLimit> limits, Instant updated) {

	/**
	 * Create a state.
	 */
	public RateLimitState {
		limits = List.copyOf(limits);
	}

	/**
	 * Find a limit.
	 * @param name its name, such as {@code requests} or {@code tokens}
	 * @return the limit, or {@code null} if the provider did not tell it
	 */
	public @Nullable RateLimit get(String name) {
		for (RateLimit limit : this.limits) {
			if (limit.name().equals(name)) {
				return limit;
			}
		}
		return null;
	}

}
