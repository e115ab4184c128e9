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

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads how long a provider asks to wait. What is negative, zero, or longer than any
 * provider means is taken as not said.
 */
final class RetryDelays {

	private static final Duration LONGEST = Duration.ofDays(7);

	private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(LONGEST.toSeconds());

	private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,15})?");

	private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,15})?)(ms|us|µs|ns|h|m|s)");

	private static final Pattern IN_MESSAGE = Pattern
		.compile("(?:try again|retry) in ((?:\\d{1,9}(?:\\.\\d{1,15})?(?:ms|h|m|s)){1,6})\\b");

	/** Epoch times in seconds are above it, delays below. */
	private static final BigDecimal FIRST_EPOCH_SECOND = BigDecimal.valueOf(1_000_000_000L);

	private static final BigDecimal FIRST_EPOCH_MILLI = BigDecimal.valueOf(1_000_000_000_000L);

	private static final List<Limit> LIMITS = List.of(limit("x-ratelimit-", "requests"),
			limit("x-ratelimit-", "tokens"), new Limit("x-ratelimit-remaining", "x-ratelimit-reset"),
			anthropic("requests"), anthropic("tokens"), anthropic("input-tokens"), anthropic("output-tokens"),
			new Limit("ratelimitbysize-remaining", "ratelimitbysize-reset"));

	private final InstantSource clock;

	RetryDelays(InstantSource clock) {
		this.clock = clock;
	}

	private static Limit limit(String prefix, String what) {
		return new Limit(prefix + "remaining-" + what, prefix + "reset-" + what);
	}

	private static Limit anthropic(String what) {
		return new Limit("anthropic-ratelimit-" + what + "-remaining", "anthropic-ratelimit-" + what + "-reset");
	}

	/**
	 * What is asked for outright: a header, else the body, else a sentence in the body.
	 */
	@Nullable Duration explicit(@Nullable ErrorResponse response, ErrorBody body) {
		Duration delay = (response != null) ? retryAfter(response) : null;
		if (delay == null) {
			delay = body.retryDelay();
		}
		if (delay == null && body.message() != null) {
			Matcher matcher = IN_MESSAGE.matcher(body.message());
			delay = (matcher.find()) ? duration(matcher.group(1)) : null;
		}
		return delay;
	}

	private @Nullable Duration retryAfter(ErrorResponse response) {
		String millis = response.header("retry-after-ms");
		Duration delay = (millis != null && NUMBER.matcher(millis.strip()).matches())
				? seconds(new BigDecimal(millis.strip()).movePointLeft(3)) : null;
		if (delay != null) {
			return delay;
		}
		String text = response.header("retry-after");
		if (text == null) {
			return null;
		}
		if (NUMBER.matcher(text.strip()).matches()) {
			return seconds(new BigDecimal(text.strip()));
		}
		Instant date = httpDate(text);
		return (date != null) ? sane(Duration.between(now(response), date)) : null;
	}

	/**
	 * When the limits that are used up are available again; if none says that it is used
	 * up, when the first one is.
	 */
	@Nullable Duration untilReset(ErrorResponse response) {
		List<Duration> exhausted = new ArrayList<>();
		List<Duration> others = new ArrayList<>();
		for (Limit limit : LIMITS) {
			Duration delay = reset(response, response.header(limit.reset()));
			if (delay != null) {
				String remaining = response.header(limit.remaining());
				(("0".equals(remaining)) ? exhausted : others).add(delay);
			}
		}
		if (!exhausted.isEmpty()) {
			return exhausted.stream().max(Duration::compareTo).orElse(null);
		}
		return others.stream().min(Duration::compareTo).orElse(null);
	}

	@Nullable Duration reset(ErrorResponse response, @Nullable String text) {
		if (text == null) {
			return null;
		}
		if (NUMBER.matcher(text.strip()).matches()) {
			return resetNumber(response, new BigDecimal(text.strip()));
		}
		Duration delay = duration(text);
		if (delay != null) {
			return delay;
		}
		try {
			return sane(Duration.between(now(response),
					DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text.strip(), Instant::from)));
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	private @Nullable Duration resetNumber(ErrorResponse response, BigDecimal number) {
		if (number.compareTo(FIRST_EPOCH_SECOND) < 0) {
			return seconds(number);
		}
		long millis = ((number.compareTo(FIRST_EPOCH_MILLI) < 0) ? number.movePointRight(3) : number).longValue();
		return sane(Duration.between(now(response), Instant.ofEpochMilli(millis)));
	}

	// the server's own clock, if it shows it, for ours may differ
	private Instant now(ErrorResponse response) {
		String date = response.header("date");
		Instant now = (date != null) ? httpDate(date) : null;
		return (now != null) ? now : this.clock.instant();
	}

	private static @Nullable Instant httpDate(String text) {
		try {
			return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	/**
	 * Read a duration such as {@code 48s}, {@code 1.5s}, {@code 6m0s} or {@code 130ms}.
	 * @return the duration, or {@code null} if it is none
	 */
	static @Nullable Duration duration(String text) {
		String stripped = text.strip();
		Matcher matcher = DURATION_PART.matcher(stripped);
		BigDecimal seconds = BigDecimal.ZERO;
		int end = 0;
		while (end < stripped.length() && matcher.find() && matcher.start() == end) {
			seconds = seconds.add(inSeconds(new BigDecimal(matcher.group(1)), matcher.group(2)));
			end = matcher.end();
		}
		return (end == stripped.length() && end > 0) ? seconds(seconds) : null;
	}

	private static BigDecimal inSeconds(BigDecimal number, String unit) {
		return switch (unit) {
			case "h" -> number.multiply(BigDecimal.valueOf(3600));
			case "m" -> number.multiply(BigDecimal.valueOf(60));
			case "s" -> number;
			case "ms" -> number.movePointLeft(3);
			case "ns" -> number.movePointLeft(9);
			default -> number.movePointLeft(6);
		};
	}

	private static @Nullable Duration seconds(BigDecimal seconds) {
		if (seconds.compareTo(LONGEST_SECONDS) > 0) {
			return null;
		}
		return sane(Duration.ofNanos(seconds.movePointRight(9).longValue()));
	}

	private static @Nullable Duration sane(Duration delay) {
		return (delay.isNegative() || delay.isZero() || delay.compareTo(LONGEST) > 0) ? null : delay;
	}

	/**
	 * The headers of one rate limit.
	 */
	private record Limit(String remaining, String reset) {
	}

}
