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

package io.llmstream.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.springframework.util.FileSystemUtils;

/**
 * What many interfaces that are annotated with {@code @LlmService} add to the start of an
 * application. Writes and compiles one application four times, with the objects that
 * models are to write and a client that is injected: without interfaces; with interfaces
 * that are not annotated, which only Spring Boot's own scan reads; with these and a bean
 * each that implements them by hand; and with the services, all of which are created and
 * injected. Starts them in new processes, in turns, as they are and with what a JVM from
 * 25 on keeps of an earlier start (its AOT cache), and prints what they add to the time
 * that Spring Boot says it took. Needs a JDK.
 */
public final class ServicesStartup {

	/** What an application would not have: the harness, and those it compares with. */
	private static final Pattern FOREIGN = Pattern
		.compile("jmh-|jopt-simple|commons-math3|spring-ai|langchain4j" + "|openai-java|okhttp|okio|kotlin|benchmarks");

	private static final String APPLICATION = """
			package measured;

			import org.springframework.boot.SpringApplication;
			import org.springframework.boot.autoconfigure.SpringBootApplication;
			import org.springframework.boot.context.event.ApplicationReadyEvent;
			import org.springframework.context.ApplicationListener;

			@SpringBootApplication
			public class Measured {

				public static void main(String[] arguments) {
					SpringApplication application = new SpringApplication(Measured.class);
					application.addListeners((ApplicationListener<ApplicationReadyEvent>) (event) -> report(
							"services=" + event.getApplicationContext()
								.getBeansWithAnnotation(io.llmstream.service.LlmService.class).size()
							+ " millis=" + event.getTimeTaken().toMillis()));
					application.run(arguments).close();
				}

				private static void report(String line) {
					java.io.PrintStream out = System.out;
					out.println(line);
				}

			}
			""";

	/** Needs all services before the application is ready. */
	private static final String USER = """
			package measured;

			import org.springframework.beans.factory.ListableBeanFactory;
			import org.springframework.stereotype.Component;

			@Component
			public class User {

				final java.util.Map<String, Object> services;

				User(ListableBeanFactory beans, io.llmstream.LlmStreamClient client) {
					this.services = beans.getBeansWithAnnotation(io.llmstream.service.LlmService.class);
				}

			}
			""";

	private static final String OBJECT = """
			package measured;

			public record Recipe%1$d(String title, int servings, java.util.List<Step> steps) {

				public record Step(String text, int minutes) {
				}

			}
			""";

	private static final String SERVICE = """
			package measured;

			import io.llmstream.Partial;
			import io.llmstream.Token;
			import io.llmstream.service.LlmService;
			import io.llmstream.service.SystemPrompt;
			import io.llmstream.service.UserPrompt;
			import reactor.core.publisher.Flux;
			import reactor.core.publisher.Mono;

			%3$s
			@SystemPrompt("%2$s")
			public interface Service%1$d {

				@UserPrompt("Answer {question} in {language}")
				Flux<Token> answer(String question, String language);

				@UserPrompt("A recipe for {dish}")
				Flux<Partial<Recipe%1$d>> recipe(String dish);

				Mono<String> ask(String text);

			}
			""";

	/** What a developer would write who has no such annotation. */
	private static final String BY_HAND = """
			package measured;

			import io.llmstream.Completion;
			import io.llmstream.LlmStreamClient;
			import io.llmstream.Partial;
			import io.llmstream.Token;
			import org.springframework.core.io.ResourceLoader;
			import org.springframework.stereotype.Component;
			import reactor.core.publisher.Flux;
			import reactor.core.publisher.Mono;

			@Component
			class Service%1$dByHand implements Service%1$d {

				private final LlmStreamClient client;

				private final String system;

				Service%1$dByHand(LlmStreamClient client, ResourceLoader resources) throws java.io.IOException {
					this.client = client;
					this.system = "%2$s".startsWith("classpath:") ? resources.getResource("%2$s")
						.getContentAsString(java.nio.charset.StandardCharsets.UTF_8) : "%2$s";
				}

				@Override
				public Flux<Token> answer(String question, String language) {
					return prompt("Answer " + question + " in " + language).stream();
				}

				@Override
				public Flux<Partial<Recipe%1$d>> recipe(String dish) {
					return prompt("A recipe for " + dish).stream(Recipe%1$d.class);
				}

				@Override
				public Mono<String> ask(String text) {
					return prompt(text).completion().map(Completion::text);
				}

				private LlmStreamClient.PromptSpec prompt(String text) {
					return this.client.prompt(text).system(this.system);
				}

			}
			""";

