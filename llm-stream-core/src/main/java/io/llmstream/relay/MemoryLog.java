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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All events of a run, for any number of readers, in the memory of this process. What
 * nobody has read yet is merged, so that an answer without a browser takes little more
 * than its text. Holds its lock only to move entries.
 */
final class MemoryLog implements RunLog {

	private final List<Placed> entries = new ArrayList<>();

	private final Set<MemoryReader> readers = ConcurrentHashMap.newKeySet();

	private final int mergeLimit;

	private final long maxSize;

	private long size;

	private int urgent;

	/** How many entries some reader has, so that they may not change any more. */
	private int taken;

	MemoryLog(int mergeLimit, long maxSize) {
		this.mergeLimit = mergeLimit;
		this.maxSize = maxSize;
	}

	@Override
	public synchronized boolean append(RunEvent event, boolean now) {
		int last = this.entries.size() - 1;
		LogEntry entry = new LogEntry(event, now, this.mergeLimit);
		if (!event.terminal() && this.size + entry.weight() > this.maxSize) {
			return false;
		}
		if (last >= this.taken && event instanceof RunEvent.Delta delta) {
			LogEntry open = this.entries.get(last).entry();
			int before = open.weight();
			if (open.merge(delta)) {
				this.size += open.weight() - before;
				return true;
			}
		}
		this.entries.add(new Placed(entry, this.size, this.urgent));
		this.size += entry.weight();
		this.urgent += (now) ? 1 : 0;
		return true;
	}

	@Override
	public void publish() {
		this.readers.forEach((reader) -> reader.onEvent.run());
	}

	@Override
	public Reader reader(long after, Runnable onEvent) {
		MemoryReader reader;
		synchronized (this) {
			reader = new MemoryReader(firstAfter(after), onEvent);
			// What the reader has of an entry must stay apart from what it lacks.
			this.taken = Math.max(this.taken, reader.next);
		}
		this.readers.add(reader);
		return reader;
	}

	@Override
	public boolean hasRoom() {
		return true;
	}

	private int firstAfter(long after) {
		int low = 0;
		int high = this.entries.size();
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (this.entries.get(middle).entry().seq() > after) {
				high = middle;
			}
			else {
				low = middle + 1;
			}
		}
		return low;
	}

	private synchronized Pending pending(int next) {
		if (next >= this.entries.size()) {
			return Pending.NOTHING;
		}
		Placed first = this.entries.get(next);
		boolean now = this.urgent > first.urgentBefore() || this.size - first.sizeBefore() >= this.mergeLimit;
		return (now) ? Pending.NOW : Pending.SOON;
	}

	private synchronized List<RunEvent> read(MemoryReader reader, int max) {
		List<RunEvent> batch = new ArrayList<>();
		int next = reader.next;
		long weight = 0;
		LogEntry merged = null;
		while (next < this.entries.size()) {
			LogEntry entry = this.entries.get(next).entry();
			weight += entry.weight();
			if (merged != null && weight > max) {
				break;
			}
			RunEvent event = entry.toEvent();
			if (merged == null || !(event instanceof RunEvent.Delta delta) || !merged.merge(delta)) {
				if (merged != null) {
					batch.add(merged.toEvent());
				}
				merged = new LogEntry(event, false, this.mergeLimit);
			}
			next++;
		}
		if (merged != null) {
			batch.add(merged.toEvent());
		}
		reader.next = next;
		this.taken = Math.max(this.taken, next);
		return batch;
	}

	/**
	 * An entry and what comes before it.
	 *
	 * @param entry the entry
	 * @param sizeBefore the weight of all entries before
	 * @param urgentBefore how many of them are urgent
	 */
	private record Placed(LogEntry entry, long sizeBefore, int urgentBefore) {
	}

	private final class MemoryReader implements Reader {

		private final Runnable onEvent;

		/** The index of the next entry; guarded by the log. */
		private int next;

		private volatile boolean closed;

		MemoryReader(int next, Runnable onEvent) {
			this.next = next;
			this.onEvent = onEvent;
		}

		@Override
		public Pending pending() {
			synchronized (MemoryLog.this) {
				return (this.closed) ? Pending.NOTHING : MemoryLog.this.pending(this.next);
			}
		}

		@Override
		public List<RunEvent> read(int max) {
			return (this.closed) ? List.of() : MemoryLog.this.read(this, max);
		}

		@Override
		public void close() {
			this.closed = true;
			MemoryLog.this.readers.remove(this);
		}

	}

}
