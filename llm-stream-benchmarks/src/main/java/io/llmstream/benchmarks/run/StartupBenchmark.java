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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import io.llmstream.benchmarks.startup.StartupMain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empty applications beside the same with Spring's own HTTP client and with the starter,
 * which brings that client along: how long they take to start and what they hold, as they
 * are and with what a JVM from 25 on keeps of an earlier start and answer (its AOT
 * cache). Each has the class path that its build would give it.
 */
final class StartupBenchmark {

	private static final Logger logger = LoggerFactory.getLogger(StartupBenchmark.class);

	/**
	 * What no application has for streaming's sake: the harness, and those it compares
	 * with.
	 */
	private static final String HARNESS = "jmh-|jopt-simple|commons-math3|spring-ai|ST4|antlr|spring-messaging|"
			+ "spring-context-support|langchain4j|jtokkit|openai-java|okhttp|okio|kotlin|annotations-13|error_prone|"
			+ "swagger|jsonschema|classmate|jackson-(core|databind)-2|jackson-(module|datatype)";

	private static final String ACTUATOR = "actuator|boot-micrometer|boot-starter-micrometer|boot-health|"
			+ "micrometer-(core|registry|jakarta9)|prometheus|HdrHistogram";

	private static final String STARTER = "llm-stream-|resilience4j";

	private static final String CLIENT = "webclient|http-client-";

	private static final String SERVLET = "servlet|webmvc|tomcat|http-converter";

	private static final String REACTIVE = "spring-boot-(starter-)?(webflux|reactor-netty)";

	/** What only WebFlux or the starter bring. */
	private static final String REACTOR = "netty|reactor|reactive-streams|spring-webflux|http-codec";

	private static final String EMPTY = "EmptyApplication";

	private static final String WITH_CLIENT = "WebClientApplication";

	private static final String STREAMING = "StreamingApplication";

	private static final Pattern OWN = Pattern.compile("llm-stream-benchmarks-(?!.*(sources|javadoc|tests)).*\\.jar");

	private static final String NOTHING = ", empty";

	private static final String CACHED = ", AOT cache";

	private static final Duration TRAINING = Duration.ofMinutes(2);

	private static final List<Entry> ENTRIES = List.of(
			new Entry("MVC, empty", "SERVLET", EMPTY, REACTIVE, REACTOR, CLIENT, STARTER, ACTUATOR),
			new Entry("MVC, WebClient", "SERVLET", WITH_CLIENT, REACTIVE, STARTER, ACTUATOR),
			new Entry("MVC, starter", "SERVLET", STREAMING, REACTIVE, ACTUATOR),
			new Entry("MVC with Actuator, empty", "SERVLET", EMPTY, REACTIVE, REACTOR, CLIENT, STARTER),
			new Entry("MVC with Actuator, starter", "SERVLET", STREAMING, REACTIVE),
			new Entry("WebFlux, empty", "REACTIVE", EMPTY, SERVLET, CLIENT, STARTER, ACTUATOR),
			new Entry("WebFlux, WebClient", "REACTIVE", WITH_CLIENT, SERVLET, STARTER, ACTUATOR),
			new Entry("WebFlux, starter", "REACTIVE", STREAMING, SERVLET, ACTUATOR),
			new Entry("WebFlux with Actuator, empty", "REACTIVE", EMPTY, SERVLET, CLIENT, STARTER),
			new Entry("WebFlux with Actuator, starter", "REACTIVE", STREAMING, SERVLET));

	private final boolean caching = Runtime.version().feature() >= 25;

	private final Samples samples = new Samples();

	private final List<Entry> entries;

	private final int rounds;

	StartupBenchmark(int rounds, Predicate<String> chosen) {
		this.entries = ENTRIES.stream().filter((entry) -> chosen.test(entry.name())).toList();
		this.rounds = rounds;
	}

