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

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What the parts of one subscription tell each other, under a single key of the Reactor
 * context. Reactor keeps up to five keys in small objects and more of them in a map of
 * its own for each operator that adds one, all of which an open stream holds; servers and
 * observation have keys too.
 * <p>
 * Does not change: who adds something makes a context with another scope, which is seen
 * upstream only.
 *
 * @param ledger what has been tried
 * @param observer who is told how the stream ends
 * @param emitting on which thread tokens are emitted
 * @param lastRead when the answer was read
 * @param admission who waits for the decision whether the stream may begin
 * @param tools whether a tool has been started
 * @param delay the wait before the attempt that is being made
 */
record StreamScope(@Nullable AttemptLedger ledger, @Nullable StreamObserver observer, @Nullable EmittingThread emitting,
		@Nullable LastRead lastRead, @Nullable StreamAdmission admission, @Nullable ToolActivity tools,
		@Nullable Duration delay) {

	private static final StreamScope EMPTY = new StreamScope(null, null, null, null, null, null, null);

	/**
	 * The scope of a subscription, with nothing in it if there is none.
	 */
	static StreamScope from(ContextView context) {
		StreamScope scope = context.getOrDefault(StreamScope.class, null);
		return (scope != null) ? scope : EMPTY;
	}

	/**
	 * A context with this scope instead of another one.
	 */
	Context in(Context context) {
		return context.put(StreamScope.class, this);
	}

	StreamScope withLedger(AttemptLedger ledger) {
		return new StreamScope(ledger, this.observer, this.emitting, this.lastRead, this.admission, this.tools,
				this.delay);
	}

	StreamScope withObserver(StreamObserver observer) {
		return new StreamScope(this.ledger, observer, this.emitting, this.lastRead, this.admission, this.tools,
				this.delay);
	}

	StreamScope withEmitting(EmittingThread emitting) {
		return new StreamScope(this.ledger, this.observer, emitting, this.lastRead, this.admission, this.tools,
				this.delay);
	}

	StreamScope withLastRead(LastRead lastRead) {
		return new StreamScope(this.ledger, this.observer, this.emitting, lastRead, this.admission, this.tools,
				this.delay);
	}

	StreamScope withAdmission(StreamAdmission admission) {
		return new StreamScope(this.ledger, this.observer, this.emitting, this.lastRead, admission, this.tools,
				this.delay);
	}

	StreamScope withTools(@Nullable ToolActivity tools) {
		return new StreamScope(this.ledger, this.observer, this.emitting, this.lastRead, this.admission, tools,
				this.delay);
	}

	StreamScope withDelay(Duration delay) {
		return new StreamScope(this.ledger, this.observer, this.emitting, this.lastRead, this.admission, this.tools,
				delay);
	}

}
