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

package io.llmstream.benchmarks.provider;

import java.util.concurrent.atomic.LongAdder;

import io.llmstream.benchmarks.process.Figures;

/**
 * What the provider has done since it was last asked.
 */
final class ProviderTotals {

	private final LongAdder sent = new LongAdder();

	private final LongAdder started = new LongAdder();

	private final LongAdder completed = new LongAdder();

	private final LongAdder cancelled = new LongAdder();

	void started() {
		this.started.increment();
	}

	void sent(int tokens) {
		this.sent.add(tokens);
	}

	void completed() {
		this.completed.increment();
	}

	void cancelled() {
		this.cancelled.increment();
	}

	Figures take() {
		return new Figures().with("started", this.started.sumThenReset())
			.with("sent", this.sent.sumThenReset())
			.with("completed", this.completed.sumThenReset())
			.with("cancelled", this.cancelled.sumThenReset());
	}

}
