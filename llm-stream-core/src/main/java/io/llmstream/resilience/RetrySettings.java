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
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * How often and how fast to try again.
 *
 * @param maxRetries how many times to try again after the first attempt, 0 or more
 * @param delay the wait before the first retry, where the provider does not name one
 * @param multiplier by how much the wait grows from retry to retry, 1 or more
 * @param maxDelay the longest wait; where the provider asks for longer, there is no retry
 * @param jitter up to how much is added to a wait at random, so that clients do not
 * return together
 */
public record RetrySettings(int maxRetries, Duration delay, double multiplier, Duration maxDelay, Duration jitter) {

	/**
	 * Create settings.
	 * @throws IllegalArgumentException if a value is out of its range; the message names
	 * it
	 */
	public RetrySettings {
		check(maxRetries >= 0, "maxRetries must be 0 or more", maxRetries);
		check(!delay.isNegative(), "delay must not be negative", delay);
		check(multiplier >= 1, "multiplier must be 1 or more", multiplier);
		check(!maxDelay.isNegative(), "maxDelay must not be negative", maxDelay);
		check(!jitter.isNegative(), "jitter must not be negative", jitter);
	}

	/**
	 * Two retries, after half a second and a second, with up to 200 ms of jitter and
	 * waits of ten seconds at most.
	 * @return the settings
	 */
	public static RetrySettings defaults() {
		return new RetrySettings(2, Duration.ofMillis(500), 2, Duration.ofSeconds(10), Duration.ofMillis(200));
	}

	BackOff backOff() {
		return () -> new BackOffExecution() {

			private int retries;

			@Override
			public long nextBackOff() {
				return (this.retries == RetrySettings.this.maxRetries) ? STOP : backoff(this.retries++).toMillis();
			}

		};
	}

	private Duration backoff(int retry) {
		double millis = Math.min(this.delay.toMillis() * Math.pow(this.multiplier, retry), this.maxDelay.toMillis());
		return Duration.ofMillis((long) millis).plus(randomJitter());
	}

	Duration randomJitter() {
		long most = this.jitter.toMillis();
		return (most == 0) ? Duration.ZERO : Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1));
	}

	private static void check(boolean condition, String message, Object value) {
		if (!condition) {
			throw new IllegalArgumentException(message + ", but is " + value);
		}
	}

}