	private final int services;

	private final int rounds;

	private final Path folder;

	private ServicesStartup(int services, int rounds) throws IOException {
		this.services = services;
		this.rounds = rounds;
		this.folder = Files.createTempDirectory("llm-stream-startup");
	}

	/**
	 * Measure.
	 * @param arguments how many interfaces, and how many rounds; 200 and 9 by default
	 * @throws Exception if it cannot be measured
	 */
	public static void main(String[] arguments) throws Exception {
		int services = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 200;
		int rounds = (arguments.length > 1) ? Integer.parseInt(arguments[1]) : 9;
		new ServicesStartup(services, rounds).run();
	}

	private void run() throws IOException, InterruptedException {
		try {
			compare();
		}
		finally {
			FileSystemUtils.deleteRecursively(this.folder);
		}
	}

	private void compare() throws IOException, InterruptedException {
		Variant without = new Variant(write("without", 0, "", false), List.of(), 0);
		Variant plain = new Variant(write("plain", this.services, "", false), List.of(), 0);
		Variant byHand = new Variant(write("byHand", this.services, "", true), List.of(), 0);
		Variant with = new Variant(write("with", this.services, "@LlmService", false), List.of(), this.services);
		start(without);
		compare("", without, plain, byHand, with);
		if (Runtime.version().feature() >= 25) {
			compare(", with an AOT cache", cached(without), cached(plain), cached(byHand), cached(with));
		}
	}

	/**
	 * Let the JVM keep what it knows after a start.
	 * @return the same with the options that use it
	 */
	private static Variant cached(Variant variant) throws IOException, InterruptedException {
		String file = variant.application + ".aot";
		start(new Variant(variant.application, List.of("-XX:AOTCacheOutput=" + file, "-Xlog:disable"),
				variant.services));
		return new Variant(variant.application, List.of("-XX:AOTCache=" + file), variant.services);
	}

	private void compare(String how, Variant... variants) throws IOException, InterruptedException {
		long[][] millis = new long[variants.length][this.rounds];
		for (int round = 0; round < this.rounds; round++) {
			for (int i = 0; i < variants.length; i++) {
				millis[i][round] = start(variants[i]);
			}
		}
		PrintStream out = System.out;
		out.printf("%d services add %s ms to the start%s; without the annotation they would add %s ms, written by hand"
				+ " %s ms (medians and quartiles of the differences of %d rounds): %s ms with them, %s ms plain,"
				+ " %s ms by hand, %s ms without. JDK %s%n", this.services, spread(minus(millis[3], millis[0])), how,
				spread(minus(millis[1], millis[0])), spread(minus(millis[2], millis[0])), this.rounds,
				spread(millis[3]), spread(millis[1]), spread(millis[2]), spread(millis[0]),
				Runtime.version().feature());
	}

	/**
	 * Round by round: what else the machine does changes from minute to minute.
	 */
	private static long[] minus(long[] these, long[] those) {
		long[] differences = new long[these.length];
		for (int i = 0; i < these.length; i++) {
			differences[i] = these[i] - those[i];
		}
		return differences;
	}

	private static String spread(long[] values) {
		long[] sorted = values.clone();
		Arrays.sort(sorted);
		int last = sorted.length - 1;
		return "%d (%d–%d)".formatted(sorted[last / 2], sorted[last / 4], sorted[last * 3 / 4]);
	}

