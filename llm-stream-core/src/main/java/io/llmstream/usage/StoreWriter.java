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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands entries to a store that may take its time, or fail for a while, in batches and on
 * a thread of its own. A batch that failed is handed over again until it is stored; what
 * comes meanwhile waits, and is added up where too much waits.
 */
final class StoreWriter implements EntrySink, Runnable {

	private static final Logger logger = LoggerFactory.getLogger(UsageLedger.class);

	private static final Duration FIRST_DELAY = Duration.ofMillis(200);

	private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

	private final UsageStore store;

	private final EntryIds ids;

	private final int bufferSize;

	private final int batchSize;

	private final long flushNanos;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final EntryMerger overflow = new EntryMerger();

	private final AtomicLong merged = new AtomicLong();

	private final AtomicLong failures = new AtomicLong();

	private final AtomicLong lost = new AtomicLong();

	// from here on: guarded by the lock

	private final Deque<UsageEntry> waiting = new ArrayDeque<>();

	private List<UsageEntry> batch = List.of();

	/**
	 * How many entries wait or are being written, sums counted as what they are made of.
	 */
	private long kept;

	private long oldest;

	private boolean flushing;

	private boolean closed;

	private @Nullable Thread thread;

	StoreWriter(UsageLedger.Builder settings, EntryIds ids) {
		this.store = settings.store;
		this.ids = ids;
		this.bufferSize = settings.bufferSize;
		this.batchSize = settings.batchSize;
		this.flushNanos = settings.flushInterval.toNanos();
	}

	@Override
	public void accept(List<UsageEntry> entries) {
		this.lock.lock();
		try {
			if (this.waiting.isEmpty()) {
				this.oldest = System.nanoTime();
			}
			for (UsageEntry entry : entries) {
				this.kept += entry.count();
				if (this.waiting.size() < this.bufferSize) {
					this.waiting.add(entry);
				}
				else {
					this.merged.addAndGet(entry.count());
					this.overflow.add(entry);
				}
			}
			if (this.thread == null && !this.closed) {
				start();
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void start() {
		Thread writer = UsageThreads.create("llm-stream-usage-store", this);
		try {
			writer.start();
			this.thread = writer;
		}
		catch (Throwable ex) {
			// the next entries try it again
			UsageThreads.report(() -> logger.error("The thread of the usage ledger's store could not be started", ex));
		}
	}

	@Override
	public void run() {
		try {
			boolean more;
			do {
				more = storeNext();
			}
			while (more);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean storeNext() throws InterruptedException {
		try {
			List<UsageEntry> next = take();
			store(next);
			return !next.isEmpty();
		}
		catch (RuntimeException | Error ex) {
			UsageThreads.report(() -> logger.error("The usage ledger failed, and goes on", ex));
			Thread.sleep(FIRST_DELAY.toMillis());
			return true;
		}
	}

	/**
	 * Wait for a batch. It has sums in it too, as they would wait for ever, and be lost
	 * where the process is killed, if they waited until nothing else does.
	 * @return the batch, empty once all is stored and no more is to come
	 */
	private List<UsageEntry> take() throws InterruptedException {
		this.lock.lock();
		try {
			this.kept -= this.batch.stream().mapToLong(UsageEntry::count).sum();
			this.batch = List.of();
			this.changed.signalAll();
			while (!isDue()) {
				if (this.closed && this.waiting.isEmpty() && this.overflow.isEmpty()) {
					return List.of();
				}
				if (this.waiting.isEmpty()) {
					this.changed.await();
				}
				else {
					this.changed.awaitNanos(this.oldest + this.flushNanos - System.nanoTime());
				}
			}
			List<UsageEntry> next = new ArrayList<>(Math.min(this.batchSize, this.waiting.size()));
			while (next.size() < this.batchSize && !this.waiting.isEmpty()) {
				next.add(this.waiting.poll());
			}
			next.addAll(this.overflow.take(this.batchSize, () -> this.ids.next() + "-0"));
			this.oldest = System.nanoTime();
			this.batch = next;
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isDue() {
		if (this.waiting.isEmpty()) {
			return !this.overflow.isEmpty();
		}
		return this.flushing || this.closed || this.waiting.size() >= this.batchSize
				|| System.nanoTime() - this.oldest >= this.flushNanos;
	}

	private void store(List<UsageEntry> entries) throws InterruptedException {
		Duration delay = FIRST_DELAY;
		while (!entries.isEmpty()) {
			try {
				this.store.add(entries);
				return;
			}
			catch (UnstorableEntriesException ex) {
				this.lost.addAndGet(ex.getEntries());
				UsageThreads
					.report(() -> logger.error("{} entries of the usage ledger can never be stored, and are lost: {}",
							ex.getEntries(), ex.getMessage()));
				return;
			}
			catch (Throwable ex) {
				if (this.failures.getAndIncrement() % 100 == 0) {
					UsageThreads.report(() -> logger.warn(
							"{} entries of the usage ledger could not be stored, and are kept until they are",
							entries.size(), ex));
				}
				Thread.sleep(delay.toMillis());
				delay = (delay.compareTo(LONGEST_DELAY) < 0) ? delay.multipliedBy(2) : delay;
			}
		}
	}

	@Override
	public boolean flush(Duration timeout) {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			this.flushing = true;
			this.changed.signalAll();
			while (isAtWork()) {
				if (left <= 0) {
					return false;
				}
				left = this.changed.awaitNanos(left);
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			this.flushing = false;
			this.lock.unlock();
		}
	}

	private boolean isAtWork() {
		return this.kept > 0;
	}

	@Override
	public void close(Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		Thread writer;
		this.lock.lock();
		try {
			this.closed = true;
			writer = this.thread;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		if (writer == null) {
			return;
		}
		UsageThreads.join(writer, end);
		long left = pending();
		if (writer.isAlive() && left > 0) {
			writer.interrupt();
			this.lost.addAndGet(left);
			logger.warn("{} entries of the usage ledger could not be stored before the end, and are lost", left);
		}
	}

	@Override
	public void lost(long entries) {
		this.lost.addAndGet(entries);
	}

	@Override
	public long pending() {
		this.lock.lock();
		try {
			return this.kept;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public long merged() {
		return this.merged.get();
	}

	@Override
	public long failedWrites() {
		return this.failures.get();
	}

	@Override
	public long lost() {
		return this.lost.get();
	}

}
