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

package io.llmstream.benchmarks.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The outer side of a process that the harness started: a JVM with the harness's own
 * class path.
 */
public final class Child implements AutoCloseable {

	private static final Duration START = Duration.ofSeconds(90);

	private final String name;

	private final Process process;

	private final BufferedReader in;

	private final BufferedWriter out;

	private final Figures ready;

	private Child(String name, Process process) {
		this.name = name;
		this.process = process;
		this.in = process.inputReader(StandardCharsets.UTF_8);
		this.out = process.outputWriter(StandardCharsets.UTF_8);
		this.ready = read("ready", START);
	}

	/**
	 * Start a process and wait until it is ready.
	 * @param name its name, for its log
	 * @param logs where logs are written
	 * @param options of its JVM
	 * @param main its main class, which calls {@link Worker#serve}
	 * @param arguments of its main class
	 * @return the process
	 */
	public static Child start(String name, Path logs, List<String> options, Class<?> main, String... arguments) {
		return startOn(System.getProperty("java.class.path"), name, logs, options, main, arguments);
	}

	/**
	 * Start a process on a class path of its own, and wait until it is ready.
	 * @param classPath its class path
	 * @param name its name, for its log
	 * @param logs where logs are written
	 * @param options of its JVM
	 * @param main its main class, which calls {@link Worker#serve}
	 * @param arguments of its main class
	 * @return the process
	 */
	public static Child startOn(String classPath, String name, Path logs, List<String> options, Class<?> main,
			String... arguments) {
		return start(List.of(), classPath, name, logs, options, main, arguments);
	}

	/**
	 * Start a process that has a core for itself, where the system lets us choose, and
	 * wait until it is ready. Its JVM counts as many cores as there are.
	 * @param core the core's number, counted from 0
	 * @param name its name, for its log
	 * @param logs where logs are written
	 * @param options of its JVM
	 * @param main its main class, which calls {@link Worker#serve}
	 * @param arguments of its main class
	 * @return the process
	 */
	public static Child startOnCore(int core, String name, Path logs, List<String> options, Class<?> main,
			String... arguments) {
		List<String> counted = new ArrayList<>(options);
		counted.add("-XX:ActiveProcessorCount=" + Runtime.getRuntime().availableProcessors());
		return start(Cores.command(core), System.getProperty("java.class.path"), name, logs, counted, main, arguments);
	}

	private static Child start(List<String> launcher, String classPath, String name, Path logs, List<String> options,
			Class<?> main, String... arguments) {
		List<String> command = new ArrayList<>(launcher);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		if (Runtime.version().feature() >= 24) {
			command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
		}
		command.addAll(List.of("-cp", classPath, main.getName()));
		command.addAll(List.of(arguments));
		try {
			Files.createDirectories(logs);
			return new Child(name,
					new ProcessBuilder(command)
						.redirectError(ProcessBuilder.Redirect.appendTo(logs.resolve(name + ".log").toFile()))
						.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What the process said when it was ready.
	 * @return the figures
	 */
	public Figures ready() {
		return this.ready;
	}

	/**
	 * Where the process listens.
	 * @return the port
	 */
	public String port() {
		return this.ready.text("port");
	}

	/**
	 * Tell the process to do something, and wait until it is done.
	 * @param command a verb and arguments
	 * @param limit how long to wait
	 * @return what came out
	 */
	public Figures ask(String command, Duration limit) {
		send(command);
		return read("done", limit);
	}

	/**
	 * Tell the process to do something.
	 * @param command a verb and arguments
	 * @param limit how long it may take
	 * @return what will come out; nothing else may be asked until then
	 */
	public CompletableFuture<Figures> begin(String command, Duration limit) {
		send(command);
		return CompletableFuture.supplyAsync(() -> read("done", limit), Child::execute);
	}

	/**
	 * Measure the process.
	 * @param collect whether to collect garbage first
	 * @return see {@link ProcessProbe}
	 */
	public Figures measure(boolean collect) {
		return ask((collect) ? "gc" : "mark", Duration.ofSeconds(60));
	}

	/**
	 * Let the process end by itself, with what it writes at its end.
	 * @param limit how long that may take
	 */
	public void end(Duration limit) {
		try {
			this.out.close();
			if (this.process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
				return;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		close();
		throw new IllegalStateException(this.name + " did not end, see its log");
	}

	private void send(String command) {
		try {
			this.out.write(command);
			this.out.newLine();
			this.out.flush();
		}
		catch (IOException ex) {
			throw new IllegalStateException(this.name + " is gone, see its log", ex);
		}
	}

	private Figures read(String word, Duration limit) {
		CompletableFuture<String> line = CompletableFuture.supplyAsync(this::readLine, Child::execute)
			.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
		String answer;
		try {
			answer = line.join();
		}
		catch (RuntimeException ex) {
			this.process.destroyForcibly();
			throw new IllegalStateException(this.name + " did not answer, see its log", ex);
		}
		if (!answer.startsWith(word)) {
			close();
			throw new IllegalStateException(this.name + " failed, see its log");
		}
		return Figures.parse(answer.substring(word.length()));
	}

	private String readLine() {
		try {
			String line = this.in.readLine();
			return (line != null) ? line : "ended";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void execute(Runnable task) {
		Thread thread = new Thread(task, "reads-answers");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
