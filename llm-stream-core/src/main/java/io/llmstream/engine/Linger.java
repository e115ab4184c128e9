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

import io.llmstream.provider.TokenDecoder;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * Where an answer is complete, waits for what may follow it, but not for long. The time
 * runs while the subscriber waits, and signs of life do not prolong it. Only for the
 * thread that drains.
 */
final class Linger {

	/**
	 * How long usage may come after the finish reason.
	 */
	private static final Duration FINISHED = Duration.ofSeconds(2);

	/**
	 * How long an end mark, or an error, may come after finish reason and usage.
	 */
	private static final Duration SETTLED = Duration.ofMillis(100);

	private final Runnable wake;

	private @Nullable Disposable timer;

	private int started;

	private volatile int over;

	private TokenDecoder.Phase phase = TokenDecoder.Phase.STREAMING;

	/**
	 * Create it.
	 * @param wake is run on a timer thread when the time is over
	 */
	Linger(Runnable wake) {
		this.wake = wake;
	}

	/**
	 * The subscriber waits.
	 * @param phase how far the answer is
	 * @param anew whether something came that it waited for, or it did not wait before
	 */
	void waiting(TokenDecoder.Phase phase, boolean anew) {
		if (!anew && phase == this.phase) {
			return;
		}
		stop();
		this.phase = phase;
		if (phase.compareTo(TokenDecoder.Phase.FINISHING) < 0) {
			return;
		}
		int id = ++this.started;
		after((phase == TokenDecoder.Phase.SETTLED) ? SETTLED : FINISHED, () -> {
			this.over = id;
			this.wake.run();
		});
	}

	/**
	 * Do something later, unless it is stopped before.
	 */
	void after(Duration time, Runnable action) {
		this.timer = Schedulers.parallel().schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
	}

	boolean isOver() {
		return this.timer != null && this.over == this.started;
	}

	void stop() {
		if (this.timer != null) {
			this.timer.dispose();
			this.timer = null;
		}
	}

}
