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
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Counts who watches a run, and ends it when nobody does for too long.
 */
final class RunWatch {

	/**
	 * How long a run waits for its first browser at least: that is on its way while the
	 * run is being admitted and its response prepared, however short the grace.
	 */
	static final Duration FIRST_BROWSER = Duration.ofSeconds(30);

	private final Scheduler scheduler;

	private final Runnable onEnd;

	private DisconnectPolicy policy;

	private Duration grace;

	private int watchers;

	private boolean begun;

	private long firstUntil;

	private boolean watched;

	private boolean over;

	private @Nullable Disposable timer;

	RunWatch(RunSettings settings, RunOptions options, Scheduler scheduler, Runnable onEnd) {
		this.policy = (options.onDisconnect() != null) ? options.onDisconnect() : settings.onDisconnect();
		this.grace = (options.grace() != null) ? options.grace() : settings.grace();
		this.scheduler = scheduler;
		this.onEnd = onEnd;
	}

	/**
	 * The run starts; its first browser is to come soon.
	 */
	synchronized void begin(Run run) {
		this.begun = true;
		this.firstUntil = now() + FIRST_BROWSER.toNanos();
		if (this.watchers == 0 && this.policy != DisconnectPolicy.CONTINUE) {
			arm(run);
		}
	}

	synchronized void attached() {
		this.watchers++;
		this.watched = true;
		disarm();
	}

	void left(Run run) {
		synchronized (this) {
			if (--this.watchers > 0 || this.over || this.policy == DisconnectPolicy.CONTINUE) {
				return;
			}
			if (this.policy == DisconnectPolicy.GRACE) {
				arm(run);
				return;
			}
		}
		run.abort(RunEvent.Aborted.DISCONNECTED);
	}

	void ended(Run run) {
		synchronized (this) {
			this.over = true;
			disarm();
		}
		this.onEnd.run();
	}

	/**
	 * Change what becomes of the run from now on.
	 */
	synchronized void change(Run run, DisconnectPolicy newPolicy, @Nullable Duration newGrace) {
		this.policy = newPolicy;
		this.grace = (newGrace != null) ? newGrace : this.grace;
		if (this.begun && !this.over && this.watchers == 0) {
			disarm();
			if (newPolicy != DisconnectPolicy.CONTINUE) {
				arm(run);
			}
		}
	}

	/**
	 * Whether the run may be without a browser.
	 */
	synchronized boolean outlivesConnections() {
		return this.policy != DisconnectPolicy.CANCEL;
	}

	/**
	 * Whether the run is at work and needs nobody to watch it.
	 */
	synchronized boolean continues() {
		return !this.over && this.policy == DisconnectPolicy.CONTINUE;
	}

	/**
	 * Whether any browser has ever watched.
	 */
	synchronized boolean wasWatched() {
		return this.watched;
	}

	private void arm(Run run) {
		long wait = this.grace.toNanos();
		wait = (this.watched) ? wait : Math.max(wait, this.firstUntil - now());
		this.timer = this.scheduler.schedule(() -> expire(run), wait, TimeUnit.NANOSECONDS);
	}

	private long now() {
		return this.scheduler.now(TimeUnit.NANOSECONDS);
	}

	private void disarm() {
		if (this.timer != null) {
			this.timer.dispose();
			this.timer = null;
		}
	}

	private void expire(Run run) {
		synchronized (this) {
			// A browser may have come back while this was about to run.
			if (this.watchers > 0 || this.over) {
				return;
			}
		}
		run.abort(RunEvent.Aborted.DISCONNECTED);
	}

}
