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

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import io.llmstream.benchmarks.startup.StartupMain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empty applications beside the same with Spring's own HTTP client and with the starter,
 * which brings that client along: how long they take to start and what they hold. Each
 * has the class path that its build would give it.
 */
final class StartupBenchmark {

	private static final Logger logger = LoggerFactory.getLogger(StartupBenchmark.class);

	private static final String HARNESS = "jmh-|jopt-simple|commons-math3";

	private static final String STARTER = "llm-stream-|resilience4j";

	private static final String CLIENT = "webclient|http-client-";

	private static final String SERVLET = "servlet|webmvc|tomcat|http-converter";

	private static final String REACTIVE = "spring-boot-(starter-)?(webflux|reactor-netty)";

	/** What only WebFlux or the starter bring. */
	private static final String REACTOR = "netty|reactor|reactive-streams|spring-webflux|http-codec";

	private static final String EMPTY = "EmptyApplication";

	private static final String WITH_CLIENT = "WebClientApplication";

	private static final String STREAMING = "StreamingApplication";

	private static final List<Entry> ENTRIES = List.of(
			new Entry("MVC, empty", "SERVLET", EMPTY, String.join("|", HARNESS, REACTIVE, REACTOR, CLIENT, STARTER)),
			new Entry("MVC, WebClient", "SERVLET", WITH_CLIENT, String.join("|", HARNESS, REACTIVE, STARTER)),
			new Entry("MVC, starter", "SERVLET", STREAMING, HARNESS + "|" + REACTIVE),
			new Entry("WebFlux, empty", "REACTIVE", EMPTY, String.join("|", HARNESS, SERVLET, CLIENT, STARTER)),
			new Entry("WebFlux, WebClient", "REACTIVE", WITH_CLIENT, String.join("|", HARNESS, SERVLET, STARTER)),
			new Entry("WebFlux, starter", "REACTIVE", STREAMING, HARNESS + "|" + SERVLET));

	private final Samples samples = new Samples();

	private final int rounds;

	StartupBenchmark(int rounds) {
		this.rounds = rounds;
	}

	void run() {
		try (Child provider = Child.start("provider", Machines.OUT.resolve("logs"), Machines.HELPERS,
				MockProvider.class)) {
			for (int round = 0; round <= this.rounds; round++) {
				for (Entry entry : ENTRIES) {
					Figures figures = measure(entry, provider);
					// The first round finds cold files.
					if (round > 0) {
						this.samples.add(entry.name(), figures);
						logger.info("round {} {}: {}", round, entry.name(), figures);
					}
				}
			}
		}
		Report report = new Report("startup", Machines.OUT);
		report.paragraph("## Start of an application")
			.paragraph("Rounds: " + this.rounds + ", interleaved; median (min–max). Ready and first token count from "
					+ "the start of the JVM; memory is measured at rest, after a collection.");
		report.table("Empty applications, with a WebClient, and with the starter", this.samples,
				List.of(new Column("ready ms", "ready", 0), new Column("first token ms", "firstToken", 0),
						new Column("live heap MB", "heapMegabytes", 1), new Column("RSS MB", "rssMegabytes", 0),
						new Column("classes", "classes", 0)));
		for (String stack : List.of("MVC", "WebFlux")) {
			report.paragraph(stack + ": the starter adds " + added(stack, "starter")
					+ "; of which a WebClient alone adds " + added(stack, "WebClient") + ".");
		}
		report.write();
	}

	private String added(String stack, String what) {
		return added(stack, what, "ready", 0) + " ms, " + added(stack, what, "heapMegabytes", 1)
				+ " MB of live heap and " + added(stack, what, "rssMegabytes", 0) + " MB of RSS";
	}

	private String added(String stack, String what, String figure, int digits) {
		return Samples.format(
				this.samples.median(stack + ", " + what, figure) - this.samples.median(stack + ", empty", figure),
				digits);
	}

	private Figures measure(Entry entry, Child provider) {
		List<String> arguments = new ArrayList<>(List.of(entry.stack(), entry.application()));
		if (entry.streaming()) {
			arguments.add("http://127.0.0.1:" + provider.port());
		}
		Path logs = Machines.OUT.resolve("logs");
		String name = "startup-" + entry.name().replaceAll("\\W+", "-");
		try (Child child = Child.startOn(classPath(entry.without()), name, logs, Machines.MEASURED, StartupMain.class,
				arguments.toArray(String[]::new))) {
			Figures figures = child.ready();
			figures.with("heapMegabytes", figures.number("heap") / 1e6)
				.with("rssMegabytes", figures.number("rss") / 1e6);
			return (entry.streaming()) ? figures.with(child.ask("chat", Duration.ofSeconds(20))) : figures;
		}
	}

	private static String classPath(String without) {
		Pattern left = Pattern.compile(without);
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((path) -> path.endsWith("classes") || !left.matcher(Path.of(path).getFileName().toString()).find())
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * An application.
	 *
	 * @param name its name in the table
	 * @param stack its web stack
	 * @param application the name of its class
	 * @param without the files that are not on its class path
	 */
	private record Entry(String name, String stack, String application, String without) {

		boolean streaming() {
			return this.application.equals(STREAMING);
		}

	}

}
