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

import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * Tells a circuit breaker of one call. A call is told at its end, with the time that the
 * first content took; while the breaker tries whether the provider has recovered, it is
 * told with the first content already, so that long answers do not keep it from closing.
 */
final class BreakerCall implements StreamWatch {

	private final CircuitBreaker breaker;

	/**
	 * Whether the call is one of those that the breaker tries. Others have taken none of
	 * its few permissions, which Resilience4j would give back all the same.
	 */
	private final boolean trial;

	private final long started = now();

	private long timeToFirstToken = -1;

	private volatile boolean told;

	BreakerCall(CircuitBreaker breaker) {
		this.breaker = breaker;
		this.trial = isTrying();
	}

	private boolean isTrying() {
		return this.breaker.getState() == CircuitBreaker.State.HALF_OPEN;
	}

	private static long now() {
		return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
	}

	@Override
	public void next(Token token) {
		if (this.timeToFirstToken < 0 && (token.hasContent() || token instanceof Token.Finish)) {
			this.timeToFirstToken = now() - this.started;
			if (isTrying()) {
				this.told = true;
				this.breaker.onSuccess(this.timeToFirstToken, TimeUnit.NANOSECONDS);
			}
		}
	}

	@Override
	public void ended(@Nullable Throwable error) {
		long time = (this.timeToFirstToken >= 0) ? this.timeToFirstToken : now() - this.started;
		if (error != null) {
			if ((!this.told || CircuitBreakerSettings.isFailure(error)) && !isNeutralToATrialOfOthers(error)) {
				this.breaker.onError(time, TimeUnit.NANOSECONDS, error);
			}
		}
		else if (!this.told) {
			this.breaker.onSuccess(time, TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * An error that does not count gives a permission back, as a cancel does.
	 */
	private boolean isNeutralToATrialOfOthers(Throwable error) {
		return !this.trial && isTrying()
				&& this.breaker.getCircuitBreakerConfig().getIgnoreExceptionPredicate().test(error);
	}

	@Override
	public void cancelled() {
		if (!this.told && this.trial) {
			this.breaker.releasePermission();
		}
	}

}
