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

/**
 * Where one connection is in a run's log, and when it should read on. Read by one thread
 * at a time; {@link #delay(long)} may be asked by any.
 */
final class RunCursor {

	/** There is nothing to wait for. */
	static final long NEVER = Long.MAX_VALUE;

	private final Run run;

	private final RunLog.Reader reader;

	private final int maxBatch;

	private final long window;

	private volatile long quietUntil;

	private volatile boolean quiet;

	RunCursor(Run run, RunLog.Reader reader, RelaySettings settings) {
		this.run = run;
		this.reader = reader;
		this.maxBatch = settings.maxBatch();
		this.window = settings.coalescingWindow().toNanos();
	}

	/**
	 * After how many nanoseconds to read.
	 * @return zero for now, {@link #NEVER} if nothing waits
	 */
	long delay(long now) {
		return switch (this.reader.pending()) {
			case NOTHING -> NEVER;
			case NOW -> 0;
			case SOON -> (this.quiet) ? Math.max(0, this.quietUntil - now) : 0;
		};
	}

	/**
	 * Take the next events, and ask the provider for more if there is room again.
	 */
	List<RunEvent> read(long now) {
		List<RunEvent> events = this.reader.read(this.maxBatch);
		// A write without any piece of the answer, such as the first one, delays none.
		if (events.size() > 1 || (events.size() == 1 && events.get(0) instanceof RunEvent.Delta)) {
			this.quietUntil = now + this.window;
			this.quiet = this.window > 0;
		}
		this.run.replenish();
		return events;
	}

	/**
	 * Read no more.
	 */
	void close() {
		this.reader.close();
	}

}
