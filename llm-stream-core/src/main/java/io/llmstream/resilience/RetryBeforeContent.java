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

import io.llmstream.LlmStreamException;
import io.llmstream.StreamFilter;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends a request again if it failed for a reason that may pass, as long as no token has
 * reached the subscriber. Waits as long as the provider asks for, and gives up at once
 * where that is longer than the longest wait. Cancelling ends a wait too.
 */
public final class RetryBeforeContent implements StreamFilter {

	private static final Logger logger = LoggerFactory.getLogger(RetryBeforeContent.class);

	private final RetrySettings settings;

	/**
	 * Create a filter.
	 * @param settings how often and how fast to try again
	 */
	public RetryBeforeContent(RetrySettings settings) {
		this.settings = settings;
	}

	@Override
	public Flux<Token> filter(StreamRequest request, StreamingModel next) {
		return (this.settings.maxRetries() == 0) ? next.stream(request)
				: Flux.defer(() -> attempt(request, next, new State()));
	}

	private Flux<Token> attempt(StreamRequest request, StreamingModel next, State state) {
		return next.stream(request)
			.doOnNext((token) -> state.content = true)
			.onErrorResume(LlmStreamException.class, (error) -> {
				Duration delay = delay(error, state);
				if (delay == null) {
					return Flux.error(error);
				}
				state.retries++;
				logger.debug("{} failed with {} before the first token; retry {} of {} in {} ms", error.getProvider(),
						error.getKind(), state.retries, this.settings.maxRetries(), delay.toMillis());
				return Mono.delay(delay).thenMany(attempt(request, next, state));
			});
	}

	private @Nullable Duration delay(LlmStreamException error, State state) {
		if (state.content || !error.getKind().isTransient() || state.retries >= this.settings.maxRetries()) {
			return null;
		}
		Duration asked = error.getRetryAfter();
		if (asked == null) {
			return this.settings.backoff(state.retries);
		}
		return (asked.compareTo(this.settings.maxDelay()) > 0) ? null : asked.plus(this.settings.randomJitter());
	}

	private static final class State {

		private volatile boolean content;

		private int retries;

	}

}
