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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.llmstream.benchmarks.browser.BrowserLoad;
import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import io.llmstream.benchmarks.relay.RelayMain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relays side by side: provider, relay and browsers in a process each.
 */
final class RelayBenchmark {

	private static final Logger logger = LoggerFactory.getLogger(RelayBenchmark.class);

	private final Effort effort;

	private final Predicate<String> scenarios;

	private final Predicate<String> contestants;

	private final Map<String, Samples> results = new LinkedHashMap<>();

	RelayBenchmark(Effort effort, Predicate<String> scenarios, Predicate<String> contestants) {
		this.effort = effort;
		this.scenarios = scenarios;
		this.contestants = contestants;
	}

	void run() {
		Path logs = Machines.OUT.resolve("logs");
		try (Child provider = Child.start("provider", logs, Machines.HELPERS, MockProvider.class);
				Child browsers = Child.start("browsers", logs, Machines.HELPERS, BrowserLoad.class)) {
			RelayScenarios all = new RelayScenarios(this.effort, browsers, provider);
			for (int round = 1; round <= this.effort.rounds(); round++) {
				for (RelayEntry entry : RelayEntry.all()) {
					if (this.contestants.test(entry.name())) {
						round(round, entry, all, provider);
						report();
					}
				}
			}
		}
	}

	/**
	 * All that one contestant goes through in a round. What the scenarios need differs
	 * only where browsers stall: that one gets a process of its own.
	 */
	private void round(int round, RelayEntry entry, RelayScenarios all, Child provider) {
		List<String> chosen = all.all()
			.keySet()
			.stream()
			.filter((name) -> this.scenarios.test(name) && (round == 1 || isRepeated(name)))
			.filter((name) -> !entry.name().startsWith("Spring AI") || !isHopeless(name))
			.toList();
		List<String> together = chosen.stream().filter((name) -> !name.equals(RelayScenarios.STALLED)).toList();
		measure(round, entry, List.of(), together, all, provider);
		if (together.size() < chosen.size()) {
			measure(round, entry, RelayScenarios.PATIENCE, List.of(RelayScenarios.STALLED), all, provider);
		}
	}

	/**
	 * What takes minutes for each contestant, or hardly differs, is done once.
	 */
	private static boolean isRepeated(String scenario) {
		return !scenario.equals(RelayScenarios.CAPACITY) && !scenario.equals(RelayScenarios.MEMORY);
	}

	/**
	 * They are known to fall behind at a thousand browsers; more would only take time.
	 */
	private static boolean isHopeless(String scenario) {
		return scenario.equals(RelayScenarios.CAPACITY) || scenario.equals(RelayScenarios.MANY);
	}

	private void measure(int round, RelayEntry entry, List<String> options, List<String> names, RelayScenarios all,
			Child provider) {
		List<String> arguments = new ArrayList<>();
		arguments.add(entry.type());
		arguments.add("http://127.0.0.1:" + provider.port());
		arguments.addAll(entry.options());
		arguments.addAll(options);
		for (String name : names) {
			// What a JVM has compiled for one load it keeps for the next.
			try (Child relay = Child.start("relay-" + entry.name().replaceAll("\\W+", "-"),
					Machines.OUT.resolve("logs"), Machines.MEASURED, RelayMain.class,
					arguments.toArray(String[]::new))) {
				all.warmUp(relay);
				add(round, entry, name, all.run(name, relay));
			}
			catch (IllegalStateException ex) {
				logger.error("{} failed", entry.name(), ex);
				add(round, entry, name, new Figures().with("exact", 0).with("whole", 0));
			}
		}
	}

	private void add(int round, RelayEntry entry, String name, Figures figures) {
		logger.info("{} round {} {}: {}", name, round, entry.name(), figures);
		this.results.computeIfAbsent(name, (key) -> new Samples()).add(entry.name(), figures);
	}

	private void report() {
		Report report = new Report("relay", Machines.OUT);
		report.paragraph("## Relay to browsers").paragraph(Machines.describe(this.effort));
		load(report, RelayScenarios.FIREHOSE, "Firehose: 64 browsers, as fast as they take it");
		load(report, RelayScenarios.FAST, "1,000 browsers, 50 tokens/s each");
		load(report, RelayScenarios.HALF, "500 browsers, 50 tokens/s each, which leave the processors room");
		load(report, RelayScenarios.MANY, "3,000 browsers, 10 tokens/s each");
		table(report, RelayScenarios.STARTS, "5,000 answers of one token, 500 begun each second",
				List.of(new Column("CPU ms / answer", "millis", 2),
						new Column("garbage KB / answer", "garbageKilobytes", 0),
						new Column("first token p50 ms", "ttft50", 1), new Column("p99 ms", "ttft99", 0)));
		table(report, RelayScenarios.STALLED, "200 healthy browsers beside 50 that read nothing",
				List.of(new Column("p99 ms alone", "alone", 1), new Column("p99 ms beside them", "beside", 1),
						new Column("ratio", "ratio", 2), new Column("delivered", "delivered", 3),
						new Column("threads", "threads", 0)));
		table(report, RelayScenarios.MEMORY, "Memory of one open stream, of 1,000",
				List.of(new Column("live heap KiB", "heap", 1), new Column("RSS KiB", "rss", 1),
						new Column("threads", "threads", 0)));
		table(report, RelayScenarios.CAPACITY, "The most browsers at 50 tokens/s that keep pace",
				List.of(new Column("browsers", "browsers", 0),
						new Column("÷ " + RelayEntry.BYTES, "browsers", 2, RelayEntry.BYTES)));
		report.write();
	}

	private void load(Report report, String scenario, String title) {
		boolean paced = !scenario.equals(RelayScenarios.FIREHOSE);
		List<Column> columns = new ArrayList<>();
		columns.add(new Column("CPU s / 10⁶ tokens", "cpuPerMillion", 2));
		columns.add(new Column("÷ " + RelayEntry.BYTES, "cpuPerMillion", 2, RelayEntry.BYTES));
		columns.add(new Column("÷ Reactor Netty", "cpuPerMillion", 2, "Reactor Netty passthrough"));
		columns.add(new Column("JIT compilers beside it, s", "compilers", 1));
		columns.add(new Column("garbage B/token", "garbage", 0));
		if (paced) {
			columns.add(new Column("delivered in time", "delivered", 3));
			columns.add(new Column("CPU %", "cpuShare", 0));
			columns.add(new Column("added latency p50 ms", "p50", 2));
			columns.add(new Column("p99 ms", "p99", 1));
			columns.add(new Column("first token p99 ms", "ttft99", 0));
		}
		else {
			columns.add(new Column("tokens/s", "tokensPerSecond", 0));
		}
		columns.add(new Column("RSS MiB", "rss", 0));
		columns.add(new Column("threads", "threads", 0));
		columns.add(new Column("answers whole", "whole", 3));
		columns.add(new Column("text exact", "exact", Column.YES_OR_NO));
		table(report, scenario, title, columns);
		Samples samples = this.results.get(scenario);
		if (samples != null) {
			report.plot(scenario, title + ": CPU seconds per million tokens", samples, "cpuPerMillion");
		}
	}

	private void table(Report report, String scenario, String title, List<Column> columns) {
		Samples samples = this.results.get(scenario);
		if (samples != null) {
			report.table(title, samples, columns);
		}
	}

}