	/**
	 * Write the application, as a file that an AOT cache can be made of.
	 */
	private Path write(String name, int interfaces, String annotation, boolean byHand) throws IOException {
		Path sources = Files.createDirectory(this.folder.resolve(name + "-sources"));
		Path classes = Files.createDirectory(this.folder.resolve(name + "-classes"));
		List<String> options = new ArrayList<>(List.of("-proc:none", "-parameters", "--release", "17", "-d",
				classes.toString(), "-cp", System.getProperty("java.class.path")));
		options.add(Files.writeString(sources.resolve("Measured.java"), APPLICATION).toString());
		options.add(Files.writeString(sources.resolve("User.java"), USER).toString());
		Files.createDirectory(classes.resolve("prompts"));
		for (int i = 0; i < this.services; i++) {
			options.add(Files.writeString(sources.resolve("Recipe" + i + ".java"), OBJECT.formatted(i)).toString());
			if (i < interfaces) {
				String prompt = "You are helpful.";
				if (i % 10 == 0) {
					// long ones are mostly files
					Files.writeString(classes.resolve("prompts/" + i + ".txt"), prompt.repeat(50));
					prompt = "classpath:prompts/" + i + ".txt";
				}
				options.add(Files
					.writeString(sources.resolve("Service" + i + ".java"), SERVICE.formatted(i, prompt, annotation))
					.toString());
				if (byHand) {
					options.add(Files
						.writeString(sources.resolve("Service" + i + "ByHand.java"), BY_HAND.formatted(i, prompt))
						.toString());
				}
			}
		}
		if (ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new)) != 0) {
			throw new IllegalStateException("The application does not compile");
		}
		return pack(classes, this.folder.resolve(name + ".jar"));
	}

	private static Path pack(Path classes, Path file) throws IOException {
		try (OutputStream out = Files.newOutputStream(file);
				JarOutputStream jar = new JarOutputStream(out);
				Stream<Path> found = Files.walk(classes)) {
			for (Path path : found.sorted().toList()) {
				String name = classes.relativize(path).toString();
				if (Files.isDirectory(path) && !name.isEmpty()) {
					// a scan for classes looks for those of the packages
					jar.putNextEntry(new JarEntry(name + "/"));
				}
				else if (Files.isRegularFile(path)) {
					jar.putNextEntry(new JarEntry(name));
					Files.copy(path, jar);
				}
			}
		}
		return file;
	}

	private static String errors(Path application) {
		try {
			return Files.readString(application.resolveSibling("errors.log"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private static long start(Variant variant) throws IOException, InterruptedException {
		Path application = variant.application;
		List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
		for (String option : System.getProperty("benchmarks.options", "").split(" ")) {
			if (!option.isEmpty()) {
				command.add(option);
			}
		}
		command.addAll(variant.options);
		// No directories: an AOT cache knows files only.
		String libraries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((path) -> path.endsWith(".jar") && !FOREIGN.matcher(Path.of(path).getFileName().toString()).find())
			.collect(Collectors.joining(File.pathSeparator));
		command.addAll(List.of("-cp", application + File.pathSeparator + libraries, "measured.Measured",
				"--llm-stream.providers.openai.api-key=none", "--llm-stream.providers.openai.model=none",
				"--spring.main.web-application-type=none", "--logging.level.root=error",
				"--spring.main.banner-mode=off"));
		Process process = new ProcessBuilder(command).redirectError(application.resolveSibling("errors.log").toFile())
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		process.waitFor();
		String line = output.lines()
			.filter((candidate) -> candidate.startsWith("services="))
			.findFirst()
			.orElseThrow(
					() -> new IllegalStateException("It did not start, its errors: " + errors(application) + output));
		String[] parts = line.split("[ =]");
		if (Integer.parseInt(parts[1]) != variant.services) {
			throw new IllegalStateException("There are " + parts[1] + " services instead of " + variant.services);
		}
		return Long.parseLong(parts[3]);
	}

	/**
	 * An application and how it is started.
	 *
	 * @param application the file
	 * @param options for its JVM
	 * @param services how many services it has
	 */
	private record Variant(Path application, List<String> options, int services) {
	}

}
