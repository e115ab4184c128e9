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

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * One browser that watches a run: decides when to write and what. The web stacks' leaves
 * extend it with how to write. There is no queue here: what was not written stays in the
 * run's log, where it is merged.
 * <p>
 * A leaf drains: after {@link #wake()} it calls {@link #next()} and writes, one thread at
 * a time, until there is nothing to write, or its browser takes no more for now, or the
 * last batch was written.
 */
public abstract class RelayConnection {

	private static final long NEVER = Long.MIN_VALUE;

	private final Run run;

	private final long after;

	private final RelayTicker ticker;

	private final long heartbeat;

	private final long writeTimeout;

	private final AtomicBoolean timed = new AtomicBoolean();

	private final AtomicBoolean detached = new AtomicBoolean();

	private final AtomicBoolean left = new AtomicBoolean();

	private final ResetRule resets;

	private volatile @Nullable RunCursor cursor;

	private volatile boolean opened;

	private volatile boolean heartbeatDue;

	private volatile long lastWrite;

	private volatile boolean givenUp;

	private volatile long blockedSince = NEVER;

	private volatile boolean leaving;

	/**
	 * Create a connection.
	 * @param run the run
	 * @param after the number of the last event that the browser has; 0 for none
	 * @param ticker the relay's ticker
	 */
	protected RelayConnection(Run run, long after, RelayTicker ticker) {
		this.run = run;
		this.after = after;
		this.ticker = ticker;
		this.heartbeat = run.settings().heartbeat().toNanos();
		this.writeTimeout = run.settings().writeTimeout().toNanos();
		this.resets = new ResetRule(after > 0);
	}

	/**
	 * Begin to watch the run until {@link #detach()}, and start it unless it has started.
	 * @param context the context of the run's subscription
	 */
	public final void start(Context context) {
		this.lastWrite = this.ticker.now();
		this.cursor = this.run.attach(this.after, this::signal);
		this.ticker.register(this);
		if (this.detached.get()) {
			this.ticker.unregister(this);
			leave();
			return;
		}
		this.run.start(context);
		// The run may have told of events before there was a cursor to read them.
		signal();
	}

	/**
	 * Stop watching. A run that only this connection can watch is cancelled unless it has
	 * ended. Called when the browser left, when the connection is given up, and after the
	 * last write; may be called several times, from any thread.
	 * @return whether this was the first call
	 */
	public final boolean detach() {
		if (!this.detached.compareAndSet(false, true)) {
			return false;
		}
		this.ticker.unregister(this);
		leave();
		return true;
	}

	/**
	 * For how many nanoseconds a write has been waiting for the browser.
	 */
	final long blockedFor(long now) {
		long since = this.blockedSince;
		return (since != NEVER) ? now - since : 0;
	}

	/**
	 * See to it that {@link #next()} will be called. Called from any thread, event loops
	 * and timers included; must neither write to a socket that may block nor wait.
	 */
	protected abstract void wake();

	/**
	 * Give this connection up, because its browser accepted nothing for too long: it
	 * watches no more, and its response is to be cut as soon as it can. Called on the
	 * timer thread, once; must not block.
	 */
	protected abstract void abandon();

	/**
	 * Whether the browser can be told to discard what it has. Where it cannot, an answer
	 * that begins anew ends the connection with an error once content was sent.
	 * @return whether it can
	 */
	protected abstract boolean canReset();

	/**
	 * Called at each tick, before anything else is looked at. Must not block.
	 */
	protected void ticked() {
	}

	/**
	 * Take what is to be written now. Fails as the log does that it reads; the connection
	 * must end then, since nothing wakes it any more.
	 * @return the batch, or {@code null} if there is nothing to write; {@link #wake()} is
	 * then called when there is
	 */
	protected final @Nullable RelayBatch next() {
		long now = this.ticker.now();
		boolean opening = !this.opened;
		this.opened = true;
		if (this.leaving && this.run.state() == RunState.RUNNING) {
			return new RelayBatch(opening, List.of(), true);
		}
		RunCursor current = this.cursor;
		long delay = (current != null) ? current.delay(now) : RunCursor.NEVER;
		List<RunEvent> events = (current != null && delay == 0) ? current.read(now) : List.of();
		events = (canReset()) ? events : this.resets.apply(events);
		boolean beat = this.heartbeatDue;
		this.heartbeatDue = false;
		if (!opening && events.isEmpty() && !beat) {
			await(delay);
			return null;
		}
		this.lastWrite = now;
		return new RelayBatch(opening, events);
	}

	/**
	 * Note that the browser accepts nothing for now, from which its time runs.
	 */
	protected final void blocked() {
		if (this.blockedSince == NEVER) {
			this.blockedSince = this.ticker.now();
		}
	}

	/**
	 * Note that the browser accepted something.
	 */
	protected final void unblocked() {
		this.blockedSince = NEVER;
	}

	/**
	 * Whether there is something to write, now or at the end of the window. May fail as
	 * {@link #next()} does.
	 * @return whether events wait
	 */
	protected final boolean hasPending() {
		return delay() != RunCursor.NEVER || this.heartbeatDue || this.leaving;
	}

	/**
	 * The run that is watched.
	 * @return the run
	 */
	protected final Run run() {
		return this.run;
	}

	/**
	 * Send the browser away, to come back soon and elsewhere.
	 */
	final void handOver() {
		this.leaving = true;
		wake();
	}

	final void tick(long now) {
		ticked();
		long since = this.blockedSince;
		if (since != NEVER) {
			if (this.writeTimeout > 0 && now - since >= this.writeTimeout && !this.givenUp) {
				this.givenUp = true;
				leave();
				abandon();
			}
		}
		else if (this.heartbeat > 0 && now - this.lastWrite >= this.heartbeat) {
			this.heartbeatDue = true;
			wake();
		}
	}

	private void leave() {
		RunCursor current = this.cursor;
		if (current != null && this.left.compareAndSet(false, true)) {
			this.run.leave(current);
		}
	}

	private long delay() {
		RunCursor current = this.cursor;
		return (current != null) ? current.delay(this.ticker.now()) : RunCursor.NEVER;
	}

	private void signal() {
		long delay;
		try {
			delay = delay();
		}
		catch (RuntimeException | Error ex) {
			// It is not the run that has failed, nor another connection: this one is to
			// read, and to end if that fails too.
			delay = 0;
		}
		if (delay == 0) {
			wake();
		}
		else {
			await(delay);
		}
	}

	private void await(long delay) {
		if (delay != RunCursor.NEVER && this.timed.compareAndSet(false, true)) {
			this.ticker.after(delay, () -> {
				this.timed.set(false);
				signal();
			});
		}
	}

}
