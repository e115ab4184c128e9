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

package io.llmstream.resilience;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import org.jspecify.annotations.Nullable;

/**
 * When a circuit breaker opens and when it tries again.
 *
 * @param failureRateThreshold the percentage of failed calls at which it opens, above 0
 * and up to 100
 * @param slowFirstToken a first token that takes longer makes a call slow; {@code null}
 * if none is slow
 * @param slowRateThreshold the percentage of slow calls at which it opens, above 0 and up
 * to 100
 * @param minimumCalls how many calls must have ended before it opens, 1 or more
 * @param window how many of the last calls count, 1 or more
 * @param waitInOpenState how long it turns calls away before it lets some through to try
 * @param callsInHalfOpenState how many it then lets through, 1 or more
 */
public record CircuitBreakerSettings(float failureRateThreshold, @Nullable Duration slowFirstToken,
		float slowRateThreshold, int minimumCalls, int window, Duration waitInOpenState, int callsInHalfOpenState) {

	private static final Duration NEVER_SLOW = Duration.ofDays(365);

	/**
	 * Create settings.
	 * @throws IllegalArgumentException if a value is out of its range; the message names
	 * it
	 */
	public CircuitBreakerSettings {
		check(failureRateThreshold > 0 && failureRateThreshold <= 100, "failureRateThreshold", failureRateThreshold);
		check(slowFirstToken == null || isPositive(slowFirstToken), "slowFirstToken", slowFirstToken);
		check(slowRateThreshold > 0 && slowRateThreshold <= 100, "slowRateThreshold", slowRateThreshold);
		check(minimumCalls > 0, "minimumCalls", minimumCalls);
		check(window > 0, "window", window);
		check(isPositive(waitInOpenState), "waitInOpenState", waitInOpenState);
		check(callsInHalfOpenState > 0, "callsInHalfOpenState", callsInHalfOpenState);
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

	private static void check(boolean valid, String name, @Nullable Object value) {
		if (!valid) {
			throw new IllegalArgumentException(name + " is out of its range: " + value);
		}
	}

	/**
	 * Opens when half of the last 50 calls failed, after at least ten, and tries three
	 * calls after 30 seconds. No first token is too slow.
	 * @return the settings
	 */
	public static CircuitBreakerSettings defaults() {
		return new CircuitBreakerSettings(50, null, 80, 10, 50, Duration.ofSeconds(30), 3);
	}

	/**
	 * The configuration of a Resilience4j breaker. {@link #isFailure} says what counts;
	 * other failures are neutral.
	 * @return a builder, for what these settings do not know
	 */
	public CircuitBreakerConfig.Builder toConfig() {
		return CircuitBreakerConfig.custom()
			.failureRateThreshold(this.failureRateThreshold)
			.slowCallDurationThreshold((this.slowFirstToken != null) ? this.slowFirstToken : NEVER_SLOW)
			.slowCallRateThreshold(this.slowRateThreshold)
			.minimumNumberOfCalls(this.minimumCalls)
			.slidingWindowSize(this.window)
			.waitDurationInOpenState(this.waitInOpenState)
			.permittedNumberOfCallsInHalfOpenState(this.callsInHalfOpenState)
			// a route asks a target whose breaker is open last, so that no request may
			// come that would end the wait
			.automaticTransitionFromOpenToHalfOpenEnabled(true)
			.ignoreException((error) -> !isFailure(error))
			.writableStackTraceEnabled(false);
	}

	/**
	 * Whether an error is the provider's failure: no connection, an overload, a failure
	 * of the server, an answer that breaks off, is malformed, stalls or does not begin.
	 * What the request, the key, the account or the caller's own limits are to blame for
	 * is not, and neither are too many requests: the provider works, and says when to
	 * return.
	 * @param error the error
	 * @return whether it counts against the provider
	 */
	public static boolean isFailure(Throwable error) {
		if (!(error instanceof LlmStreamException failure)) {
			return false;
		}
		ErrorKind kind = failure.getKind();
		return switch (kind) {
			case OVERLOADED, SERVER_ERROR, CONNECT, TLS, TRUNCATED, MALFORMED, CONNECT_TIMEOUT, FIRST_TOKEN_TIMEOUT,
					STALL_TIMEOUT ->
				true;
			default -> false;
		};
	}

}
