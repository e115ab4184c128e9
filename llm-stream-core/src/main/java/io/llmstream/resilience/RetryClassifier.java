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

import java.util.EnumSet;
import java.util.Set;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;

/**
 * Decides which failures are worth another attempt at the same provider. A bean of this
 * type takes the place of the default for all providers. It is asked only while nothing
 * of the answer has reached the subscriber; how often and how fast to try again is not
 * its business.
 * <p>
 * Called on a thread of the HTTP client or of a timer; must not block.
 */
@FunctionalInterface
public interface RetryClassifier {

	/**
	 * Whether another attempt may succeed.
	 * @param error why the last attempt failed
	 * @return whether to try again
	 */
	boolean shouldRetry(LlmStreamException error);

	/**
	 * What holds where nothing else is said: all kinds that
	 * {@linkplain ErrorKind#isTransient() may pass}, which an exhausted quota and an
	 * invalid request do not. What was turned away here, by the circuit breaker, the
	 * concurrency limit or a budget, is not tried again: it would be turned away again,
	 * and another target can be asked at once. Nor is an answer that is not the object
	 * that was asked for, which has a policy of its own.
	 * @return the default
	 */
	static RetryClassifier defaults() {
		Set<ErrorKind> never = EnumSet.of(ErrorKind.CIRCUIT_OPEN, ErrorKind.CONCURRENCY_LIMIT,
				ErrorKind.BUDGET_EXCEEDED, ErrorKind.INVALID_OUTPUT);
		return (error) -> error.getKind().isTransient() && !never.contains(error.getKind());
	}

	/**
	 * This or another: try again if one of both says so.
	 * @param other the other
	 * @return both
	 */
	default RetryClassifier or(RetryClassifier other) {
		return (error) -> shouldRetry(error) || other.shouldRetry(error);
	}

}
