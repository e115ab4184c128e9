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

package io.llmstream.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.llmstream.RateLimit;
import io.llmstream.RateLimitState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateLimitHeaders}.
 */
class RateLimitHeadersTests {

	private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

	private static RateLimitState read(Map<String, String> headers) {
		RateLimitState state = RateLimitHeaders.read(headers, NOW);
		assertThat(state).isNotNull();
		assertThat(state.updated()).isEqualTo(NOW);
		return state;
	}

	private static RateLimit limit(String name, @Nullable Long limit, @Nullable Long remaining,
			@Nullable Duration reset) {
		return new RateLimit(name, limit, remaining, (reset != null) ? NOW.plus(reset) : null);
	}

	@Test
	void theCommonHeadersAreRead() {
		RateLimitState state = read(Map.of("x-ratelimit-limit-requests", "500", "x-ratelimit-remaining-requests", "499",
				"x-ratelimit-reset-requests", "120ms", "x-ratelimit-limit-tokens", "30000",
				"x-ratelimit-remaining-tokens", "0", "x-ratelimit-reset-tokens", "6m0s"));
		assertThat(state.limits()).containsExactly(limit("requests", 500L, 499L, Duration.ofMillis(120)),
				limit("tokens", 30000L, 0L, Duration.ofMinutes(6)));
		assertThat(state.get("tokens")).isNotNull().matches(RateLimit::isExhausted);
		assertThat(state.get("requests")).isNotNull().matches((limit) -> !limit.isExhausted());
		assertThat(state.get("words")).isNull();
	}

	@Test
	void anthropicsHeadersAreRead() {
		RateLimitState state = read(Map.of("anthropic-ratelimit-requests-limit", "50",
				"anthropic-ratelimit-requests-remaining", "49", "anthropic-ratelimit-requests-reset",
				"2026-03-01T12:00:30Z", "anthropic-ratelimit-input-tokens-remaining", "7"));
		assertThat(state.limits()).containsExactly(limit("input-tokens", null, 7L, null),
				limit("requests", 50L, 49L, Duration.ofSeconds(30)));
	}

	@Test
	void headersWithoutANameAndEpochTimesAreRead() {
		long reset = NOW.plusSeconds(90).toEpochMilli();
		RateLimitState state = read(Map.of("x-ratelimit-limit", "20", "x-ratelimit-remaining", "3", "x-ratelimit-reset",
				String.valueOf(reset), "ratelimitbysize-limit", "1000, 1000;w=60"));
		assertThat(state.limits()).containsExactly(limit("requests", 20L, 3L, Duration.ofSeconds(90)),
				limit("tokens", 1000L, null, null));
	}

	@Test
	void whatIsNoLimitIsNone() {
		assertThat(RateLimitHeaders.read(Map.of("retry-after", "5", "x-request-id", "1"), NOW)).isNull();
		assertThat(RateLimitHeaders.read(Map.of("x-ratelimit-limit-requests", "many", "x-ratelimit-policy", "60",
				"anthropic-ratelimit-", "1", "anthropic-ratelimit-unified-status", "allowed"), NOW))
			.isNull();
	}

}
