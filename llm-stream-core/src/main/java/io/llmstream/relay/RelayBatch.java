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
 * What one write carries.
 *
 * @param opening whether it is the first write of its connection
 * @param events the events, in order; empty where only the connection itself has
 * something to say
 * @param farewell whether the browser is to leave now and come back soon, to another
 * server that goes on with the run
 */
public record RelayBatch(boolean opening, List<RunEvent> events, boolean farewell) {

	/**
	 * Create a batch that is no farewell.
	 * @param opening whether it is the first write of its connection
	 * @param events the events, in order
	 */
	public RelayBatch(boolean opening, List<RunEvent> events) {
		this(opening, events, false);
	}

	/**
	 * Whether the write is a heartbeat alone.
	 * @return whether it is one
	 */
	public boolean heartbeat() {
		return !this.opening && !this.farewell && this.events.isEmpty();
	}

	/**
	 * Whether the run's terminal event is in it, or the browser is to leave, so that
	 * nothing follows.
	 * @return whether it is the last write
	 */
	public boolean last() {
		return this.farewell || !this.events.isEmpty() && this.events.get(this.events.size() - 1).terminal();
	}

}