	void run() {
		try (Child provider = Child.start("provider", Machines.OUT.resolve("logs"), Machines.HELPERS,
				MockProvider.class)) {
			for (int round = 0; round <= this.rounds; round++) {
				for (Entry entry : this.entries) {
					if (round == 0) {
						prepare(entry, provider);
						continue;
					}
					add(round, entry.name(), measure(entry, List.of(), provider));
					if (this.caching) {
						add(round, entry.name() + CACHED,
								measure(entry, List.of("-XX:AOTCache=" + entry.cache()), provider));
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
		for (String how : (this.caching) ? List.of("", CACHED) : List.of("")) {
			for (Entry entry : this.entries) {
				String stack = entry.name().split(",")[0];
				if (!entry.application().equals(EMPTY)
						&& this.entries.stream().anyMatch((other) -> other.name().equals(stack + NOTHING))) {
					report.paragraph(entry.name() + how + ", adds " + added(stack, entry.name(), how) + ".");
				}
			}
		}
		report.write();
	}

	private void add(int round, String name, Figures figures) {
		this.samples.add(name, figures);
		logger.info("round {} {}: {}", round, name, figures);
	}

	private String added(String stack, String name, String how) {
		String bare = stack + NOTHING + how;
		return added(bare, name + how, "ready", 0) + " ms, " + added(bare, name + how, "heapMegabytes", 1)
				+ " MB of live heap and " + added(bare, name + how, "rssMegabytes", 0) + " MB of RSS";
	}

	private String added(String bare, String name, String figure, int digits) {
		return Samples.format(this.samples.median(name, figure) - this.samples.median(bare, figure), digits);
	}

	/**
	 * The first start of each finds cold files; it is the one whose JVM keeps what it
	 * learns.
	 */
	private void prepare(Entry entry, Child provider) {
		List<String> options = (this.caching) ? List.of("-XX:AOTCacheOutput=" + entry.cache(), "-Xlog:disable")
				: List.of();
		try (Child child = start(entry, options, provider)) {
			if (entry.streaming()) {
				child.ask("chat", Duration.ofSeconds(20));
			}
			child.end(TRAINING);
		}
	}

	private Figures measure(Entry entry, List<String> options, Child provider) {
		try (Child child = start(entry, options, provider)) {
			Figures figures = child.ready();
			figures.with("heapMegabytes", figures.number("heap") / 1e6)
				.with("rssMegabytes", figures.number("rss") / 1e6);
			return (entry.streaming()) ? figures.with(child.ask("chat", Duration.ofSeconds(20))) : figures;
		}
	}

	private Child start(Entry entry, List<String> options, Child provider) {
		List<String> arguments = new ArrayList<>(List.of(entry.stack(), entry.application()));
		if (entry.streaming()) {
			arguments.add("http://127.0.0.1:" + provider.port());
		}
		List<String> all = new ArrayList<>(Machines.MEASURED);
		all.addAll(options);
		return Child.startOn(classPath(entry), entry.file(), Machines.OUT.resolve("logs"), all, StartupMain.class,
				arguments.toArray(String[]::new));
	}

	private static String classPath(Entry entry) {
		Pattern left = Pattern.compile(HARNESS + "|" + String.join("|", entry.without()));
		String libraries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((path) -> path.endsWith(".jar") && !left.matcher(Path.of(path).getFileName().toString()).find())
			.collect(Collectors.joining(File.pathSeparator));
		// an AOT cache knows files only
		return own() + File.pathSeparator + libraries;
	}

	private static Path own() {
		try (Stream<Path> files = Files.list(Path.of("llm-stream-benchmarks", "target"))) {
			return files.filter((file) -> OWN.matcher(file.getFileName().toString()).matches())
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * An application.
	 *
	 * @param name its name in the table
	 * @param stack its web stack
	 * @param application the name of its class
	 * @param without the files that are not on its class path
	 */
	private record Entry(String name, String stack, String application, List<String> without) {

		private Entry(String name, String stack, String application, String... without) {
			this(name, stack, application, List.of(without));
		}

		boolean streaming() {
			return this.application.equals(STREAMING);
		}

		String file() {
			return "startup-" + this.name.replaceAll("\\W+", "-");
		}

		Path cache() {
			return Machines.OUT.resolve(file() + ".aot");
		}

	}

}
