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

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;

/**
 * What a client has to go through. The client is warm.
 */
final class ClientScenarios {

	static final String FIREHOSE = "firehose";

	static final String FAST = "paced-1000x50";

	static final String MANY = "paced-5000x10";

	static final String FEW_OPEN = "open-100";

	static final String MANY_OPEN = "open-5000";

	static final String STARTS = "starts";

	static final String BURST = "burst";

	static final String MEMORY = "memory";

	static final String LENGTH = "length";

	private final Effort effort;

	ClientScenarios(Effort effort) {
		this.effort = effort;
	}

	Map<String, RelayScenarios.Scenario> all() {
		Map<String, RelayScenarios.Scenario> all = new LinkedHashMap<>();
		all.put(FIREHOSE, (client) -> run(client, 64, this.effort.firehose(), 0, ""));
		all.put(FAST, (client) -> run(client, 1_000, this.effort.pacedTokens(50), 50, "ramp=1000"));
		all.put(MANY, (client) -> run(client, 5_000, this.effort.pacedTokens(10), 10, "ramp=4000"));
		// the same number of tokens per second, by few and by many
		all.put(FEW_OPEN, (client) -> run(client, 100, this.effort.pacedTokens(100), 100, "ramp=1000"));
		all.put(MANY_OPEN, (client) -> run(client, 5_000, this.effort.pacedTokens(2), 2, "ramp=4000"));
		all.put(STARTS, this::starts);
		all.put(BURST, (client) -> run(client, 500, 20, 20, "delay=1000"));
		all.put(MEMORY, (client) -> run(client, 1_000, 14, 2, "ramp=1000 collect=1"));
		all.put(LENGTH, this::length);
		return all;
	}

	Figures run(String name, Child client) {
		RelayScenarios.Scenario scenario = all().get(name);
		if (scenario == null) {
			throw new IllegalArgumentException("There is no scenario " + name);
		}
		return scenario.run(client);
	}

	/**
	 * Warm a client up for a scenario. Where streams go on at once for long, what it
	 * takes to begin one does not matter.
	 */
	void warmUp(Child client, String name) {
		long end = System.nanoTime() + this.effort.warmUp().toNanos();
		while (System.nanoTime() < end) {
			run(client, 16, 1_000, 0, "");
		}
		if (!List.of(FIREHOSE, LENGTH).contains(name)) {
			this.effort.warmUpStarts(client, () -> run(client, 1_000, 10, 50, ""));
		}
	}

	/**
	 * What it takes to begin and end an answer.
	 */
	private Figures starts(Child client) {
		int answers = 5_000;
		Figures figures = run(client, answers, 1, 50, "ramp=10000");
		return figures.with("millis", figures.number("cpuPerMillion") / 1e3)
			.with("garbageKilobytes", figures.number("garbage") / 1e3);
	}

	/**
	 * The same number of tokens in short answers and in long ones: what a token costs may
	 * not depend on what came before it.
	 */
	private Figures length(Child client) {
		int tokens = this.effort.longest();
		int times = 20;
		double cpu = 0;
		double lengthy = 0;
		for (int i = 0; i < times; i++) {
			if (i == times / 2) {
				// amid, as all becomes a little faster meanwhile
				lengthy = run(client, 16, tokens, 0, "").number("cpuPerMillion");
			}
			cpu += run(client, 16 * tokens / 1_000 / times, 1_000, 0, "").number("cpuPerMillion") / times;
		}
		return new Figures().with("short", cpu).with("long", lengthy).with("ratio", lengthy / cpu);
	}

	private static Figures run(Child client, int count, int tokens, int rate, String more) {
		long limit = (rate > 0) ? tokens * 1500L / rate + 25_000 : 180_000;
		return client.ask("run count=" + count + " tokens=" + tokens + " rate=" + rate + " limit=" + limit + " " + more,
				Duration.ofMillis(limit + 60_000));
	}

}
