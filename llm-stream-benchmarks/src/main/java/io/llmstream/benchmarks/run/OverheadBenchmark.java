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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.llmstream.benchmarks.client.ClientMain;
import io.llmstream.benchmarks.client.Ours;
import io.llmstream.benchmarks.client.OursUnobserved;
import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import io.llmstream.benchmarks.provider.WireTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What observation and the usage ledger add to a token. Two JVMs differ by more than that
 * in how they compile the same code; so both clients are in one, and take turns. A JVM
 * can compile one of the two better for good; so there are several.
 */
final class OverheadBenchmark {

	private static final Logger logger = LoggerFactory.getLogger(OverheadBenchmark.class);

	private static final int WATCHED = 0;

	private static final int UNWATCHED = 1;

	private static final String[] NAMES = { "ours", "ours, unobserved" };

	private static final String[] CLIENTS = { Ours.class.getName(), OursUnobserved.class.getName() };

	private static final Duration LIMIT = Duration.ofMinutes(3);

	/** How many JVMs share the pairs: an even number, for the order takes turns. */
	private static final int MACHINES = 6;

	private final Samples samples = new Samples();

	private final int pairs;

	private final int tokens;

	OverheadBenchmark(Effort effort, int pairs) {
		this.pairs = pairs;
		this.tokens = effort.firehose() / 2;
	}

	void run() {
		int[] lengths = new int[Math.min(this.pairs, MACHINES)];
		for (int i = 0; i < this.pairs; i++) {
			lengths[i % lengths.length]++;
		}
		double[] speed = new double[lengths.length];
		double[] cpu = new double[lengths.length];
		double[] garbage = new double[lengths.length];
		for (int i = 0; i < lengths.length; i++) {
			List<Figures[]> taken = inOneMachine(lengths[i], i % 2);
			speed[i] = middle(taken, (figures) -> figures.number("tokensPerSecond"));
			cpu[i] = middle(taken, (figures) -> figures.number("cpuPerMillion"));
			garbage[i] = middle(taken, (figures) -> figures.number("garbage"));
			logger.info("JVM {}, {} pairs: tokens/s {}, CPU {}, garbage {}", i, lengths[i], speed[i], cpu[i],
					garbage[i]);
		}
		Report report = new Report("overhead", Machines.OUT);
		report.paragraph("## What observation and ledger cost")
			.paragraph("Pairs: " + this.pairs + ", in turns in " + lengths.length + " JVMs; median (min–max).");
		report.table("Firehose: 64 streams of " + this.tokens + " tokens", this.samples, List.of(
				new Column("tokens/s", "tokensPerSecond", 0), new Column("CPU s / 10⁶ tokens", "cpuPerMillion", 3),
				new Column("garbage B/token", "garbage", 1), new Column("text exact", "exact", Column.YES_OR_NO)));
		report.paragraph("With, divided by without, the median of each JVM's pairs: tokens/s " + text(speed) + ", CPU "
				+ text(cpu) + ", garbage " + text(garbage) + '.');
		report.write();
	}

	/**
	 * Measure pairs in one JVM.
	 * @param first which client is there first, whom the compilers see alone
	 */
	private List<Figures[]> inOneMachine(int count, int first) {
		List<Figures[]> taken = new ArrayList<>();
		try (Child provider = Child.start("provider", Machines.OUT.resolve("logs"), Machines.HELPERS,
				MockProvider.class);
				Child clients = Child.start("client-overhead", Machines.OUT.resolve("logs"), Machines.MEASURED,
						ClientMain.class, CLIENTS[first] + "," + CLIENTS[1 - first],
						"http://127.0.0.1:" + provider.port(), WireTemplate.OPENAI.name())) {
			for (int i = 0; i < 8; i++) {
				measure(clients, i % 2);
			}
			for (int i = 0; i < count; i++) {
				Figures[] pair = new Figures[2];
				pair[i % 2] = measure(clients, (i + first) % 2);
				pair[1 - i % 2] = measure(clients, (i + 1 + first) % 2);
				this.samples.add(NAMES[WATCHED], pair[WATCHED]);
				this.samples.add(NAMES[UNWATCHED], pair[UNWATCHED]);
				taken.add(pair);
			}
		}
		return taken;
	}

	private Figures measure(Child clients, int which) {
		return clients.ask("run count=64 tokens=" + this.tokens + " limit=120000 client=" + which, LIMIT);
	}

	private static double middle(List<Figures[]> pairs, ToDoubleFunction<Figures> figure) {
		return middle(pairs.stream()
			.mapToDouble((pair) -> figure.applyAsDouble(pair[WATCHED]) / figure.applyAsDouble(pair[UNWATCHED]))
			.toArray());
	}

	private static double middle(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int last = sorted.length - 1;
		return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
	}

	private static String text(double[] ratios) {
		return Samples.format(middle(ratios), 3) + " ("
				+ Arrays.stream(ratios)
					.sorted()
					.mapToObj((ratio) -> Samples.format(ratio, 3))
					.collect(Collectors.joining(", "))
				+ ')';
	}

}
