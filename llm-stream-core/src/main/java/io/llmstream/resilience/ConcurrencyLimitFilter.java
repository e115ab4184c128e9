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

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
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
 * Keeps the number of streams that are open to a provider at or below a limit. A request
 * above it waits, first come first served and without a thread, and is turned away with a
 * {@link io.llmstream.ConcurrencyLimitException} if no stream ends in time. A stream is
 * open until it ends or is cancelled; a cancel ends a wait too.
 * <p>
 * Needs Resilience4j's bulkhead on the classpath. The bulkhead may be one of a registry,
 * so that its metrics apply; its own wait, which blocks, must be zero.
 */
public final class ConcurrencyLimitFilter implements StreamFilter, TargetHealth {

	private final String provider;

	private final StreamPermits permits;

	private final Duration maxWait;

	/**
	 * Create a filter.
	 * @param provider the provider's name in the configuration, for errors
	 * @param bulkhead counts the open streams; its wait must be zero
	 * @param maxWait how long a request waits for an open stream to end, zero for not at
	 * all
	 * @throws IllegalArgumentException if the bulkhead would block, or the wait is
	 * negative
	 */
	public ConcurrencyLimitFilter(String provider, Bulkhead bulkhead, Duration maxWait) {
		if (!bulkhead.getBulkheadConfig().getMaxWaitDuration().isZero()) {
			throw new IllegalArgumentException("The bulkhead " + bulkhead.getName()
					+ " has a wait, which would block a thread; set its maxWaitDuration to zero");
		}
		if (maxWait.isNegative()) {
			throw new IllegalArgumentException("maxWait must not be negative, but is " + maxWait);
		}
		this.provider = provider;
		this.permits = new StreamPermits(bulkhead);
		this.maxWait = maxWait;
	}

	/**
	 * Create a filter with a bulkhead of its own.
	 * @param provider the provider's name in the configuration
	 * @param maxStreams how many streams may be open, 1 or more
	 * @param maxWait how long a request waits for an open stream to end, zero for not at
	 * all
	 */
	public ConcurrencyLimitFilter(String provider, int maxStreams, Duration maxWait) {
		this(provider, Bulkhead.of("llm-stream." + provider, config(maxStreams).build()), maxWait);
	}

	/**
	 * The configuration of a Resilience4j bulkhead that does not block.
	 * @param maxStreams how many streams may be open, 1 or more
	 * @return a builder
	 */
	public static BulkheadConfig.Builder config(int maxStreams) {
		if (maxStreams < 1) {
			throw new IllegalArgumentException("maxStreams must be 1 or more, but is " + maxStreams);
		}
		return BulkheadConfig.custom()
			.maxConcurrentCalls(maxStreams)
			.maxWaitDuration(Duration.ZERO)
			.writableStackTraceEnabled(false);
	}

	/**
	 * Whether a request would have to wait now.
	 * @return whether as many streams are open as may be
	 */
	public boolean isFull() {
		return this.permits.bulkhead().getMetrics().getAvailableConcurrentCalls() <= 0;
	}

	@Override
	public State state() {
		return (isFull()) ? State.LIMITED : State.UP;
	}

	@Override
	public Flux<Token> filter(StreamRequest request, StreamingModel next) {
		return AttemptLedger.keep(Flux.deferContextual((context) -> {
			StreamPermit permit = this.permits.tryAcquire();
			if (permit != null) {
				return permitted(request, next, permit);
			}
			if (this.maxWait.isZero()) {
				return Flux.error(turnedAway(request, context));
			}
			return this.permits.acquire(this.maxWait, () -> turnedAway(request, context))
				.flatMapMany((late) -> permitted(request, next, late).contextWrite(
						(before) -> AttemptLedger.afterDelay(before, AttemptLedger.delay(before).plus(late.waited()))));
		}));
	}

	private static Flux<Token> permitted(StreamRequest request, StreamingModel next, StreamPermit permit) {
		permit.use();
		return new WatchedFlux(Flux.defer(() -> next.stream(request)), permit);
	}

	private LlmStreamException turnedAway(StreamRequest request, ContextView context) {
		int most = this.permits.bulkhead().getBulkheadConfig().getMaxConcurrentCalls();
		LlmStreamException error = StreamFailure
			.of(ErrorKind.CONCURRENCY_LIMIT, this.provider,
					"all of the " + most + " streams that may be open are, and none ended within "
							+ this.maxWait.toMillis() + " ms")
			.model(request.model())
			.toException();
		AttemptLedger.turnedAway(context, error);
		return error;
	}

	@Override
	public String toString() {
		return "ConcurrencyLimitFilter[" + this.provider + "]";
	}

}
