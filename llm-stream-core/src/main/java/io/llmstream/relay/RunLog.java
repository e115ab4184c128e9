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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run that its only cursor has not read: what was read is freed. Holds
 * its lock only to move entries, never while anything is called or written.
 */
final class RunLog {

	private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();

	private final int mergeLimit;

	private long head;

	private long weight;

	private int urgent;

	private int kindsSeen;

	private boolean partial;

	private boolean ended;

	RunLog(int mergeLimit) {
		this.mergeLimit = mergeLimit;
	}

	/**
	 * Append the first event.
	 * @return whether the run may begin: it may have been ended before
	 */
	synchronized boolean start(String runId) {
		if (this.ended) {
			return false;
		}
		add(new RunEvent.Started(++this.head, runId), false);
		return true;
	}

	/**
	 * Append a token, unless the log has ended or the token is none for browsers.
	 * @return whether there is anything new to read
	 */
	synchronized boolean append(Token token) {
		if (this.ended) {
			return false;
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
			return end(new RunEvent.Done(++this.head, finish));
		}
		if (token instanceof Token.ReplayState || token instanceof Token.Other) {
			return false;
		}
		this.partial = true;
		if (token instanceof Token.Reset) {
			this.partial = false;
			this.kindsSeen = 0;
		}
		add(new RunEvent.Whole(++this.head, token), true);
		return true;
	}

	/**
	 * Append the end of a stream that completed without saying how.
	 */
	synchronized boolean complete() {
		return !this.ended && end(new RunEvent.Done(++this.head, null));
	}

	/**
	 * Append the end of a stream that failed.
	 */
	synchronized boolean fail(RelayError error) {
		return !this.ended && end(new RunEvent.Failed(++this.head, error, this.partial));
	}

	/**
	 * Drop everything: nobody reads this log any more.
	 */
	synchronized void discard() {
		this.ended = true;
		this.entries.clear();
		this.weight = 0;
		this.urgent = 0;
	}

	/**
	 * Whether anything waits to be read.
	 */
	synchronized Pending pending() {
		if (this.entries.isEmpty()) {
			return Pending.NOTHING;
		}
		return (this.urgent > 0 || this.weight >= this.mergeLimit) ? Pending.NOW : Pending.SOON;
	}

	/**
	 * How much waits to be read, in characters.
	 */
	synchronized long weight() {
		return this.weight;
	}

	/**
	 * Take what comes next, one entry at least, up to about the given size.
	 */
	synchronized List<RunEvent> read(int max) {
		List<RunEvent> batch = new ArrayList<>();
		long size = 0;
		LogEntry entry = this.entries.peek();
		while (entry != null && (batch.isEmpty() || size + entry.weight() <= max)) {
			this.entries.poll();
			size += entry.weight();
			this.urgent -= (entry.urgent) ? 1 : 0;
			batch.add(entry.toEvent());
			entry = this.entries.peek();
		}
		this.weight -= size;
		return batch;
	}

	private boolean delta(RunEvent.Kind kind, String text, int index, @Nullable String id, @Nullable String name) {
		if (text.isEmpty() && id == null && name == null) {
			return false;
		}
		this.partial = true;
		RunEvent.Delta delta = new RunEvent.Delta(++this.head, kind, text, index, id, name);
		LogEntry last = this.entries.peekLast();
		if (last != null && last.merge(delta)) {
			this.weight += text.length();
			return true;
		}
		int bit = 1 << kind.ordinal();
		boolean firstOfKind = (this.kindsSeen & bit) == 0;
		this.kindsSeen |= bit;
		add(delta, firstOfKind);
		return true;
	}

	private boolean end(RunEvent terminal) {
		this.ended = true;
		add(terminal, true);
		return true;
	}

	private void add(RunEvent event, boolean now) {
		LogEntry entry = new LogEntry(event, now, this.mergeLimit);
		this.entries.add(entry);
		this.weight += entry.weight();
		this.urgent += (now) ? 1 : 0;
	}

	/**
	 * How soon what waits must be read.
	 */
	enum Pending {

		/** Nothing waits. */
		NOTHING,

		/** More may be merged into what waits. */
		SOON,

		/** Waiting gains nothing. */
		NOW

	}

}
