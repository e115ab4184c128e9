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

package io.llmstream.usage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.concurrent.Queues;

/**
 * Takes notes from the threads that streams end on, none of which ever waits, and works
 * them off on a thread of its own, which is started with the first note.
 */
final class UsageWorker implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(UsageLedger.class);

	/** Streams end in bursts: after one there may be more, so that nobody is woken. */
	private static final long NAP = Duration.ofMillis(10).toNanos();

	private static final int NAPS_BEFORE_SLEEP = 50;

	/** So that what fails for good does not keep a processor busy. */
	private static final long AFTER_FAILURE = Duration.ofMillis(200).toNanos();

	private final EntryMaker maker;

	private final EntryIds ids;

	private final AtomicLong weight;

	private final List<UsageListener> listeners;

	private final EntrySink sink;

	private final int bufferSize;

	private final int batchSize;

	private final Queue<PendingEntry> queue = Queues.<PendingEntry>unboundedMultiproducer().get();

	private final AtomicInteger waiting = new AtomicInteger();

	private final EntryMerger overflow = new EntryMerger();

	private final AtomicLong offered = new AtomicLong();

	private final AtomicLong merged = new AtomicLong();

	private final AtomicLong done = new AtomicLong();

	private volatile @Nullable Thread thread;

	private volatile boolean asleep;

	private volatile boolean closed;

	UsageWorker(UsageLedger.Builder settings, EntryMaker maker, EntryIds ids, AtomicLong weight) {
		this.maker = maker;
		this.ids = ids;
		this.weight = weight;
		this.listeners = List.copyOf(settings.listeners);
		this.bufferSize = settings.bufferSize;
		this.batchSize = settings.batchSize;
		this.sink = (settings.store instanceof InMemoryUsageStore memory) ? EntrySink.direct(memory)
				: new StoreWriter(settings, ids);
	}

	/**
	 * Leave a note.
	 */
	void offer(PendingEntry entry) {
		if (this.closed) {
			this.sink.lost(1);
			return;
		}
		this.offered.incrementAndGet();
		if (this.waiting.incrementAndGet() > this.bufferSize) {
			this.waiting.decrementAndGet();
			this.weight.addAndGet(-entry.weight());
			addUp(entry);
		}
		else {
			this.queue.offer(entry);
		}
		wake();
	}

	/**
	 * On the stream's own thread, which must not hear of it if this fails.
	 */
	private void addUp(PendingEntry entry) {
		try {
			this.overflow.add(this.maker.complete(entry, true));
			this.merged.incrementAndGet();
		}
		catch (Throwable ex) {
			lost(1, ex);
			this.done.incrementAndGet();
		}
	}

	private void lost(long entries, Throwable cause) {
		this.sink.lost(entries);
		UsageThreads.report(
				() -> logger.error("{} entries of the usage ledger could not be made, and are lost", entries, cause));
	}

	private void wake() {
		Thread worker = this.thread;
		if (worker == null) {
			start();
		}
		else if (this.asleep) {
			this.asleep = false;
			LockSupport.unpark(worker);
		}
	}

	private synchronized void start() {
		if (this.thread == null && !this.closed) {
			Thread worker = UsageThreads.create("llm-stream-usage", this);
			try {
				worker.start();
				this.thread = worker;
			}
			catch (Throwable ex) {
				// the next note tries it again
				UsageThreads.report(() -> logger.error("The thread of the usage ledger could not be started", ex));
			}
		}
	}

	@Override
	public void run() {
		int naps = 0;
		while (!this.closed || hasWork()) {
			if (workAnyway()) {
				naps = 0;
			}
			else if (++naps <= NAPS_BEFORE_SLEEP) {
				LockSupport.parkNanos(this, NAP);
			}
			else {
				this.asleep = true;
				if (!hasWork() && !this.closed) {
					LockSupport.park(this);
				}
				this.asleep = false;
				naps = 0;
			}
		}
	}

	private boolean hasWork() {
		return this.waiting.get() > 0 || !this.overflow.isEmpty();
	}

	/**
	 * Whatever fails, what comes later is worked off.
	 */
	private boolean workAnyway() {
		try {
			return work();
		}
		catch (Throwable ex) {
			UsageThreads.report(() -> logger.error("The usage ledger failed, and goes on", ex));
			LockSupport.parkNanos(this, AFTER_FAILURE);
			return false;
		}
	}

	private boolean work() {
		List<UsageEntry> entries = new ArrayList<>();
		long notes = 0;
		while (entries.size() < this.batchSize) {
			PendingEntry note = this.queue.poll();
			if (note == null) {
				break;
			}
			this.waiting.decrementAndGet();
			notes++;
			this.weight.addAndGet(-note.weight());
			try {
				entries.add(this.maker.complete(note, false));
			}
			catch (Throwable ex) {
				lost(1, ex);
			}
		}
		notes += takeSums(entries);
		if (notes == 0) {
			return false;
		}
		entries.forEach(this::tell);
		accept(entries);
		this.done.addAndGet(notes);
		return true;
	}

	private long takeSums(List<UsageEntry> entries) {
		long notes = 0;
		try {
			for (UsageEntry sum : this.overflow.take(this.batchSize, () -> this.ids.next() + "-0")) {
				entries.add(sum);
				notes += sum.count();
			}
		}
		catch (Throwable ex) {
			UsageThreads.report(() -> logger.error("Entries that were added up are kept until they can be taken", ex));
		}
		return notes;
	}

	private void accept(List<UsageEntry> entries) {
		try {
			this.sink.accept(entries);
		}
		catch (Throwable ex) {
			lost(entries.stream().mapToLong(UsageEntry::count).sum(), ex);
		}
	}

	private void tell(UsageEntry entry) {
		for (UsageListener listener : this.listeners) {
			try {
				listener.recorded(entry);
			}
			catch (Throwable ex) {
				UsageThreads.report(() -> logger.warn("A listener of the usage ledger failed: {}",
						listener.getClass().getName(), ex));
			}
		}
	}

	UsageLedgerState state() {
		long recorded = this.offered.get();
		return new UsageLedgerState(Math.max(0, recorded - this.done.get()) + this.sink.pending(), recorded,
				this.merged.get() + this.sink.merged(), this.sink.failedWrites(), this.sink.lost());
	}

	boolean flush(Duration timeout) {
		long target = this.offered.get();
		long end = System.nanoTime() + timeout.toNanos();
		while (this.done.get() < target) {
			if (System.nanoTime() > end) {
				return false;
			}
			Thread worker = this.thread;
			if (worker != null) {
				LockSupport.unpark(worker);
			}
			LockSupport.parkNanos(this, Duration.ofMillis(1).toNanos());
		}
		return this.sink.flush(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
	}

	void close(Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		flush(timeout);
		this.closed = true;
		Thread worker = this.thread;
		if (worker != null) {
			LockSupport.unpark(worker);
			UsageThreads.join(worker, end);
		}
		giveUp(this.offered.get() - this.done.get());
		this.sink.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
	}

	private void giveUp(long left) {
		if (left > 0) {
			this.done.addAndGet(left);
			this.sink.lost(left);
			logger.warn("{} entries of the usage ledger could not be made before the end, and are lost", left);
		}
	}

}
