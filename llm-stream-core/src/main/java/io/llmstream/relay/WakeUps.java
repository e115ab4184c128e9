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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Tasks of the near future, by the thousand: time is cut into steps, and all tasks of one
 * step share one timer. A task runs at the end of the step in which it is due, on a timer
 * thread, so it must not block.
 * <p>
 * Safe for use by several threads.
 */
final class WakeUps {

	private static final Logger logger = LoggerFactory.getLogger(WakeUps.class);

	private final Scheduler scheduler;

	private final LongSupplier nanos;

	private final long step;

	/** The tasks of each step, by the time at which it ends, seen from the origin. */
	private final Map<Long, List<Runnable>> steps = new HashMap<>();

	private final long origin;

	WakeUps(Scheduler scheduler, LongSupplier nanos, long step) {
		this.scheduler = scheduler;
		this.nanos = nanos;
		this.step = step;
		this.origin = nanos.getAsLong();
	}

	/**
	 * Run a task.
	 * @param due when, on the clock of this
	 * @param task what to run, once
	 */
	void add(long due, Runnable task) {
		long now = this.nanos.getAsLong() - this.origin;
		long end = Math.max(1, (due - this.origin + this.step - 1) / this.step) * this.step;
		boolean first;
		synchronized (this.steps) {
			List<Runnable> tasks = this.steps.get(end);
			first = tasks == null;
			if (tasks == null) {
				tasks = new ArrayList<>();
				this.steps.put(end, tasks);
			}
			tasks.add(task);
		}
		if (first) {
			this.scheduler.schedule(() -> run(end), Math.max(0, end - now), TimeUnit.NANOSECONDS);
		}
	}

	private void run(long end) {
		List<Runnable> tasks;
		synchronized (this.steps) {
			tasks = this.steps.remove(end);
		}
		if (tasks == null) {
			return;
		}
		for (Runnable task : tasks) {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				// An error too: the others are not to be late for it.
				logger.warn("A connection could not be woken", ex);
			}
		}
	}

}
