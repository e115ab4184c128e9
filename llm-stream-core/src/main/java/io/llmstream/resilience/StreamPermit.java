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
import java.util.concurrent.atomic.AtomicReference;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;

/**
 * The permit of one stream. Goes back once: when its stream ends, or when the stream for
 * which it was taken is cancelled before it could begin.
 */
final class StreamPermit implements StreamWatch {

	private final Bulkhead bulkhead;

	private final Duration waited;

	private final AtomicReference<State> state = new AtomicReference<>(State.TAKEN);

	StreamPermit(Bulkhead bulkhead, Duration waited) {
		this.bulkhead = bulkhead;
		this.waited = waited;
	}

	/**
	 * How long the wait for it was.
	 */
	Duration waited() {
		return this.waited;
	}

	/**
	 * A stream begins that will give it back.
	 */
	void use() {
		this.state.compareAndSet(State.TAKEN, State.IN_USE);
	}

	/**
	 * Give it back, unless a stream has it.
	 */
	void abandon() {
		if (this.state.compareAndSet(State.TAKEN, State.RETURNED)) {
			giveBack();
		}
	}

	@Override
	public void next(Token token) {
	}

	@Override
	public void ended(@Nullable Throwable error) {
		end();
	}

	@Override
	public void cancelled() {
		end();
	}

	private void end() {
		if (this.state.getAndSet(State.RETURNED) != State.RETURNED) {
			giveBack();
		}
	}

	private void giveBack() {
		// publishes the event that wakes those who wait
		this.bulkhead.onComplete();
	}

	private enum State {

		TAKEN, IN_USE, RETURNED

	}

}
