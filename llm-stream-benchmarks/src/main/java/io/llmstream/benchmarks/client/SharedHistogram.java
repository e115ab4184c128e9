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

package io.llmstream.benchmarks.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.llmstream.benchmarks.load.Histogram;

/**
 * A histogram that many threads write, each its own part.
 */
final class SharedHistogram {

	private final List<Histogram> parts = new CopyOnWriteArrayList<>();

	private final ThreadLocal<Histogram> part = ThreadLocal.withInitial(() -> {
		Histogram created = new Histogram();
		this.parts.add(created);
		return created;
	});

	void record(long value) {
		this.part.get().record(value);
	}

	/**
	 * Everything so far. To be called when no one writes any more.
	 */
	Histogram total() {
		Histogram total = new Histogram();
		this.parts.forEach(total::add);
		return total;
	}

}
