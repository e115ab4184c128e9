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

package io.llmstream.relay.servlet;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Responses whose last event is written, but which the container has not finished: it
 * still owes the browser the end of the body. A server that stops then would cut a whole
 * answer, and Tomcat takes them for idle while they change threads.
 */
final class FinishingResponses {

	/**
	 * For so long they count at most: a container may never tell, as that of a test that
	 * has none.
	 */
	private static final long LONGEST = TimeUnit.SECONDS.toNanos(2);

	private final AtomicInteger count = new AtomicInteger();

	private final LongSupplier nanos;

	private volatile long last;

	FinishingResponses() {
		this(System::nanoTime);
	}

	FinishingResponses(LongSupplier nanos) {
		this.nanos = nanos;
	}

	/**
	 * Take care of one more.
	 * @return a response, which does not count yet
	 */
	Response response() {
		return new Response();
	}

	/**
	 * How many are to be waited for.
	 * @return the number of responses
	 */
	int pending() {
		int pending = this.count.get();
		return (pending > 0 && this.nanos.getAsLong() - this.last < LONGEST) ? pending : 0;
	}

	/**
	 * One response. Safe for use by several threads.
	 */
	final class Response {

		private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

		private Response() {
		}

		/**
		 * Its last event is written, unless the container has finished it already.
		 */
		void finishing() {
			FinishingResponses all = FinishingResponses.this;
			all.last = all.nanos.getAsLong();
			if (this.state.compareAndSet(State.OPEN, State.FINISHING)) {
				all.count.incrementAndGet();
			}
		}

		/**
		 * The container has finished it.
		 */
		void finished() {
			if (this.state.getAndSet(State.FINISHED) == State.FINISHING) {
				FinishingResponses.this.count.decrementAndGet();
			}
		}

	}

	private enum State {

		OPEN, FINISHING, FINISHED

	}

}
