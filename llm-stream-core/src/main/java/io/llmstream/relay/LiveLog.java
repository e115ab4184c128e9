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

import org.jspecify.annotations.Nullable;

/**
 * The events of a run that its only reader has not read: what was read is freed, and the
 * provider is asked for no more while too much waits. Holds its lock only to move
 * entries.
 */
final class LiveLog implements RunLog {

	private final ArrayDeque<LogEntry> entries = new ArrayDeque<>(4);

	private final int mergeLimit;

	private final int maxLag;

	private long weight;

	private int urgent;

	private boolean closed;

	private volatile @Nullable Runnable listener;

	LiveLog(RelaySettings settings) {
		this.mergeLimit = settings.mergeLimit();
		this.maxLag = settings.maxLag();
	}

	@Override
	public synchronized boolean append(RunEvent event, boolean now) {
		if (this.closed) {
			return true;
		}
		LogEntry last = this.entries.peekLast();
		int before = (last != null) ? last.weight() : 0;
		if (last != null && event instanceof RunEvent.Delta delta && last.merge(delta)) {
			this.weight += last.weight() - before;
			return true;
		}
		LogEntry entry = new LogEntry(event, now, this.mergeLimit);
		this.entries.add(entry);
		this.weight += entry.weight();
		this.urgent += (now) ? 1 : 0;
		return true;
	}

	@Override
	public void publish() {
		Runnable current = this.listener;
		if (current != null) {
			current.run();
		}
	}

	@Override
	public Reader reader(long after, Runnable onEvent) {
		if (this.listener != null) {
			throw new IllegalStateException("This run has a connection");
		}
		if (after != 0) {
			throw new IllegalStateException("This run keeps nothing to begin after " + after);
		}
		this.listener = onEvent;
		return new LiveReader();
	}

	@Override
	public synchronized boolean hasRoom() {
		return this.weight < this.maxLag;
	}

	private synchronized Pending pending() {
		if (this.entries.isEmpty()) {
			return Pending.NOTHING;
		}
		return (this.urgent > 0 || this.weight >= this.mergeLimit) ? Pending.NOW : Pending.SOON;
	}

	private synchronized List<RunEvent> read(int max) {
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

	private synchronized void discard() {
		this.closed = true;
		this.entries.clear();
		this.weight = 0;
		this.urgent = 0;
	}

	private final class LiveReader implements Reader {

		@Override
		public Pending pending() {
			return LiveLog.this.pending();
		}

		@Override
		public List<RunEvent> read(int max) {
			return LiveLog.this.read(max);
		}

		@Override
		public void close() {
			discard();
		}

	}

}
