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
import java.util.concurrent.CompletableFuture;

import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;

/**
 * What a relay has to go through. The relay is warm.
 */
final class RelayScenarios {

	static final String FIREHOSE = "firehose";

	static final String FAST = "paced-1000x50";

	static final String HALF = "paced-500x50";

	static final String MANY = "paced-3000x10";

	static final String STARTS = "starts";

	static final String STALLED = "stalled";

	static final String MEMORY = "memory";

	static final String CAPACITY = "capacity";

	/** Nobody is given up while he is needed to stall. */
	static final List<String> PATIENCE = List.of("llm-stream.relay.write-timeout=5m",
			"server.tomcat.connection-timeout=5m");

	/** A share of one processor. */
	private static final double QUIET = 0.1;

	/** Twice what 3,000 answers of 12 seconds each need in the long run. */
	private static final int STARTS_PER_SECOND = 500;

	private static final String PATH = "/v1/chat/completions";

	private final Effort effort;

	private final Child browsers;

	private final Child provider;

	RelayScenarios(Effort effort, Child browsers, Child provider) {
		this.effort = effort;
		this.browsers = browsers;
		this.provider = provider;
	}

	Map<String, Scenario> all() {
		Map<String, Scenario> all = new LinkedHashMap<>();
		all.put(FIREHOSE, (relay) -> load(relay, 64, this.effort.firehose(), 0));
		all.put(FAST, (relay) -> load(relay, 1_000, this.effort.pacedTokens(50), 50));
		all.put(HALF, (relay) -> load(relay, 500, this.effort.pacedTokens(50), 50));
		all.put(MANY, (relay) -> load(relay, 3_000, this.effort.pacedTokens(10), 10));
		all.put(STARTS, this::starts);
		all.put(STALLED, this::stalled);
		all.put(MEMORY, this::memory);
		all.put(CAPACITY, this::capacity);
		return all;
	}

	Figures run(String name, Child relay) {
		Scenario scenario = all().get(name);
		if (scenario == null) {
			throw new IllegalArgumentException("There is no scenario " + name);
		}
		return scenario.run(relay);
	}

	void warmUp(Child relay) {
		long end = System.nanoTime() + this.effort.warmUp().toNanos();
		while (System.nanoTime() < end) {
			run(relay, 16, 1_000, 0);
		}
		this.effort.warmUpStarts(relay, () -> run(relay, 1_000, 10, 50));
	}

	private Figures load(Child relay, int count, int tokens, int rate) {
		this.provider.ask("totals", Duration.ofSeconds(10));
		Figures before = relay.measure(false);
		CompletableFuture<Figures> running = begin(relay, count, tokens, rate);
		pause((rate > 0) ? ramp(count) + tokens * 500L / rate : 300);
		Figures amid = relay.measure(false);
		Figures seen = running.join();
		Figures after = relay.measure(false);
		Figures sent = this.provider.ask("totals", Duration.ofSeconds(10));
		double received = seen.number("tokens");
		double cpu = after.number("cpu") - before.number("cpu");
		return new Figures().with(seen)
			.with("cpuPerMillion", cpu / received * 1e6)
			.with("compilers", after.number("compilers") - before.number("compilers"))
			.with("cpuShare", 100 * cpu / (after.number("at") - before.number("at")))
			.with("garbage", (after.number("allocated") - before.number("allocated")) / received)
			.with("tokensPerSecond", received / seen.number("elapsed") * 1000)
			.with("rss", amid.number("rss") / (1 << 20))
			.with("threads", amid.number("threads"))
			.with("files", amid.number("files"))
			// A relay that made tokens up, or a harness that lost some, would show here.
			.with("sent", sent.number("sent"))
			.with("whole", seen.number("complete") / count)
			.with("exact", (seen.number("complete") == count && seen.number("lostSpaces") == 0) ? 1 : 0);
	}

	/**
	 * What it takes to begin and end an answer, each on a new connection.
	 */
	private Figures starts(Child relay) {
		int answers = 5_000;
		Figures figures = load(relay, answers, 1, 50);
		return figures.with("millis", figures.number("cpuPerMillion") * figures.number("sent") / 1e3 / answers)
			.with("garbageKilobytes", figures.number("garbage") * figures.number("sent") / 1e3 / answers);
	}

