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

package io.llmstream.autoconfigure.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The matrix as it was, for people to read.
 */
final class Report {

	private Report() {
	}

	static String of(List<Outcome> outcomes, Expectations expectations) {
		StringBuilder text = new StringBuilder("| fault | mid-stream |");
		for (Layout layout : Layout.values()) {
			text.append(' ').append(layout.words()).append(" |");
		}
		text.append("\n|---|---|---|---|---|\n");
		for (Fault fault : Fault.values()) {
			for (String policy : Routes.POLICIES) {
				text.append("| ").append(fault.words()).append(" | ").append(policy).append(" |");
				for (Layout layout : Layout.values()) {
					text.append(' ').append(cell(outcomes, expectations, fault, policy, layout)).append(" |");
				}
				text.append('\n');
			}
		}
		return text.toString();
	}

	private static String cell(List<Outcome> outcomes, Expectations expectations, Fault fault, String policy,
			Layout layout) {
		Map<String, Long> counts = outcomes.stream()
			.filter((outcome) -> outcome.cell().fault() == fault && outcome.cell().policy().equals(policy)
					&& outcome.cell().layout() == layout)
			.collect(Collectors.groupingBy(Outcome::words, LinkedHashMap::new, Collectors.counting()));
		String expected = expectations.of(fault, policy, layout);
		if (counts.isEmpty()) {
			return (expected.equals("-")) ? "-" : "**not run**";
		}
		return counts.entrySet()
			.stream()
			.map((entry) -> ((entry.getKey().equals(expected)) ? "" : "**not " + expected + ":** ") + entry.getKey()
					+ " ×" + entry.getValue())
			.collect(Collectors.joining(", "));
	}

	static void write(String text) {
		try {
			Files.createDirectories(Path.of("target"));
			Files.writeString(Path.of("target", "fault-matrix.md"), text);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
