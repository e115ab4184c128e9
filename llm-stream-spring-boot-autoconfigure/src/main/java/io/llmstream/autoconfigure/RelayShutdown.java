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

package io.llmstream.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * Ends the streams to browsers before the web server waits for its requests: a stream
 * could otherwise hold up the shutdown for as long as the model speaks. No new ones
 * begin. Those of runs that other servers share are sent there at once; the others may go
 * on for the shutdown time-out, and then end with an event that tells the browser to ask
 * again. A context that is started again begins new ones again. For the use of the
 * auto-configuration alone.
 */
public final class RelayShutdown implements SmartLifecycle {

	/** Higher phases stop earlier, and the web server's is lower than the default. */
	private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 100;

	private static final long POLL_MILLIS = 20;

	/**
	 * The last events must be written before the server closes its connections.
	 */
	private static final Duration FAREWELL = Duration.ofSeconds(2);

	private final Runnable reopen;

	private final Runnable drain;

	private final Runnable close;

	private final IntSupplier pending;

	private final Duration timeout;

	private final Scheduler scheduler = Schedulers.parallel();

	/** What the current stop waits for. */
	private final Disposable.Swap waiting = Disposables.swap();

	private volatile boolean running;

	/**
	 * Create a shutdown.
	 * @param reopen takes streams again
	 * @param drain takes no more streams, without waiting
	 * @param close ends all streams, without waiting
	 * @param pending tells how many streams there are to wait for
	 * @param properties tell how long streams may go on
	 * @param environment tells whether the web server shuts down gracefully; if it does
	 * not, streams end at once
	 */
	public RelayShutdown(Runnable reopen, Runnable drain, Runnable close, IntSupplier pending,
			LlmStreamProperties properties, Environment environment) {
		this.reopen = reopen;
		this.drain = drain;
		this.close = close;
		this.pending = pending;
		boolean immediate = "immediate".equalsIgnoreCase(environment.getProperty("server.shutdown"));
		this.timeout = (immediate) ? Duration.ZERO : properties.getRelay().getShutdownTimeout();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * Like the web server a relay only does what it is asked for, and goes on in a
	 * context that is paused: a test that needs another context is no reason to cut
	 * streams.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public void start() {
		// A stop that took longer than Spring waits for must not close what opens now.
		this.waiting.update(Disposables.disposed());
		this.reopen.run();
		this.running = true;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void stop() {
		this.running = false;
		this.close.run();
	}

	@Override
	public void stop(Runnable callback) {
		this.drain.run();
		await(this.timeout, () -> {
			stop();
			await(FAREWELL, callback);
		});
	}

	private void await(Duration limit, Runnable then) {
		long end = now() + limit.toMillis();
		if (isOver(end)) {
			then.run();
			return;
		}
		Disposable.Swap poll = Disposables.swap();
		this.waiting.update(poll);
		poll.update(this.scheduler.schedulePeriodically(() -> {
			if (!poll.isDisposed() && isOver(end)) {
				poll.dispose();
				then.run();
			}
		}, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS));
	}

	private boolean isOver(long end) {
		return this.pending.getAsInt() == 0 || now() >= end;
	}

	private long now() {
		return this.scheduler.now(TimeUnit.MILLISECONDS);
	}

}
