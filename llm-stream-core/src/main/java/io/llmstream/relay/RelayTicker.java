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

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The clock of all connections of one relay: one coarse tick for heartbeats, write
 * time-outs and second attempts, and wake-ups at the end of coalescing windows, of which
 * a connection has at most one at a time. Ticks never write: they ask the connections to.
 * <p>
 * Safe for use by several threads.
 */
public final class RelayTicker implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RelayTicker.class);

	private static final long LONGEST_TICK = Duration.ofMillis(250).toNanos();

	private static final long SHORTEST_TICK = Duration.ofMillis(5).toNanos();

	private final Set<RelayConnection> connections = ConcurrentHashMap.newKeySet();

	private final Scheduler scheduler;

	private final LongSupplier nanos;

	private final long interval;

	private final WakeUps wakeUps;

	private final Object monitor = new Object();

	private @Nullable Disposable ticking;

	private volatile boolean closed;

	/**
	 * Create a ticker on the shared timer threads.
	 * @param settings how often to tick follows from these
	 */
	public RelayTicker(RelaySettings settings) {
		this(settings, Schedulers.parallel(), System::nanoTime);
	}

	RelayTicker(RelaySettings settings, Scheduler scheduler, LongSupplier nanos) {
		this.scheduler = scheduler;
		this.nanos = nanos;
		this.interval = interval(settings);
		this.wakeUps = new WakeUps(scheduler, nanos, SHORTEST_TICK);
	}

	private static long interval(RelaySettings settings) {
		long interval = LONGEST_TICK;
		for (Duration watched : new Duration[] { settings.heartbeat(), settings.writeTimeout() }) {
			if (!watched.isZero()) {
				interval = Math.min(interval, watched.toNanos() / 4);
			}
		}
		return Math.max(interval, SHORTEST_TICK);
	}

	/**
	 * How many connections are open.
	 * @return the number of connections
	 */
	public int connections() {
		return this.connections.size();
	}

	/**
	 * For how long the slowest browser has been keeping a write waiting.
	 * @return the time, zero if none does
	 */
	public Duration longestWrite() {
		long now = now();
		long longest = 0;
		for (RelayConnection connection : this.connections) {
			longest = Math.max(longest, connection.blockedFor(now));
		}
		return Duration.ofNanos(longest);
	}

	/**
	 * Whether the relay accepts no more connections.
	 * @return whether it was closed
	 */
	public boolean isClosed() {
		return this.closed;
	}

	/**
	 * Send the browsers of runs away that outlive their connections, to come back soon to
	 * another server that shares the logs of these runs. Returns at once; others stay.
	 */
	public void handOver() {
		this.connections.stream()
			.filter((connection) -> connection.run().outlivesConnections())
			.forEach(RelayConnection::handOver);
	}

	/**
	 * Accept no more connections, and end the runs of those that are open with
	 * {@link RelayError#SHUTDOWN}. Returns at once: the connections still deliver what
	 * their runs hold, and are watched until the last of them is done.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.connections.forEach((connection) -> connection.run().end(RelayError.SHUTDOWN));
		stopIfIdle();
	}

	/**
	 * Accept connections again. Does nothing if this is open.
	 */
	public void reopen() {
		this.closed = false;
	}

	long now() {
		return this.nanos.getAsLong();
	}

	/**
	 * Run a task after a delay, or up to {@link #SHORTEST_TICK} later: all tasks of one
	 * such step share a timer, since at thousands of connections a timer each would cost
	 * more than what it is for.
	 */
	void after(long delay, Runnable task) {
		this.wakeUps.add(now() + delay, task);
	}

	void register(RelayConnection connection) {
		this.connections.add(connection);
		synchronized (this.monitor) {
			if (this.ticking == null) {
				this.ticking = this.scheduler.schedulePeriodically(this::tick, this.interval, this.interval,
						TimeUnit.NANOSECONDS);
			}
		}
		if (this.closed) {
			connection.run().end(RelayError.SHUTDOWN);
		}
	}

	void unregister(RelayConnection connection) {
		this.connections.remove(connection);
		if (this.closed) {
			stopIfIdle();
		}
	}

	private void stopIfIdle() {
		synchronized (this.monitor) {
			if (this.connections.isEmpty() && this.ticking != null) {
				this.ticking.dispose();
				this.ticking = null;
			}
		}
	}

	private void tick() {
		long now = now();
		for (RelayConnection connection : this.connections) {
			try {
				connection.tick(now);
			}
			catch (RuntimeException | Error ex) {
				// An error too: the others are not to be late for it.
				logger.warn("A connection failed at its tick", ex);
			}
		}
	}

}
