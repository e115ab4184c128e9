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

package io.llmstream.engine;

import java.time.Instant;
import java.util.List;

import io.llmstream.RateLimitState;
import io.llmstream.TargetHealth;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a provider from its answers: the rate limits of each API key, and
 * which keys rest. Safe for use by several threads; never contains a key.
 */
public final class ProviderState implements TargetHealth {

	private final String name;

	private final KeyRing keys;

	ProviderState(String name, KeyRing keys) {
		this.name = name;
		this.keys = keys;
	}

	/**
	 * The provider's name in the configuration.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The API keys, in the order of the configuration. A provider that is used without a
	 * key has one entry.
	 * @return what is known of each now
	 */
	public List<Key> keys() {
		return this.keys.states();
	}

	/**
	 * The rate limits that were told last, whichever the key.
	 * @return the limits, or {@code null} if none were told yet
	 */
	public @Nullable RateLimitState rateLimits() {
		RateLimitState last = null;
		for (Key key : keys()) {
			RateLimitState state = key.rateLimits();
			if (state != null && (last == null || state.updated().isAfter(last.updated()))) {
				last = state;
			}
		}
		return last;
	}

	/**
	 * Whether there is a key that does not rest.
	 * @return whether a request has a chance
	 */
	public boolean hasReadyKey() {
		return keys().stream().anyMatch((key) -> key.coolingUntil() == null);
	}

	/**
	 * {@link TargetHealth.State#LIMITED} while all keys rest or have used up a limit.
	 */
	@Override
	public State state() {
		return (keys().stream().allMatch(this::isLimited)) ? State.LIMITED : State.UP;
	}

	private boolean isLimited(Key key) {
		if (key.coolingUntil() != null) {
			return true;
		}
		Instant now = KeyRing.now();
		RateLimitState limits = key.rateLimits();
		return limits != null && limits.limits()
			.stream()
			.anyMatch((limit) -> limit.isExhausted() && limit.reset() != null && limit.reset().isAfter(now));
	}

	@Override
	public String toString() {
		return "ProviderState[" + this.name + ", " + keys() + "]";
	}

	/**
	 * What is known of one API key.
	 *
	 * @param number which of the keys, counted from 1
	 * @param coolingUntil until when the key rests after the provider refused it, or
	 * {@code null} if it does not
	 * @param rateLimits the limits that were told last, or {@code null} if none were
	 */
	public record Key(int number, @Nullable Instant coolingUntil, @Nullable RateLimitState rateLimits) {
	}

}
