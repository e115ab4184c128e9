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
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

import io.llmstream.AttemptLedger;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Asks with the next API key, at once, where the provider refuses one before it has said
 * anything. Each key is tried once for a subscription. If all are refused, the failure is
 * the one that passes soonest.
 */
final class KeyRotation {

	private final KeyRing keys;

	private final Function<@Nullable String, Flux<Token>> attempts;

	private final Set<String> tried = new HashSet<>();

	private boolean begun;

	private boolean again;

	private @Nullable LlmStreamException best;

	KeyRotation(KeyRing keys, Function<@Nullable String, Flux<Token>> attempts) {
		this.keys = keys;
		this.attempts = attempts;
	}

	Flux<Token> tokens() {
		return Flux.defer(this::attempt)
			.retryWhen(Retry.from((signals) -> signals.concatMap((signal) -> next(signal.failure()))));
	}

	private Flux<Token> attempt() {
		String key = this.keys.choose(this.tried);
		if (key != null) {
			this.tried.add(key);
		}
		Flux<Token> tokens = this.attempts.apply(key).doOnNext((token) -> this.begun = true);
		// the wait was the first key's
		return (this.again) ? tokens.contextWrite((context) -> AttemptLedger.afterDelay(context, Duration.ZERO))
				: tokens;
	}

	private Mono<Boolean> next(Throwable failure) {
		if (this.begun || !(failure instanceof LlmStreamException error) || !KeyRing.isRefusal(error.getKind())) {
			return Mono.error(failure);
		}
		LlmStreamException better = (this.best == null || passesSooner(error, this.best)) ? error : this.best;
		this.best = better;
		if (!this.keys.hasReady(this.tried)) {
			return Mono.error(better);
		}
		this.again = true;
		return Mono.just(true);
	}

	private static boolean passesSooner(LlmStreamException error, LlmStreamException other) {
		if (error.getKind() != ErrorKind.RATE_LIMITED) {
			return other.getKind() != ErrorKind.RATE_LIMITED;
		}
		Duration delay = error.getRetryAfter();
		Duration others = other.getRetryAfter();
		return other.getKind() != ErrorKind.RATE_LIMITED || others == null
				|| (delay != null && delay.compareTo(others) < 0);
	}

}
