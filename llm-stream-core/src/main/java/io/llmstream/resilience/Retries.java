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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.llmstream.AttemptLedger;
import io.llmstream.LlmStreamException;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.util.backoff.BackOffExecution;

/**
 * The retries of one subscription. Attempts follow each other, so that nothing here is
 * used by two threads at once.
 */
final class Retries {

	private static final Logger logger = LoggerFactory.getLogger(RetryBeforeContent.class);

	/** More than that before the first content, and it is taken for content. */
	private static final int MOST_OTHERS = 32;

	private final RetryBeforeContent filter;

	private final long started = now();

	private final List<Token> others = new ArrayList<>();

	private List<Token> othersToSkip = new ArrayList<>();

	private boolean content;

	private @Nullable BackOffExecution backOff;

	private @Nullable Duration delay;

	Retries(RetryBeforeContent filter) {
		this.filter = filter;
	}

	private static long now() {
		return Schedulers.parallel().now(TimeUnit.MILLISECONDS);
	}

	/**
	 * Prepare the next attempt.
	 */
	Flux<Token> attempt(Flux<Token> attempt) {
		Duration waited = this.delay;
		if (waited == null) {
			return attempt;
		}
		this.othersToSkip = new ArrayList<>(this.others);
		return attempt.contextWrite((context) -> AttemptLedger.afterDelay(context, waited));
	}

	/**
	 * Whether content has come, so that no attempt follows.
	 */
	boolean hasContent() {
		return this.content;
	}

	/**
	 * Take note of a token.
	 * @return whether it is passed on
	 */
	boolean passOn(Token token) {
		if (this.content) {
			return true;
		}
		if (token instanceof Token.Other) {
			if (this.othersToSkip.remove(token)) {
				return false;
			}
			this.others.add(token);
			this.content = this.others.size() >= MOST_OTHERS;
		}
		else {
			this.content = true;
		}
		return true;
	}

	/**
	 * What to do about a failure.
	 * @return how long to wait before the next attempt, or {@code null} to give up
	 */
	@Nullable Duration next(Throwable failure) {
		if (!(failure instanceof LlmStreamException error)) {
			return null;
		}
		Duration wait = delay(error);
		if (wait != null) {
			this.delay = wait;
			logger.debug("{} failed with {} before any content; next attempt in {} ms", error.getProvider(),
					error.getKind(), wait.toMillis());
		}
		return wait;
	}

	private @Nullable Duration delay(LlmStreamException error) {
		if (this.content || !this.filter.isRetryable(error)) {
			return null;
		}
		if (this.backOff == null) {
			this.backOff = this.filter.backOff().start();
		}
		long millis = this.backOff.nextBackOff();
		if (millis == BackOffExecution.STOP) {
			return null;
		}
		Duration wait = Duration.ofMillis(millis);
		Duration asked = error.getRetryAfter();
		if (asked != null) {
			if (asked.compareTo(this.filter.settings().maxDelay()) > 0) {
				return null;
			}
			wait = asked.plus(this.filter.settings().randomJitter());
		}
		Duration timeout = this.filter.timeout();
		boolean inTime = timeout.isZero() || wait.plusMillis(now() - this.started).compareTo(timeout) <= 0;
		return (inTime) ? wait : null;
	}

}
