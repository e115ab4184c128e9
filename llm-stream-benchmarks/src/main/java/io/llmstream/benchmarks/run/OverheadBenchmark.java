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
import java.util.stream.Collectors;

import io.llmstream.benchmarks.client.ClientMain;
import io.llmstream.benchmarks.client.Contestant;
import io.llmstream.benchmarks.client.LimitStrings;
import io.llmstream.benchmarks.client.Ours;
import io.llmstream.benchmarks.client.OursUnobserved;
import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Cores;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import io.llmstream.benchmarks.provider.WireTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What observation and the usage ledger add to a token. Each client is in a JVM of its
 * own, as in an application, since two in one are compiled for each other. The two JVMs
 * stand side by side and take turns run by run, so that what else the machine does hits
 * both. The provider has a core for itself, and so has the client that runs, for else
 * their threads chase each other over the cores. A JVM can compile the same code better
 * or worse for good; so there are several pairs.
 */
final class OverheadBenchmark {

	private static final Logger logger = LoggerFactory.getLogger(OverheadBenchmark.class);

	private static final String WATCHED = "ours";

	private static final String UNWATCHED = "ours, unobserved";

	private static final Duration LIMIT = Duration.ofMinutes(3);

	/** Until the provider is compiled, it comes to different reads. */
	private static final int PROVIDER_WARM_UPS = 4;

	private static final int WARM_UPS = 3;

	/** How often each JVM is measured. */
	private static final int RUNS = 6;

	private static final List<String> FIGURES = List.of("tokensPerSecond", "cpuPerMillion", "garbage");

	private final Samples samples = new Samples();

	private final Effort effort;

	private final int pairs;

	private final int tokens;

	OverheadBenchmark(Effort effort, int pairs) {
		if (pairs < 2) {
			throw new IllegalArgumentException("One pair says nothing: rounds must be 2 or more");
		}
		this.effort = effort;
		this.pairs = pairs;
		this.tokens = effort.firehose() / 2;
	}

	void run() {
		List<Figures> ratios = new ArrayList<>();
		for (int i = 0; i < this.pairs; i++) {
			ratios.add(pair(i % 2 == 0));
			logger.info("Pair {}, watched ÷ unwatched: {}", i, ratios.get(i));
		}
		Report report = new Report("overhead", Machines.OUT);
		report.paragraph("## What observation and ledger cost")
			.paragraph("Pairs of JVMs side by side: " + this.pairs + ", " + RUNS + " runs of each, by turns"
					+ ((Cores.canChoose()) ? ", client and provider on a core of their own" : "")
					+ "; median (min–max) of all runs.");
		report.table("Firehose: 64 streams of " + this.tokens + " tokens", this.samples, List.of(
				new Column("tokens/s", "tokensPerSecond", 0), new Column("CPU s / 10⁶ tokens", "cpuPerMillion", 3),
				new Column("garbage B/token", "garbage", 1), new Column("text exact", "exact", Column.YES_OR_NO)));
		report.paragraph("With, divided by without, the geometric mean over the pairs, its standard error, and the"
				+ " pairs: tokens/s " + ratio(ratios, "tokensPerSecond") + "; CPU " + ratio(ratios, "cpuPerMillion")
				+ "; garbage " + ratio(ratios, "garbage") + '.');
		report.write();
	}

	/**
	 * Measure one JVM of each.
	 * @param watchedFirst whose JVM is started first, and who begins
	 * @return the median of the ratios of runs that followed each other
	 */
	private Figures pair(boolean watchedFirst) {
		try (Child provider = Child.startOnCore(0, "provider", Machines.OUT.resolve("logs"), Machines.HELPERS,
				MockProvider.class)) {
			try (Child other = start(LimitStrings.class, provider)) {
				for (int i = 0; i < PROVIDER_WARM_UPS; i++) {
					measure(other);
				}
			}
			Class<? extends Contestant> first = (watchedFirst) ? Ours.class : OursUnobserved.class;
			Class<? extends Contestant> second = (watchedFirst) ? OursUnobserved.class : Ours.class;
			try (Child one = start(first, provider); Child two = start(second, provider)) {
				return pair((watchedFirst) ? one : two, (watchedFirst) ? two : one, watchedFirst);
			}
		}
	}

	private Figures pair(Child watched, Child unwatched, boolean watchedFirst) {
		for (Child client : List.of(watched, unwatched)) {
			this.effort.warmUpStarts(client, () -> client.ask("run count=500 tokens=20 limit=60000", LIMIT));
		}
		List<Figures> ratios = new ArrayList<>();
		for (int i = 0; i < WARM_UPS + RUNS; i++) {
			boolean watchedNow = watchedFirst == (i % 2 == 0);
			Figures first = measure((watchedNow) ? watched : unwatched);
			Figures second = measure((watchedNow) ? unwatched : watched);
			if (i >= WARM_UPS) {
				Figures with = (watchedNow) ? first : second;
				Figures without = (watchedNow) ? second : first;
				this.samples.add(WATCHED, with);
				this.samples.add(UNWATCHED, without);
				Figures ratio = new Figures();
				FIGURES.forEach((name) -> ratio.with(name, with.number(name) / without.number(name)));
				ratios.add(ratio);
			}
		}
		Figures middle = new Figures();
		FIGURES.forEach((name) -> middle.with(name, middle(ratios, name)));
		return middle;
	}

	private static Child start(Class<? extends Contestant> contestant, Child provider) {
		return Child.startOnCore(1, "client-overhead", Machines.OUT.resolve("logs"), Machines.MEASURED,
				ClientMain.class, contestant.getName(), "http://127.0.0.1:" + provider.port(),
				WireTemplate.OPENAI.name());
	}

	private Figures measure(Child client) {
		return client.ask("run count=64 tokens=" + this.tokens + " limit=120000", LIMIT);
	}

	private static String ratio(List<Figures> ratios, String name) {
		double[] logarithms = ratios.stream().mapToDouble((ratio) -> Math.log(ratio.number(name))).toArray();
		double mean = Arrays.stream(logarithms).average().orElse(0);
		double squares = Arrays.stream(logarithms).map((each) -> (each - mean) * (each - mean)).sum();
		double error = Math.sqrt(squares / (logarithms.length - 1) / logarithms.length);
		return Samples.format(Math.exp(mean), 3) + " ± " + Samples.format(error * Math.exp(mean), 3)
				+ ratios.stream()
					.map((ratio) -> Samples.format(ratio.number(name), 3))
					.collect(Collectors.joining(", ", " (", ")"));
	}

	private static double middle(List<Figures> figures, String name) {
		double[] sorted = figures.stream().mapToDouble((each) -> each.number(name)).sorted().toArray();
		int last = sorted.length - 1;
		return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
	}

}
