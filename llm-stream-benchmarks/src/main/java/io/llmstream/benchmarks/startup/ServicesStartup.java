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
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.tools.ToolProvider;

/**
 * What many interfaces that are annotated with {@code @LlmService} add to the start of an
 * application. Writes and compiles one application three times: without interfaces; with
 * them, but they are not looked for ({@code llm-stream.services.scan=false}), so that
 * only Spring Boot's own scan reads them; and with them, all of which are created and
 * injected. Starts each in new processes, in turns, and prints the medians of the time
 * that Spring Boot says it took. Needs a JDK.
 */
public final class ServicesStartup {

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

				User(ListableBeanFactory beans) {
					this.services = beans.getBeansWithAnnotation(io.llmstream.service.LlmService.class);
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

			@LlmService
			@SystemPrompt("%2$s")
			public interface Service%1$d {

				@UserPrompt("Answer {question} in {language}")
				Flux<Token> answer(String question, String language);

				@UserPrompt("A recipe for {dish}")
				Flux<Partial<Recipe>> recipe(String dish);

				Mono<String> ask(String text);

				record Recipe(String title, int servings, java.util.List<Step> steps) {
				}

				record Step(String text, int minutes) {
				}

			}
			""";

	private ServicesStartup() {
	}

	/**
	 * Measure.
	 * @param arguments how many interfaces, and how many rounds; 200 and 9 by default
	 * @throws Exception if it cannot be measured
	 */
	public static void main(String[] arguments) throws Exception {
		int services = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 200;
		int rounds = (arguments.length > 1) ? Integer.parseInt(arguments[1]) : 9;
		Path plain = write(0);
		Path full = write(services);
		long[] without = new long[rounds];
		long[] unread = new long[rounds];
		long[] with = new long[rounds];
		start(plain, true, 0);
		for (int i = 0; i < rounds; i++) {
			without[i] = start(plain, true, 0);
			unread[i] = start(full, false, 0);
			with[i] = start(full, true, services);
		}
		for (long[] figures : List.of(without, unread, with)) {
			Arrays.sort(figures);
		}
		int middle = rounds / 2;
		PrintStream out = System.out;
		out.printf(
				"%d services add %d ms to the start: %d ms with them, %d ms without (medians of %d, least %d and %d)."
						+ " Of that are %d ms what Spring Boot takes to see the class files, which it always does."
						+ " JDK %s%n",
				services, with[middle] - without[middle], with[middle], without[middle], rounds, with[0], without[0],
				unread[middle] - without[middle], Runtime.version().feature());
	}

	private static Path write(int services) throws IOException {
		Path directory = Files.createTempDirectory("llm-stream-startup");
		List<String> options = new ArrayList<>(List.of("-proc:none", "-parameters", "--release", "17", "-d",
				directory.toString(), "-cp", System.getProperty("java.class.path")));
		options.add(Files.writeString(directory.resolve("Measured.java"), APPLICATION).toString());
		options.add(Files.writeString(directory.resolve("User.java"), USER).toString());
		Files.createDirectory(directory.resolve("prompts"));
		for (int i = 0; i < services; i++) {
			String prompt = "You are helpful.";
			if (i % 10 == 0) {
				// long ones are mostly files
				Files.writeString(directory.resolve("prompts/" + i + ".txt"), prompt.repeat(50));
				prompt = "classpath:prompts/" + i + ".txt";
			}
			options.add(Files.writeString(directory.resolve("Service" + i + ".java"), SERVICE.formatted(i, prompt))
				.toString());
		}
		if (ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new)) != 0) {
			throw new IllegalStateException("The application does not compile");
		}
		return directory;
	}

	private static long start(Path directory, boolean scan, int expected) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
		for (String option : System.getProperty("benchmarks.options", "").split(" ")) {
			if (!option.isEmpty()) {
				command.add(option);
			}
		}
		command.addAll(List.of("-cp", directory + File.pathSeparator + System.getProperty("java.class.path"),
				"measured.Measured", "--llm-stream.services.scan=" + scan, "--llm-stream.providers.openai.api-key=none",
				"--llm-stream.providers.openai.model=none", "--spring.main.web-application-type=none",
				"--logging.level.root=error", "--spring.main.banner-mode=off"));
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		String output = new String(process.getInputStream().readAllBytes());
		process.waitFor();
		String line = output.lines()
			.filter((candidate) -> candidate.startsWith("services="))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("It did not start: " + output));
		String[] parts = line.split("[ =]");
		if (Integer.parseInt(parts[1]) != expected) {
			throw new IllegalStateException("There are " + parts[1] + " services instead of " + expected);
		}
		return Long.parseLong(parts[3]);
	}

}
