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

package io.llmstream.benchmarks.run;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.benchmarks.relay.BytePassthrough;
import io.llmstream.benchmarks.relay.MvcRelay;
import io.llmstream.benchmarks.relay.NaiveRelay;
import io.llmstream.benchmarks.relay.NettyPassthrough;
import io.llmstream.benchmarks.relay.WebFluxRelay;

/**
 * A relay that takes part.
 *
 * @param name its name in the tables
 * @param type the class that starts it
 * @param options what sets it apart from others of its class
 */
record RelayEntry(String name, String type, List<String> options) {

	/** The one that all others are compared with. */
	static final String BYTES = "byte passthrough";

	private static final String EACH = "llm-stream.relay.coalescing-window=0";

	/**
	 * All that can run here: virtual threads need JDK 21, peers need the build profile
	 * that brings them.
	 */
	static List<RelayEntry> all() {
		List<RelayEntry> all = new ArrayList<>();
		all.add(new RelayEntry(BYTES, BytePassthrough.class.getName(), List.of()));
		all.add(new RelayEntry("Reactor Netty passthrough", NettyPassthrough.class.getName(), List.of()));
		all.add(new RelayEntry("naive SseEmitter", NaiveRelay.class.getName(), List.of()));
		all.add(new RelayEntry("ours, MVC", MvcRelay.class.getName(), List.of()));
		all.add(new RelayEntry("ours, MVC, no window", MvcRelay.class.getName(), List.of(EACH)));
		if (Runtime.version().feature() >= 21) {
			all.add(new RelayEntry("ours, MVC, virtual", MvcRelay.class.getName(),
					List.of("spring.threads.virtual.enabled=true")));
		}
		all.add(new RelayEntry("ours, WebFlux", WebFluxRelay.class.getName(), List.of()));
		all.add(new RelayEntry("ours, WebFlux, no window", WebFluxRelay.class.getName(), List.of(EACH)));
		String[][] peers = { { "Spring AI, SseEmitter", ClientEntry.PEERS + "SpringAiMvcRelay" },
				{ "Spring AI, WebFlux", ClientEntry.PEERS + "SpringAiWebFluxRelay" } };
		for (String[] peer : peers) {
			if (ClientEntry.arePresent(peer[1], ClientEntry.SPRING_AI)) {
				all.add(new RelayEntry(peer[0], peer[1], List.of()));
			}
		}
		return all;
	}

}
