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
import java.util.function.Predicate;

import io.llmstream.AttemptLedger;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamFilter;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import reactor.core.publisher.Flux;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOff;

/**
 * Sends a request again if it failed for a reason that may pass, as long as no
 * {@linkplain Token#hasContent() content} has reached the subscriber. Waits as long as
 * the provider asks for, and gives up at once where that is longer than the longest wait.
 * Cancelling ends a wait too.
 * <p>
 * {@link Token.Other} is no content: one that an earlier attempt passed on is not passed
 * on again. {@link Token.ReplayState} is content, because it would stand in the
 * conversation twice.
 */
public final class RetryBeforeContent implements StreamFilter {

	private final RetrySettings settings;

	private final Predicate<LlmStreamException> retryable;

	private final BackOff backOff;

	private final Duration timeout;

	/**
	 * Create a filter that retries what {@link RetryClassifier#defaults()} says.
	 * @param settings how often and how fast to try again
	 */
	public RetryBeforeContent(RetrySettings settings) {
		this(settings, RetryClassifier.defaults());
	}

	/**
	 * Create a filter.
	 * @param settings how often and how fast to try again
	 * @param classifier what to try again
	 */
	public RetryBeforeContent(RetrySettings settings, RetryClassifier classifier) {
		this(settings, classifier::shouldRetry, settings.backOff(), Duration.ZERO);
	}

	/**
	 * Create a filter with a policy of Spring's own type: what it rejects is not tried
	 * again, even if the classifier says so; how often and how fast is told by its
	 * back-off, whose end is the last attempt, and for how long by its time-out, in which
	 * waits are counted. Its methods must not block.
	 * @param settings the longest wait that a provider may ask for, and the jitter on it;
	 * everything else comes from the policy
	 * @param classifier what to try again
	 * @param policy what, how often and how fast to try again
	 */
	public RetryBeforeContent(RetrySettings settings, RetryClassifier classifier, RetryPolicy policy) {
		this(settings, (error) -> classifier.shouldRetry(error) && policy.shouldRetry(error), policy.getBackOff(),
				policy.getTimeout());
	}

	private RetryBeforeContent(RetrySettings settings, Predicate<LlmStreamException> retryable, BackOff backOff,
			Duration timeout) {
		this.settings = settings;
		this.retryable = retryable;
		this.backOff = backOff;
		this.timeout = timeout;
	}

	@Override
	public Flux<Token> filter(StreamRequest request, StreamingModel next) {
		return AttemptLedger.keep(new RetriedFlux(this, () -> next.stream(request)));
	}

	RetrySettings settings() {
		return this.settings;
	}

	boolean isRetryable(LlmStreamException error) {
		return this.retryable.test(error);
	}

	BackOff backOff() {
		return this.backOff;
	}

	Duration timeout() {
		return this.timeout;
	}

}
