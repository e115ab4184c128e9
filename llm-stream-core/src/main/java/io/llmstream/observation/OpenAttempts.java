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

package io.llmstream.observation;

import org.jspecify.annotations.Nullable;

/**
 * Counts the attempts of a stream that have begun and not ended, so that the end of a
 * cancelled stream is told with their usage, even if they end on another thread.
 */
final class OpenAttempts {

	private int open;

	private @Nullable Runnable action;

	synchronized void begin() {
		this.open++;
	}

	void end() {
		Runnable last = null;
		synchronized (this) {
			// some are told of without having begun
			if (this.open > 0 && --this.open == 0) {
				last = this.action;
				this.action = null;
			}
		}
		if (last != null) {
			last.run();
		}
	}

	/**
	 * Run an action as soon as no attempt is open. For one action.
	 */
	void whenClosed(Runnable action) {
		synchronized (this) {
			if (this.open > 0) {
				this.action = action;
				return;
			}
		}
		action.run();
	}

}
