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

package io.llmstream;

/**
 * Where the built-in filters of a provider's client stand among {@link StreamFilter}
 * beans. Lower values are further out; leave room by choosing a value between two of
 * these, with {@link org.springframework.core.annotation.Order} or
 * {@link org.springframework.core.Ordered}. A filter without an order of its own stands
 * outside of all of them, and so is asked once for each stream, not once for each
 * attempt.
 */
public final class StreamFilterOrder {

	/**
	 * What keeps the list of active streams, so that they can be seen and stopped. Asked
	 * once for each stream.
	 */
	public static final int ACTIVE_STREAMS = -30_000;

	/**
	 * The observation: a span and the meters of one call of a provider, its retries
	 * included. A filter of a higher value runs within the span.
	 */
	public static final int OBSERVATION = -20_000;

	/**
	 * The retries before the first content. A filter of a lower value is asked once for
	 * each stream, one of a higher value once for each attempt.
	 */
	public static final int RETRY = 10_000;

	/** The circuit breaker. */
	public static final int CIRCUIT_BREAKER = 20_000;

	/**
	 * The limit on open streams. A filter of a higher value stands next to the engine.
	 */
	public static final int CONCURRENCY_LIMIT = 30_000;

	private StreamFilterOrder() {
	}

}
