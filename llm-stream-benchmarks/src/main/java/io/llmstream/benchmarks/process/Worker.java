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
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.slf4j.LoggerFactory;

/**
 * The inner side of a process that the harness started: reads commands, one a line, and
 * answers each with a line. The process ends when the harness does.
 */
public final class Worker {

	private static final PrintStream answers = System.out;

	private Worker() {
	}

	/**
	 * Keep the channel to the harness free of anything else. To be called first.
	 */
	public static void prepare() {
		System.setOut(System.err);
	}

	/**
	 * Say that the process is ready, then do what the harness says until it ends. Does
	 * not return.
	 * @param ready what the harness is told, such as {@code port}
	 * @param commands what this process can do besides {@code mark} (measures it) and
	 * {@code gc} (the same after a garbage collection)
	 */
	public static void serve(Figures ready, Commands commands) {
		answer("ready " + ready);
		try {
			BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				answer(result(line, commands));
			}
		}
		catch (IOException ex) {
			LoggerFactory.getLogger(Worker.class).warn("The harness is gone", ex);
		}
		// Threads of contestants that are not daemons must not keep the process; what is
		// to be written at its end, such as a recording, may be.
		Runtime.getRuntime().exit(0);
	}

	private static String result(String line, Commands commands) {
		try {
			String verb = line.split(" ", 2)[0];
			Figures arguments = Figures.parse(line);
			return "done " + switch (verb) {
				case "mark" -> ProcessProbe.measure(false);
				case "gc" -> ProcessProbe.measure(true);
				default -> commands.execute(verb, arguments);
			};
		}
		catch (Exception ex) {
			LoggerFactory.getLogger(Worker.class).error("Failed: {}", line, ex);
			return "failed";
		}
	}

	private static void answer(String line) {
		answers.println(line);
		answers.flush();
	}

	/**
	 * What a process can do.
	 */
	@FunctionalInterface
	public interface Commands {

		/**
		 * Do something.
		 * @param verb what
		 * @param arguments with what
		 * @return what came out
		 * @throws Exception if it failed
		 */
		Figures execute(String verb, Figures arguments) throws Exception;

	}

}
