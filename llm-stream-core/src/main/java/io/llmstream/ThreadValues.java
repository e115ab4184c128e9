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

package io.llmstream;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import reactor.util.context.ContextView;

/**
 * Values of threads, captured by Micrometer's context propagation. Loaded only where that
 * is on the class path.
 */
final class ThreadValues {

	/** What the subscriber does not know, nobody must know of another thread's past. */
	private static final ContextSnapshotFactory FACTORY = ContextSnapshotFactory.builder().clearMissing(true).build();

	private final ContextSnapshot snapshot;

	private ThreadValues(ContextSnapshot snapshot) {
		this.snapshot = snapshot;
	}

	static ThreadValues capture(ContextView context) {
		return new ThreadValues(FACTORY.captureAll(context));
	}

	void run(Runnable action) {
		this.snapshot.wrap(action).run();
	}

}
