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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.RateLimitState;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * The API keys of one provider. One is used until the provider refuses it; then it rests,
 * and the next one's turn has come.
 */
final class KeyRing {

	/** Stands for the key of a provider that is used without one. */
	private static final String NONE = "";

	private final Supplier<List<String>> source;

	private final Duration coolDown;

	private final Map<String, KeyRecord> records = new HashMap<>();

	private String inUse = NONE;

	KeyRing(Supplier<List<String>> source, Duration coolDown) {
		this.source = source;
		this.coolDown = coolDown;
	}

	static Instant now() {
		return Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS));
	}

	private List<String> keys() {
		Set<String> keys = new LinkedHashSet<>();
		for (String key : this.source.get()) {
			// one that was read from a file mostly ends with a line break
			if (!key.isBlank()) {
				keys.add(key.strip());
			}
		}
		return new ArrayList<>(keys);
	}

	boolean hasSeveral() {
		return keys().size() > 1;
	}

	/**
	 * Choose a key: the one in use, or the next that does not rest, or, where all rest,
	 * the one that has rested soonest.
	 * @param without keys that were tried for this request
	 * @return the key, or {@code null} if there is none
	 */
	@Nullable String choose(Set<String> without) {
		List<String> keys = keys();
		synchronized (this) {
			this.records.keySet().removeIf((key) -> !key.equals(NONE) && !keys.contains(key));
			String ready = ready(keys, without);
			String chosen = (ready != null) ? ready : soonest(keys);
			if (chosen != null) {
				this.inUse = chosen;
			}
			return chosen;
		}
	}

	/**
	 * Whether there is another key that does not rest.
	 */
	boolean hasReady(Set<String> without) {
		List<String> keys = keys();
		synchronized (this) {
			return ready(keys, without) != null;
		}
	}

	private @Nullable String ready(List<String> keys, Set<String> without) {
		Instant now = now();
		int first = Math.max(0, keys.indexOf(this.inUse));
		for (int i = 0; i < keys.size(); i++) {
			String key = keys.get((first + i) % keys.size());
			if (!without.contains(key) && coolingUntil(key, now) == null) {
				return key;
			}
		}
		return null;
	}

	private @Nullable String soonest(List<String> keys) {
		Instant now = now();
		String soonest = null;
		Instant earliest = Instant.MAX;
		for (String key : keys) {
			Instant until = coolingUntil(key, now);
			Instant end = (until != null) ? until : now;
			if (end.isBefore(earliest)) {
				soonest = key;
				earliest = end;
			}
		}
		return soonest;
	}

	private @Nullable Instant coolingUntil(String key, Instant now) {
		KeyRecord record = this.records.get(key);
		Instant until = (record != null) ? record.coolingUntil : null;
		return (until != null && until.isAfter(now)) ? until : null;
	}

	/**
	 * Take note of how an attempt failed.
	 * @param key the key that was used, or {@code null} if none was
	 */
	void failed(@Nullable String key, LlmStreamException error) {
		if (key == null || !isRefusal(error.getKind())) {
			return;
		}
		Duration asked = (error.getKind() == ErrorKind.RATE_LIMITED) ? error.getRetryAfter() : null;
		Instant until = now().plus((asked != null) ? asked : this.coolDown);
		synchronized (this) {
			record(key).coolingUntil = until;
		}
	}

	/**
	 * Whether another key may be accepted where this one was not.
	 */
	static boolean isRefusal(ErrorKind kind) {
		return kind == ErrorKind.RATE_LIMITED || kind == ErrorKind.AUTHENTICATION || kind == ErrorKind.QUOTA_EXHAUSTED;
	}

	synchronized void limits(@Nullable String key, RateLimitState limits) {
		record((key != null) ? key : NONE).limits = limits;
	}

	private KeyRecord record(String key) {
		return this.records.computeIfAbsent(key, (name) -> new KeyRecord());
	}

	List<ProviderState.Key> states() {
		List<String> keys = keys();
		if (keys.isEmpty()) {
			keys.add(NONE);
		}
		Instant now = now();
		List<ProviderState.Key> states = new ArrayList<>();
		synchronized (this) {
			for (String key : keys) {
				KeyRecord record = this.records.get(key);
				states.add(new ProviderState.Key(states.size() + 1, coolingUntil(key, now),
						(record != null) ? record.limits : null));
			}
		}
		return List.copyOf(states);
	}

	/**
	 * What is known of one key.
	 */
	private static final class KeyRecord {

		private @Nullable Instant coolingUntil;

		private @Nullable RateLimitState limits;

	}

}
