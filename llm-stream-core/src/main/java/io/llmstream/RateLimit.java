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

import org.jspecify.annotations.Nullable;

/**
 * One rate limit, as a provider told it with an answer.
 *
 * @param name what is limited, in the provider's word: {@code requests}, {@code tokens},
 * {@code input-tokens}, …
 * @param limit how many there may be, or {@code null} if the provider does not say
 * @param remaining how many are left, or {@code null} if the provider does not say
 * @param reset when all are available again, or {@code null} if the provider does not say
 */
public record RateLimit(String name, @Nullable Long limit, @Nullable Long remaining, @Nullable Instant reset) {

	/**
	 * Whether nothing is left.
	 * @return whether the limit is used up
	 */
	public boolean isExhausted() {
		return this.remaining != null && this.remaining <= 0;
	}

}
