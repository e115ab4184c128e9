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

package io.llmstream.relay;

import java.util.function.LongFunction;

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;

/**
 * Turns what happens to a run into numbered events of its log, of which exactly one is
 * the last. Holds its lock only for that, never while anything is told of it.
 */
final class RunWriter {

	private final RunLog log;

	private long head;

	private int kindsSeen;

	private boolean partial;

	/** Whether a step before the current one said something: a reset leaves that. */
	private boolean partialBefore;

	private boolean closed;

	private volatile @Nullable RunEvent last;

	RunWriter(RunLog log) {
		this.log = log;
	}

	/**
	 * Append the first event, unless the run was ended before.
	 */
	synchronized Outcome start(String runId) {
		return (this.closed) ? Outcome.NOTHING : add((seq) -> new RunEvent.Started(seq, runId), false);
	}

	/**
	 * Append a token, unless the log has ended or the token is none for browsers.
	 */
	synchronized Outcome append(Token token) {
		if (this.closed) {
			return Outcome.NOTHING;
		}
		if (token instanceof Token.Text text) {
			return delta(RunEvent.Kind.TEXT, text.text(), 0, null, null);
		}
		if (token instanceof Token.Reasoning reasoning) {
			return delta(RunEvent.Kind.REASONING, reasoning.text(), 0, null, null);
		}
		if (token instanceof Token.Refusal refusal) {
			return delta(RunEvent.Kind.REFUSAL, refusal.text(), 0, null, null);
		}
		if (token instanceof Token.ToolCallDelta call) {
			return delta(RunEvent.Kind.TOOL_ARGS, call.arguments(), call.index(), call.id(), call.name());
		}
		if (token instanceof Token.Finish finish) {
			return (end((seq) -> new RunEvent.Done(seq, finish))) ? Outcome.NEWS : Outcome.NOTHING;
		}
		if (token instanceof Token.ReplayState || token instanceof Token.Other) {
			return Outcome.NOTHING;
		}
		boolean reset = token instanceof Token.Reset;
		boolean step = token instanceof Token.StepStart;
		this.kindsSeen = (reset || step) ? 0 : this.kindsSeen;
		this.partialBefore |= step && this.partial;
		this.partial = !reset || this.partialBefore;
		return add((seq) -> new RunEvent.Whole(seq, token), true);
	}

	/**
	 * Append a piece of an object's JSON, unless the log has ended.
	 */
	synchronized Outcome appendObject(String json) {
		return (this.closed) ? Outcome.NOTHING : delta(RunEvent.Kind.OBJECT, json, 0, null, null);
	}

	/**
	 * Append the last event, unless there is one.
	 * @param terminal makes it, from its number
	 * @return whether it was appended
	 */
	synchronized boolean end(LongFunction<RunEvent> terminal) {
		if (this.closed) {
			return false;
		}
		add(terminal, true);
		this.closed = true;
		return true;
	}

	/**
	 * Append the end of a run that failed.
	 * @return whether it was appended
	 */
	synchronized boolean fail(RelayError error) {
		boolean some = this.partial;
		return end((seq) -> new RunEvent.Failed(seq, error, some));
	}

	/**
	 * Append nothing more.
	 */
	synchronized void close() {
		this.closed = true;
	}

	/**
	 * The number of the last event so far.
	 */
	synchronized long head() {
		return this.head;
	}

	/**
	 * The event that ended the run.
	 */
	@Nullable RunEvent last() {
		return this.last;
	}

	private Outcome delta(RunEvent.Kind kind, String text, int index, @Nullable String id, @Nullable String name) {
		if (text.isEmpty() && id == null && name == null) {
			return Outcome.NOTHING;
		}
		this.partial = true;
		int bit = 1 << kind.ordinal();
		boolean firstOfKind = (this.kindsSeen & bit) == 0;
		this.kindsSeen |= bit;
		return add((seq) -> new RunEvent.Delta(seq, kind, text, index, id, name), firstOfKind);
	}

	private Outcome add(LongFunction<RunEvent> factory, boolean urgent) {
		RunEvent event = factory.apply(this.head + 1);
		if (!this.log.append(event, urgent)) {
			return Outcome.FULL;
		}
		this.head++;
		if (event.terminal()) {
			this.last = event;
		}
		return Outcome.NEWS;
	}

	/**
	 * What became of a token.
	 */
	enum Outcome {

		/** There is nothing new to read. */
		NOTHING,

		/** There is something new to read. */
		NEWS,

		/** The log takes no more. */
		FULL

	}

}
