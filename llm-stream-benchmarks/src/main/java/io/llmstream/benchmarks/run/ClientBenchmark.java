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

import io.llmstream.benchmarks.client.ClientMain;
import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import io.llmstream.benchmarks.provider.WireTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients side by side: provider and client in a process each.
 */
final class ClientBenchmark {

	private static final Logger logger = LoggerFactory.getLogger(ClientBenchmark.class);

	private static final Path LOGS = Machines.OUT.resolve("logs");

	private final Effort effort;

	private final Predicate<String> scenarios;

	private final Predicate<String> contestants;

	private final Map<String, Samples> results = new LinkedHashMap<>();

	ClientBenchmark(Effort effort, Predicate<String> scenarios, Predicate<String> contestants) {
		this.effort = effort;
		this.scenarios = scenarios;
		this.contestants = contestants;
	}

	void run() {
		ClientScenarios all = new ClientScenarios(this.effort);
		try (Child provider = Child.start("provider", LOGS, Machines.HELPERS, MockProvider.class)) {
			for (int round = 1; round <= this.effort.rounds(); round++) {
				for (WireTemplate wire : WireTemplate.values()) {
					for (ClientEntry entry : ClientEntry.all()) {
						if (this.contestants.test(entry.name())
								&& (wire == WireTemplate.OPENAI || entry.otherWires())) {
							measure(entry, wire, round, chosen(all, wire, round), provider);
							report();
						}
					}
				}
			}
		}
	}

	private List<String> chosen(ClientScenarios all, WireTemplate wire, int round) {
		return all.all()
			.keySet()
			.stream()
			.filter((scenario) -> this.scenarios.test(name(scenario, wire)) && isMeasured(scenario, wire, round))
			.toList();
	}

	private static String name(String scenario, WireTemplate wire) {
		return (wire == WireTemplate.OPENAI) ? scenario : scenario + "-" + wire;
	}

	/**
	 * OpenAI's wire decides; of the others the cost of a token is reported. What hardly
	 * differs is done once.
	 */
	private static boolean isMeasured(String scenario, WireTemplate wire, int round) {
		if (wire != WireTemplate.OPENAI) {
			return scenario.equals(ClientScenarios.FIREHOSE);
		}
		return round == 1 || !scenario.equals(ClientScenarios.MEMORY) && !scenario.equals(ClientScenarios.LENGTH);
	}

	private void measure(ClientEntry entry, WireTemplate wire, int round, List<String> names, Child provider) {
		ClientScenarios all = new ClientScenarios(this.effort);
		String process = "client-" + entry.name().replaceAll("\\W+", "-");
		for (String name : names) {
			// What a JVM has compiled for one load it keeps for the next.
			try (Child client = Child.start(process, LOGS, Machines.MEASURED, ClientMain.class, entry.type(),
					"http://127.0.0.1:" + provider.port(), wire.name())) {
				all.warmUp(client, name);
				add(entry, name(name, wire), round, all.run(name, client));
			}
			catch (IllegalStateException ex) {
				logger.error("{} failed", entry.name(), ex);
				add(entry, name(name, wire), round, new Figures().with("exact", 0).with("whole", 0));
			}
		}
	}

	private void add(ClientEntry entry, String name, int round, Figures figures) {
		logger.info("{} round {} {}: {}", name, round, entry.name(), figures);
		this.results.computeIfAbsent(name, (key) -> new Samples()).add(entry.name(), figures);
	}

	private void report() {
		Report report = new Report("client", Machines.OUT);
		report.paragraph("## Client").paragraph(Machines.describe(this.effort));
		load(report, ClientScenarios.FIREHOSE, "Firehose: 64 streams, as fast as they are taken");
		load(report, ClientScenarios.FAST, "1,000 streams, 50 tokens/s each");
		load(report, ClientScenarios.MANY, "5,000 streams, 10 tokens/s each");
		load(report, ClientScenarios.FEW_OPEN, "100 streams, 100 tokens/s each");
		load(report, ClientScenarios.MANY_OPEN, "5,000 streams, 2 tokens/s each");
		table(report, ClientScenarios.STARTS, "5,000 answers of one token, 500 begun each second",
				List.of(new Column("CPU ms / answer", "millis", 3),
						new Column("garbage KB / answer", "garbageKilobytes", 1),
						new Column("first token p50 ms", "ttft50", 1), new Column("p99 ms", "ttft99", 0),
						new Column("text exact", "exact", Column.YES_OR_NO)));
		table(report, ClientScenarios.BURST, "500 requests at once, headers after 1 s",
				List.of(new Column("first token p50 ms", "ttft50", 0), new Column("p99 ms", "ttft99", 0),
						new Column("threads", "threads", 0), new Column("text exact", "exact", Column.YES_OR_NO)));
		table(report, ClientScenarios.MEMORY, "Memory of one open stream, of 1,000",
				List.of(new Column("live heap KiB", "heap", 1), new Column("threads", "threads", 0)));
		table(report, ClientScenarios.LENGTH, "CPU s / 10⁶ tokens, by the length of the answers",
				List.of(new Column("1,000 tokens each", "short", 2),
						new Column(this.effort.longest() + " tokens each", "long", 2),
						new Column("ratio", "ratio", 2)));
		for (WireTemplate wire : WireTemplate.values()) {
			if (wire != WireTemplate.OPENAI) {
				load(report, ClientScenarios.FIREHOSE + "-" + wire, "Firehose, " + wire + " wire");
			}
		}
		report.write();
	}

	private void load(Report report, String scenario, String title) {
		boolean firehose = scenario.startsWith(ClientScenarios.FIREHOSE);
		List<Column> columns = new ArrayList<>();
		columns.add(new Column("CPU s / 10⁶ tokens", "cpuPerMillion", 2));
		columns.add(new Column("÷ raw", "cpuPerMillion", 2, ClientEntry.RAW));
		columns.add(new Column("÷ limit-strings", "cpuPerMillion", 2, ClientEntry.LIMIT));
		columns.add(new Column("÷ ours", "cpuPerMillion", 2, ClientEntry.OURS));
		columns.add(new Column("JIT compilers beside it, s", "compilers", 1));
		columns.add(new Column("garbage B/token", "garbage", 0));
		if (firehose) {
			columns.add(new Column("tokens/s", "tokensPerSecond", 0));
		}
		else {
			columns.add(new Column("while all are open", "openCpuPerMillion", 2));
			columns.add(new Column("÷ raw", "openCpuPerMillion", 2, ClientEntry.RAW));
			columns.add(new Column("delivered in time", "delivered", 3));
			columns.add(new Column("CPU %", "cpuShare", 0));
			columns.add(new Column("added latency p50 ms", "p50", 2));
			columns.add(new Column("p99 ms", "p99", 1));
			columns.add(new Column("first token p99 ms", "ttft99", 0));
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
