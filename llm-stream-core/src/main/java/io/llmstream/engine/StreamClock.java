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

package io.llmstream.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.llmstream.ErrorKind;
import io.llmstream.LastRead;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The time-outs of one stream. One coarse check is armed at a time, never later than the
 * earliest moment at which a limit could be reached; it looks at what was noted meanwhile
 * and arms itself anew. So a token costs no timer. Only a change to a shorter limit arms
 * the check anew from outside: the first token, and the end of a silent phase.
 * <p>
 * Only the time in which the subscriber waits counts. While something that was read is
 * worked on, which takes as long as the subscriber takes for it, the provider keeps
 * nobody waiting.
 */
final class StreamClock {

	private static final long NOT_WAITING = Long.MIN_VALUE;

	private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	/** When to look again where it is late and something is still worked on. */
	private static final long SOON = TimeUnit.MILLISECONDS.toNanos(10);

	/** How many looks there are within a limit, but not more than one a second. */
	private static final long LOOKS = 4;

	private static final long LEAST_BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

	/*
	 * Written in order, but without waiting for other processors: a check that sees it
	 * late is one that came as much earlier.
	 */
	private static final AtomicLongFieldUpdater<StreamClock> WAITING_SINCE = AtomicLongFieldUpdater
		.newUpdater(StreamClock.class, "waitingSince");

	private static final AtomicIntegerFieldUpdater<StreamClock> WORKING = AtomicIntegerFieldUpdater
		.newUpdater(StreamClock.class, "working");

	private final StreamTimeouts timeouts;

	private final Scheduler scheduler = Schedulers.parallel();

	private final Listener listener;

	private final @Nullable LastRead lastRead;

	private final long started;

	/** When the buffer came that is worked on. Only for the thread that drains. */
	private long readAt = NOT_WAITING;

	private volatile long waitingSince = NOT_WAITING;

	/** Whether what was read is being worked on. */
	private volatile int working;

	/** Whether a check met something that was worked on, which then took a while. */
	private volatile boolean metWork;

	private volatile boolean begun;

	private volatile boolean silent;

	private boolean stopped;

	private @Nullable Disposable check;

	StreamClock(StreamTimeouts timeouts, Listener listener, @Nullable LastRead lastRead) {
		this.timeouts = timeouts;
		this.listener = listener;
		this.lastRead = lastRead;
		this.started = now();
	}

	private long now() {
		return this.scheduler.now(TimeUnit.NANOSECONDS);
	}

	void start() {
		arm();
	}

	/**
	 * Something was read. This is the one look at the clock that it costs.
	 */
	void read() {
		WORKING.lazySet(this, 1);
		this.readAt = now();
		if (this.lastRead != null) {
			this.lastRead.at(this.readAt / NANOS_PER_MILLI);
		}
	}

	/**
	 * The subscriber waits: since what was read last, if that did not take long, or else
	 * from now on; and for as long as before if that was nothing but a sign of life.
	 * @param anew whether something came that it waited for, or it did not wait before
	 */
	void waiting(boolean anew) {
		boolean tookLong = this.metWork;
		if (tookLong) {
			this.metWork = false;
		}
		if (anew) {
			WAITING_SINCE.lazySet(this, (this.readAt != NOT_WAITING && !tookLong) ? this.readAt : now());
		}
		this.readAt = NOT_WAITING;
		WORKING.lazySet(this, 0);
	}

	/**
	 * The subscriber does not wait: it has not asked for more.
	 */
	void notWaiting() {
		this.readAt = NOT_WAITING;
		WAITING_SINCE.lazySet(this, NOT_WAITING);
		WORKING.lazySet(this, 0);
	}

	boolean isWaiting() {
		return this.waitingSince != NOT_WAITING;
	}

	/**
	 * The first token has come.
	 */
	void begun() {
		if (!this.begun) {
			this.begun = true;
			arm();
		}
	}

	void silentPhase(boolean silent) {
		if (this.silent != silent) {
			this.silent = silent;
			if (!silent) {
				arm();
			}
		}
	}

	/**
	 * How long ago the stream began.
	 */
	Duration elapsed() {
		return Duration.ofNanos(now() - this.started);
	}

	synchronized void stop() {
		this.stopped = true;
		disarm();
	}

	/**
	 * Go on after a stop: what looked like the end was none.
	 */
	synchronized void resume() {
		if (this.stopped) {
			this.stopped = false;
			arm();
		}
	}

	private synchronized void arm() {
		disarm();
		long delay = Math.min(untilNextLook(), untilTotal());
		if (!this.stopped && delay != Long.MAX_VALUE) {
			this.check = this.scheduler.schedule(this::check, Math.max(delay, 1), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * The end of the silence, or before that: a look must meet what is worked on for
	 * long.
	 */
	private long untilNextLook() {
		Duration limit = limit();
		if (limit == null) {
			return Long.MAX_VALUE;
		}
		long next = Math.min(untilSilenceEnds(), Math.max(limit.toNanos() / LOOKS, LEAST_BETWEEN_LOOKS));
		return (this.working != 0) ? Math.max(next, SOON) : next;
	}

	private void disarm() {
		if (this.check != null) {
			this.check.dispose();
			this.check = null;
		}
	}

	private long untilSilenceEnds() {
		Duration limit = limit();
		if (limit == null) {
			return Long.MAX_VALUE;
		}
		long since = this.waitingSince;
		return (since == NOT_WAITING) ? limit.toNanos() : since + limit.toNanos() - now();
	}

	private long untilTotal() {
		Duration total = this.timeouts.total();
		return (total == null) ? Long.MAX_VALUE : this.started + total.toNanos() - now();
	}

	private @Nullable Duration limit() {
		Duration limit = (this.begun) ? this.timeouts.stall() : this.timeouts.firstToken();
		if (!this.silent || limit == null) {
			return limit;
		}
		Duration longer = this.timeouts.silentPhase();
		return (longer == null || longer.compareTo(limit) > 0) ? longer : limit;
	}

	private void check() {
		Duration limit = limit();
		Duration total = this.timeouts.total();
		boolean working = this.working != 0;
		if (working) {
			this.metWork = true;
		}
		if (total != null && untilTotal() <= 0) {
			this.listener.timedOut(ErrorKind.TOTAL_TIMEOUT, total);
		}
		else if (limit != null && !working && isWaiting() && untilSilenceEnds() <= 0) {
			this.listener.timedOut((this.begun) ? ErrorKind.STALL_TIMEOUT : ErrorKind.FIRST_TOKEN_TIMEOUT, limit);
		}
		else {
			arm();
		}
	}

	/**
	 * Is told of a time-out, on a timer thread.
	 */
	interface Listener {

		void timedOut(ErrorKind kind, Duration limit);

	}

}
