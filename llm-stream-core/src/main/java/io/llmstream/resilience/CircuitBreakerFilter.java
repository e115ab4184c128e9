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

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.llmstream.AttemptLedger;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamFailure;
import io.llmstream.StreamFilter;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.TargetHealth;
import io.llmstream.Token;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Turns requests away, with a {@link io.llmstream.CircuitOpenException}, while a provider
 * fails too often. What counts is how a stream ends and how long its first content takes,
 * never how long the answer is. A cancel is neither success nor failure.
 * <p>
 * Needs Resilience4j's circuit breaker on the classpath. The breaker may be one of a
 * registry, so that its metrics and its configuration apply.
 */
public final class CircuitBreakerFilter implements StreamFilter, TargetHealth {

	private final String provider;

	private final CircuitBreaker breaker;

	/**
	 * Create a filter.
	 * @param provider the provider's name in the configuration, for errors
	 * @param breaker the breaker, such as one of
	 * {@link CircuitBreakerSettings#toConfig()}
	 */
	public CircuitBreakerFilter(String provider, CircuitBreaker breaker) {
		this.provider = provider;
		this.breaker = breaker;
	}

	/**
	 * Create a filter with a breaker of its own.
	 * @param provider the provider's name in the configuration
	 * @param settings when the breaker opens and when it tries again
	 */
	public CircuitBreakerFilter(String provider, CircuitBreakerSettings settings) {
		this(provider, CircuitBreaker.of("llm-stream." + provider, settings.toConfig().build()));
	}

	/**
	 * The breaker.
	 * @return the breaker
	 */
	public CircuitBreaker breaker() {
		return this.breaker;
	}

	/**
	 * Whether requests are turned away now.
	 * @return whether the breaker is open
	 */
	public boolean isOpen() {
		CircuitBreaker.State state = this.breaker.getState();
		return state == CircuitBreaker.State.OPEN || state == CircuitBreaker.State.FORCED_OPEN;
	}

	@Override
	public State state() {
		return (isOpen()) ? State.DOWN : State.UP;
	}

	@Override
	public Flux<Token> filter(StreamRequest request, StreamingModel next) {
		return AttemptLedger.keep(Flux.deferContextual((context) -> {
			if (!this.breaker.tryAcquirePermission()) {
				return Flux.error(turnedAway(request, context));
			}
			return new WatchedFlux(Flux.defer(() -> next.stream(request)), new BreakerCall(this.breaker));
		}));
	}

	private LlmStreamException turnedAway(StreamRequest request, ContextView context) {
		LlmStreamException error = StreamFailure
			.of(ErrorKind.CIRCUIT_OPEN, this.provider,
					"the circuit breaker is open, because the provider failed or was slow too often of late")
			.model(request.model())
			.toException();
		AttemptLedger.turnedAway(context, error);
		return error;
	}

	@Override
	public String toString() {
		return "CircuitBreakerFilter[" + this.provider + ", " + this.breaker.getState() + "]";
	}

}
