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

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Runs the contestants side by side and writes tables and plots to
 * {@code target/benchmarks}.
 */
public final class Benchmarks {

	private Benchmarks() {
	}

	/**
	 * Run benchmarks.
	 * @param arguments {@code relay}, {@code client}, {@code overhead} or
	 * {@code startup}, then any of {@code short}, {@code rounds=N}, {@code scenarios=a,b}
	 * and {@code only=words of names}
	 */
	public static void main(String[] arguments) {
		List<String> options = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
		Effort effort = (options.contains("short")) ? Effort.SHORT : Effort.FULL;
		effort = effort.withRounds(Integer.parseInt(value(options, "rounds", "" + effort.rounds())));
		Predicate<String> scenarios = words(value(options, "scenarios", ""));
		Predicate<String> contestants = words(value(options, "only", ""));
		switch ((arguments.length > 0) ? arguments[0] : "") {
			case "relay" -> new RelayBenchmark(effort, scenarios, contestants).run();
			case "client" -> new ClientBenchmark(effort, scenarios, contestants).run();
			case "overhead" -> new OverheadBenchmark(effort, Integer.parseInt(value(options, "rounds", "10"))).run();
			case "startup" -> new StartupBenchmark(Integer.parseInt(value(options, "rounds", "7")), contestants).run();
			default -> throw new IllegalArgumentException("Say relay, client, overhead or startup");
		}
	}

	private static String value(List<String> options, String name, String missing) {
		return options.stream()
			.filter((option) -> option.startsWith(name + "="))
			.map((option) -> option.substring(name.length() + 1))
			.findFirst()
			.orElse(missing);
	}

	private static Predicate<String> words(String list) {
		if (list.isEmpty()) {
			return (name) -> true;
		}
		// Names have commas in them.
		String separator = list.contains(";") ? ";" : ",";
		return (name) -> Arrays.stream(list.split(separator)).anyMatch((word) -> matches(name, word));
	}

	private static boolean matches(String name, String word) {
		return (word.endsWith("$")) ? name.endsWith(word.substring(0, word.length() - 1)) : name.contains(word);
	}

}
