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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where things run and what is said of it.
 */
final class Machines {

	/** Where results and the logs of the processes are written. */
	static final Path OUT = Path.of("target", "benchmarks");

	/** Of who is measured. */
	static final List<String> MEASURED = Stream
		.concat(Stream.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-XX:-UseDynamicNumberOfCompilerThreads"),
				Arrays.stream(more()))
		.toList();

	/** Of those who only help to measure. */
	static final List<String> HELPERS = List.of("-Xms512m", "-Xmx1g", "-XX:+UseParallelGC");

	private Machines() {
	}

	/**
	 * To look inside, for example with
	 * {@code -XX:StartFlightRecording:settings=profile,filename=target/benchmarks}.
	 */
	private static String[] more() {
		String options = System.getProperty("benchmarks.options", "").strip();
		return (options.isEmpty()) ? new String[0] : options.split("\\s+");
	}

	static String describe(Effort effort) {
		return LocalDate.now(ZoneOffset.UTC) + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
				+ System.getProperty("os.name") + ", " + System.getProperty("java.vm.vendor") + " "
				+ System.getProperty("java.version") + ", `" + String.join(" ", MEASURED) + "`; rounds: "
				+ effort.rounds() + ", each contestant in a JVM of its own, interleaved; median (min–max).";
	}

}
