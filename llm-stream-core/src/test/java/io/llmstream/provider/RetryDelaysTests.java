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
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryDelays}, by way of {@link ErrorBodies}.
 */
class RetryDelaysTests {

	private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));

	private static final String RETRY_INFO = "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"message\":\"m\","
			+ "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\"},"
			+ "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"48.5s\"}]}}";

	@Test
	void millisecondsGoBeforeSecondsBeforeTheBodyBeforeLimits() {
		Map<String, String> headers = new HashMap<>(
				Map.of("retry-after-ms", "1500.5", "retry-after", "7", "x-ratelimit-reset-requests", "3s"));
		assertThat(delay(headers, RETRY_INFO)).isEqualTo(Duration.ofNanos(1_500_500_000));
		headers.remove("retry-after-ms");
		assertThat(delay(headers, RETRY_INFO)).isEqualTo(Duration.ofSeconds(7));
		headers.remove("retry-after");
		assertThat(delay(headers, RETRY_INFO)).isEqualTo(Duration.ofMillis(48_500));
		assertThat(delay(headers, "")).isEqualTo(Duration.ofSeconds(3));
	}

	@ParameterizedTest
	@CsvSource({ "7, PT7S", "0.25, PT0.25S", "' 20 ', PT20S", "'Sun, 01 Mar 2026 12:00:30 GMT', PT30S" })
	void readsRetryAfter(String header, Duration expected) {
		assertThat(delay(Map.of("retry-after", header), "")).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-5", "0", "soon", "1e9", "999999999", "99999999999999999999", "0x10",
			"Sun, 01 Mar 2026 11:00:00 GMT", "Sun, 01 Mar 2099 12:00:00 GMT", "NaN" })
	void ignoresAbsurdValues(String header) {
		assertThat(delay(Map.of("retry-after", header), "")).isNull();
		assertThat(delay(Map.of("retry-after-ms", header, "retry-after", "2"), "")).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void aDateIsComparedWithTheServersOwnClock() {
		assertThat(delay(
				Map.of("retry-after", "Sun, 01 Mar 2026 12:05:10 GMT", "date", "Sun, 01 Mar 2026 12:05:00 GMT"), ""))
			.isEqualTo(Duration.ofSeconds(10));
	}

	@ParameterizedTest
	@CsvSource({ "48s, PT48S", "1.5s, PT1.5S", "6m0s, PT6M", "130ms, PT0.13S", "2ms, PT0.002S", "1h2m3.5s, PT1H2M3.5S",
			"15µs, PT0.000015S", "15us, PT0.000015S", "7ns, PT0.000000007S" })
	void readsDurations(String text, Duration expected) {
		assertThat(RetryDelays.duration(text)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "s", "5", "-5s", "5s ago", "5x", "0s", "1s2", "900000h", "5 s" })
	void refusesWhatIsNoDuration(String text) {
		assertThat(RetryDelays.duration(text)).isNull();
	}

	@Test
	void waitsForTheExhaustedLimitsElseForTheFirst() {
		Map<String, String> headers = new HashMap<>(
				Map.of("x-ratelimit-reset-requests", "2ms", "x-ratelimit-reset-tokens", "6m0s"));
		assertThat(delay(headers, "")).isEqualTo(Duration.ofMillis(2));
		headers.put("x-ratelimit-remaining-requests", "10");
		headers.put("x-ratelimit-remaining-tokens", "0");
		assertThat(delay(headers, "")).isEqualTo(Duration.ofMinutes(6));
		headers.put("x-ratelimit-remaining-requests", "0");
		assertThat(delay(headers, "")).isEqualTo(Duration.ofMinutes(6));
		headers.put("x-ratelimit-remaining-tokens", "5");
		assertThat(delay(headers, "")).isEqualTo(Duration.ofMillis(2));
	}

	@Test
	void readsLimitsThatResetAtATime() {
		assertThat(delay(Map.of("anthropic-ratelimit-requests-remaining", "0", "anthropic-ratelimit-requests-reset",
				"2026-03-01T12:00:20Z", "anthropic-ratelimit-tokens-remaining", "900",
				"anthropic-ratelimit-tokens-reset", "2026-03-01T12:00:05Z"), ""))
			.isEqualTo(Duration.ofSeconds(20));
		assertThat(delay(Map.of("anthropic-ratelimit-input-tokens-reset", "2026-03-01T11:59:00Z"), "")).isNull();
		long reset = CLOCK.instant().plusSeconds(9).toEpochMilli();
		assertThat(delay(Map.of("x-ratelimit-reset", Long.toString(reset)), "")).isEqualTo(Duration.ofSeconds(9));
		assertThat(delay(Map.of("x-ratelimit-reset", Long.toString(reset / 1000)), ""))
			.isEqualTo(Duration.ofSeconds(9));
		assertThat(delay(Map.of("x-ratelimit-reset", "12"), "")).isEqualTo(Duration.ofSeconds(12));
		assertThat(delay(Map.of("x-ratelimit-reset", "tomorrow"), "")).isNull();
	}

	@Test
	void limitsSayNothingAboutOtherErrors() {
		Map<String, String> headers = Map.of("x-ratelimit-reset-requests", "20s");
		assertThat(ErrorBodies.read(new ErrorResponse(400, headers, ""), CLOCK).retryAfter()).isNull();
		assertThat(ErrorBodies.read(new ErrorResponse(503, Map.of("retry-after", "3"), ""), CLOCK).retryAfter())
			.isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void readsADelayFromTheMessage() {
		String json = "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow down. Please try again in 1m2.5s.\"}}";
		assertThat(ErrorBodies.readInStream(json).retryAfter()).isEqualTo(Duration.ofMillis(62_500));
		assertThat(ErrorBodies.readInStream(RETRY_INFO).retryAfter()).isEqualTo(Duration.ofMillis(48_500));
		assertThat(ErrorBodies.readInStream("please retry in a moment").retryAfter()).isNull();
	}

	private static @Nullable Duration delay(Map<String, String> headers, String body) {
		return ErrorBodies.read(new ErrorResponse(429, headers, body), CLOCK).retryAfter();
	}

}