	/**
	 * Healthy browsers before there are stalled ones, beside them, and after they have
	 * left: the better one of the two runs alone is what the one beside them is compared
	 * with.
	 */
	private Figures stalled(Child relay) {
		int tokens = this.effort.pacedTokens(50);
		double before = run(relay, 200, tokens, 50).number("p99");
		Figures beside;
		double threads;
		this.browsers.ask("stall " + target(relay) + " count=50", Duration.ofSeconds(10));
		try {
			awaitQuiet(relay);
			beside = run(relay, 200, tokens, 50);
			threads = relay.measure(false).number("threads");
		}
		finally {
			this.browsers.ask("leave", Duration.ofSeconds(10));
		}
		awaitQuiet(relay);
		double alone = Math.min(before, run(relay, 200, tokens, 50).number("p99"));
		return new Figures().with("alone", alone)
			.with("beside", beside.number("p99"))
			.with("ratio", beside.number("p99") / alone)
			.with("delivered", beside.number("delivered"))
			.with("threads", threads);
	}

	/**
	 * Wait until the relay has read as far ahead of those who read nothing as it may, and
	 * the buffers of their connections are full: it costs as much as any other firehose,
	 * and is not what is measured here.
	 */
	private static void awaitQuiet(Child relay) {
		Figures before = relay.measure(false);
		for (int i = 0; i < 180; i++) {
			pause(1_000);
			Figures after = relay.measure(false);
			double share = (after.number("cpu") - before.number("cpu")) / (after.number("at") - before.number("at"));
			if (share < QUIET) {
				return;
			}
			before = after;
		}
	}

	private Figures memory(Child relay) {
		int count = 1_000;
		Figures idle = relay.measure(true);
		CompletableFuture<Figures> running = begin(relay, count, 14, 2);
		pause(4_000);
		Figures amid = relay.measure(true);
		running.join();
		return new Figures().with("heap", (amid.number("heap") - idle.number("heap")) / count / 1024)
			.with("rss", (amid.number("rss") - idle.number("rss")) / count / 1024)
			.with("threads", amid.number("threads"));
	}

	/**
	 * Find the highest number of browsers, within 5 %, that keeps pace at 50 tokens a
	 * second.
	 */
	private Figures capacity(Child relay) {
		int kept = 0;
		int failed = 0;
		for (int count = 400; failed == 0 && count < 8_000; count = count * 3 / 2) {
			if (keepsPace(relay, count)) {
				kept = count;
			}
			else {
				failed = count;
			}
		}
		while (failed > 0 && failed - kept > Math.max(20, failed / 20)) {
			int count = (kept + failed) / 2;
			if (keepsPace(relay, count)) {
				kept = count;
			}
			else {
				failed = count;
			}
		}
		return new Figures().with("browsers", kept);
	}

	private boolean keepsPace(Child relay, int count) {
		Figures seen = run(relay, count, 250, 50);
		pause(500);
		return seen.number("complete") == count && seen.number("delivered") >= 0.99;
	}

	private static long ramp(int count) {
		return Math.max(200, count * 1_000L / STARTS_PER_SECOND);
	}

	private Figures run(Child relay, int count, int tokens, int rate) {
		return begin(relay, count, tokens, rate).join();
	}

	private CompletableFuture<Figures> begin(Child relay, int count, int tokens, int rate) {
		long ramp = (rate > 0) ? ramp(count) : 0;
		long limit = (rate > 0) ? ramp + tokens * 1500L / rate + 15_000 : 120_000;
		return this.browsers.begin("run " + target(relay) + " count=" + count + " tokens=" + tokens + " rate=" + rate
				+ " ramp=" + ramp + " limit=" + limit, Duration.ofMillis(limit + 30_000));
	}

	private static String target(Child relay) {
		return "port=" + relay.port() + " path=" + PATH;
	}

	static void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * One of them.
	 */
	@FunctionalInterface
	interface Scenario {

		/**
		 * Put a relay through it.
		 * @param relay the relay, warm
		 * @return what came out
		 */
		Figures run(Child relay);

	}

}
