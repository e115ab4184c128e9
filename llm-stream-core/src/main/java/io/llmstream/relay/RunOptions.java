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
package io.llmstream.relay;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What one run has otherwise than {@link RunSettings} say for all. Immutable.
 *
 * @param onDisconnect what becomes of the run when the last browser leaves, or
 * {@code null} for what the settings say
 * @param grace how long it may be without a browser, or {@code null} for what the
 * settings say; for its first one it waits 30 seconds at least
 * @param idempotencyKey under which a second start of the same owner finds this run
 * instead of starting another one, for as long as the run can be read; {@code null} for
 * none
 */
public record RunOptions(@Nullable DisconnectPolicy onDisconnect, @Nullable Duration grace,
		@Nullable String idempotencyKey) {

	private static final RunOptions NONE = new RunOptions(null, null, null);

	/**
	 * Create options.
	 */
	public RunOptions {
		Assert.isTrue(grace == null || !grace.isNegative(), "grace must not be negative");
	}

	/**
	 * Nothing that the settings do not say.
	 * @return no options
	 */
	public static RunOptions none() {
		return NONE;
	}

	/**
	 * Options with a policy.
	 * @param policy what becomes of the run when the last browser leaves
	 * @return new options
	 */
	public static RunOptions onDisconnect(DisconnectPolicy policy) {
		return new RunOptions(policy, null, null);
	}

	/**
	 * Options with {@link DisconnectPolicy#GRACE} and a time of their own.
	 * @param grace how long the run may be without a browser
	 * @return new options
	 */
	public static RunOptions grace(Duration grace) {
		return new RunOptions(DisconnectPolicy.GRACE, grace, null);
	}

	/**
	 * Add the request's {@code Idempotency-Key}. Without an owner a key must have 20
	 * characters at least, so that nobody comes upon the answer of somebody else.
	 * @param key the key, at most 255 characters, or {@code null} for none
	 * @return changed options
	 */
	public RunOptions withIdempotencyKey(@Nullable String key) {
		return new RunOptions(this.onDisconnect, this.grace, key);
	}

}
