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

package io.llmstream.sample;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.llmstream.test.ProviderExchange;

/**
 * Counts how the answers of the simulated provider ended: what the far end of a stop
 * button looks like.
 */
class SimulatedTraffic {

	private final List<ProviderExchange> open = new ArrayList<>();

	private long requests;

	private long complete;

	private long closedByClient;

	synchronized void add(ProviderExchange exchange) {
		sweep();
		this.requests++;
		this.open.add(exchange);
	}

	synchronized Figures figures() {
		sweep();
		return new Figures(this.requests, this.open.size(), this.complete, this.closedByClient);
	}

	private void sweep() {
		for (Iterator<ProviderExchange> exchanges = this.open.iterator(); exchanges.hasNext();) {
			ProviderExchange.State state = exchanges.next().state();
			if (state != ProviderExchange.State.OPEN) {
				this.complete += (state == ProviderExchange.State.COMPLETE) ? 1 : 0;
				this.closedByClient += (state == ProviderExchange.State.CLOSED_BY_CLIENT) ? 1 : 0;
				exchanges.remove();
			}
		}
	}

	/**
	 * Figures since the start.
	 *
	 * @param requests requests received
	 * @param open answers being written
	 * @param complete answers written to their end
	 * @param closedByClient answers whose connection was closed by the application
	 */
	record Figures(long requests, int open, long complete, long closedByClient) {
	}

}
