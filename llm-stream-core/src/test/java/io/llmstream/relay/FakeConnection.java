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
import java.util.List;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connection that writes at once, unless it is busy.
 */
final class FakeConnection extends RelayConnection {

	final List<RunEvent> events = new ArrayList<>();

	boolean busy;

	boolean draining;

	boolean resets = true;

	@Nullable Error tickFailure;

	int heartbeats;

	int abandoned;

	int farewells;

	FakeConnection(Run run, RelayTicker ticker) {
		this(run, 0, ticker);
	}

	FakeConnection(Run run, long after, RelayTicker ticker) {
		super(run, after, ticker);
		assertThat(next()).isEqualTo(new RelayBatch(true, List.of()));
	}

	@Override
	protected void wake() {
		if (this.busy) {
			blocked();
		}
		else if (!this.draining) {
			this.draining = true;
			boolean more = step();
			while (more) {
				more = step();
			}
			this.draining = false;
		}
	}

	boolean step() {
		RelayBatch batch = next();
		if (batch == null) {
			return false;
		}
		this.events.addAll(batch.events());
		this.heartbeats += (batch.heartbeat()) ? 1 : 0;
		this.farewells += (batch.farewell()) ? 1 : 0;
		return !batch.last();
	}

	void free() {
		this.busy = false;
		unblocked();
		wake();
	}

	RunEvent last() {
		return this.events.get(this.events.size() - 1);
	}

	List<String> texts() {
		return this.events.stream()
			.filter(RunEvent.Delta.class::isInstance)
			.map((event) -> ((RunEvent.Delta) event).text())
			.toList();
	}

	@Override
	protected void ticked() {
		if (this.tickFailure != null) {
			throw this.tickFailure;
		}
	}

	@Override
	protected boolean canReset() {
		return this.resets;
	}

	@Override
	protected void abandon() {
		this.abandoned++;
	}

}
