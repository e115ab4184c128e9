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
import java.util.TreeMap;

import io.llmstream.RateLimit;
import io.llmstream.RateLimitState;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rate limits that most providers tell with every answer: the headers
 * {@code x-ratelimit-limit-requests} and their like, and
 * {@code anthropic-ratelimit-requests-limit} and theirs.
 */
public final class RateLimitHeaders {

	private static final String ANTHROPIC = "anthropic-ratelimit-";

	private static final String COMMON = "x-ratelimit-";

	private static final String BY_SIZE = "ratelimitbysize-";

	private RateLimitHeaders() {
	}

	/**
	 * Read the headers of an answer.
	 * @param headers the headers, names in lower case
	 * @param now when the answer came
	 * @return the limits, or {@code null} if it tells none
	 */
	public static @Nullable RateLimitState read(Map<String, String> headers, Instant now) {
		Map<String, Values> limits = new TreeMap<>();
		headers.forEach((name, value) -> {
			if (name.startsWith(ANTHROPIC)) {
				int end = name.lastIndexOf('-');
				if (end > ANTHROPIC.length()) {
					put(limits, name.substring(ANTHROPIC.length(), end), name.substring(end + 1), value);
				}
			}
			else if (name.startsWith(COMMON)) {
				common(limits, name.substring(COMMON.length()), "requests", value);
			}
			else if (name.startsWith(BY_SIZE)) {
				common(limits, name.substring(BY_SIZE.length()), "tokens", value);
			}
		});
		limits.values().removeIf(Values::isEmpty);
		if (limits.isEmpty()) {
			return null;
		}
		RetryDelays delays = new RetryDelays(() -> now);
		return new RateLimitState(limits.entrySet()
			.stream()
			.map((limit) -> limit.getValue().toLimit(limit.getKey(), headers, delays, now))
			.toList(), now);
	}

	private static void common(Map<String, Values> limits, String name, String unnamed, String value) {
		int end = name.indexOf('-');
		put(limits, (end < 0) ? unnamed : name.substring(end + 1), (end < 0) ? name : name.substring(0, end), value);
	}

	private static void put(Map<String, Values> limits, String name, String what, String value) {
		Values values = limits.computeIfAbsent(name, (key) -> new Values());
		switch (what) {
			case "limit" -> values.limit = number(value);
			case "remaining" -> values.remaining = number(value);
			case "reset" -> values.reset = value;
			default -> {
				// such as OpenRouter's policy, which is not a number
			}
		}
	}

	private static @Nullable Long number(String value) {
		String text = value.strip();
		int end = 0;
		while (end < text.length() && end < 18 && Character.isDigit(text.charAt(end))) {
			end++;
		}
		// "100, 100;w=60" names the window as well
		boolean whole = end == text.length() || text.charAt(end) == ',' || text.charAt(end) == ';'
				|| text.charAt(end) == '.';
		return (end > 0 && whole) ? Long.valueOf(text.substring(0, end)) : null;
	}

	private static final class Values {

		private @Nullable Long limit;

		private @Nullable Long remaining;

		private @Nullable String reset;

		private boolean isEmpty() {
			return this.limit == null && this.remaining == null && this.reset == null;
		}

		private RateLimit toLimit(String name, Map<String, String> headers, RetryDelays delays, Instant now) {
			Duration untilReset = delays.reset(new ErrorResponse(0, headers, ""), this.reset);
			return new RateLimit(name, this.limit, this.remaining, (untilReset != null) ? now.plus(untilReset) : null);
		}

	}

}
