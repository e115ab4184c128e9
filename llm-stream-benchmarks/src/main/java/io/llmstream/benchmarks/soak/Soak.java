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

package io.llmstream.benchmarks.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.llmstream.benchmarks.process.Child;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.provider.MockProvider;
import io.llmstream.benchmarks.relay.MvcRelay;
import io.llmstream.benchmarks.relay.RelayMain;
import io.llmstream.benchmarks.relay.WebFluxRelay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets people visit the application on both web stacks in random ways for a long time,
 * and fails unless live heap, threads and file descriptors return to where they were
 * after a short time of the same.
 */
public final class Soak {

	private static final Logger logger = LoggerFactory.getLogger(Soak.class);

	private static final Path LOGS = Path.of("target", "soak");

	private static final int VISITORS = 24;

	private static final Duration LAST_VISITS = Duration.ofMinutes(3);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/** Longer than anything of a visit may be kept: see {@link #OPTIONS}. */
	private static final Duration REST = Duration.ofSeconds(14);

	private static final String[] OPTIONS = { "llm-stream.relay.endpoints.enabled=true",
			"llm-stream.relay.heartbeat=1s", "llm-stream.relay.write-timeout=5s",
			"llm-stream.relay.runs.time-to-live=8s", "llm-stream.relay.runs.grace=8s",
			"llm-stream.http.max-idle-time=4s", "server.tomcat.connection-timeout=5s" };

	private final List<Stack> stacks = new ArrayList<>();

	private Soak() {
	}

	/**
	 * Run the soak.
	 * @param arguments how long, such as {@code 10m} or {@code 45s}, and a seed
	 * @throws IOException if a log cannot be read
	 */
	public static void main(String[] arguments) throws IOException {
		Duration duration = Duration.parse("PT" + ((arguments.length > 0) ? arguments[0] : "10m"));
		long seed = (arguments.length > 1) ? Long.parseLong(arguments[1]) : System.nanoTime();
		logger.info("{} with seed {}", duration, seed);
		boolean passed;
		try (Child provider = Child.start("provider", LOGS, List.of("-Xmx256m"), MockProvider.class)) {
			passed = new Soak().run(duration, seed, provider);
		}
		System.exit((passed) ? 0 : 1);
	}

	private boolean run(Duration duration, long seed, Child provider) throws IOException {
		try {
			this.stacks.add(start("mvc", MvcRelay.class, provider));
			this.stacks.add(start("webflux", WebFluxRelay.class, provider));
			Duration warmUp = (duration.compareTo(Duration.ofMinutes(2)) > 0) ? Duration.ofSeconds(40)
					: Duration.ofSeconds(15);
			int failures = visit(warmUp, seed);
			pause(REST);
			for (Stack stack : this.stacks) {
				stack.before = stack.relay.measure(true);
			}
			failures += visit(duration, seed + VISITORS);
			boolean returned = settle();
			returned &= clean();
			logger.info("{} failed visits", failures);
			return returned && failures == 0;
		}
		finally {
			this.stacks.forEach((stack) -> stack.relay.close());
		}
	}

	private static Stack start(String name, Class<?> type, Child provider) throws IOException {
		Files.deleteIfExists(LOGS.resolve(name + ".log"));
		List<String> arguments = new ArrayList<>(List.of(type.getName(), "http://127.0.0.1:" + provider.port()));
		arguments.addAll(List.of(OPTIONS));
		return new Stack(name, Child.start(name, LOGS, List.of("-Xmx256m", "-Dio.netty.leakDetection.level=paranoid"),
				RelayMain.class, arguments.toArray(String[]::new)));
	}

	private int visit(Duration duration, long seed) {
		long end = System.nanoTime() + duration.toNanos();
		List<Visitors> groups = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		for (Stack stack : this.stacks) {
			Visitors visitors = new Visitors(new Site(Integer.parseInt(stack.relay.port()), PATIENCE), VISITORS, seed);
			groups.add(visitors);
			threads.addAll(visitors.begin(end));
		}
		for (Thread thread : threads) {
			join(thread, end);
		}
		for (int i = 0; i < groups.size(); i++) {
			logger.info("{}: {}", this.stacks.get(i).name, groups.get(i));
		}
		return groups.stream().mapToInt(Visitors::failures).sum();
	}

	/**
	 * Idle threads and connections may live for a minute or so: wait for that, no longer.
	 */
	private boolean settle() {
		long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
		pause(REST);
		boolean all = true;
		for (Stack stack : this.stacks) {
			Figures after = stack.relay.measure(true);
			while (!stack.returned(after) && System.nanoTime() < end) {
				pause(Duration.ofSeconds(5));
				after = stack.relay.measure(true);
			}
			boolean returned = stack.returned(after);
			all &= returned;
			logger.info("{}: heap {} -> {} MiB, threads {} -> {}, files {} -> {}: {}", stack.name,
					mebibytes(stack.before()), mebibytes(after), stack.before().text("threads"), after.text("threads"),
					stack.before().text("files"), after.text("files"), (returned) ? "ok" : "NOT where they were");
		}
		return all;
	}

	private boolean clean() throws IOException {
		boolean clean = true;
		for (Stack stack : this.stacks) {
			for (String line : Files.readAllLines(LOGS.resolve(stack.name + ".log"))) {
				if (line.contains(" ERROR ") || line.contains("LEAK:")) {
					logger.error("{} says: {}", stack.name, line);
					clean = false;
				}
			}
		}
		return clean;
	}

	private static String mebibytes(Figures figures) {
		return String.format(Locale.ROOT, "%.1f", figures.number("heap") / (1 << 20));
	}

	private static void pause(Duration duration) {
		try {
			Thread.sleep(duration.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void join(Thread thread, long end) {
		try {
			// The last visits end some time after no new one begins.
			thread.join(Math.max(0, end - System.nanoTime()) / 1_000_000 + LAST_VISITS.toMillis());
			if (thread.isAlive()) {
				throw new IllegalStateException("A visitor hangs: " + List.of(thread.getStackTrace()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The application on one web stack.
	 */
	private static final class Stack {

		private static final double HEAP_TOLERANCE = 4 * (1 << 20);

		private static final int THREAD_TOLERANCE = 4;

		private static final int FILE_TOLERANCE = 4;

		private final String name;

		private final Child relay;

		private Figures before = new Figures();

		private Stack(String name, Child relay) {
			this.name = name;
			this.relay = relay;
		}

		private Figures before() {
			return this.before;
		}

		private boolean returned(Figures after) {
			return after.number("heap") <= this.before.number("heap") + HEAP_TOLERANCE
					&& after.number("threads") <= this.before.number("threads") + THREAD_TOLERANCE
					&& after.number("files") <= this.before.number("files") + FILE_TOLERANCE;
		}

	}

}
