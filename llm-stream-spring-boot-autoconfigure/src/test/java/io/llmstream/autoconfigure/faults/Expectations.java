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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of what must become of each cell, {@code fault-matrix.txt}.
 */
final class Expectations {

	private final Map<String, String> outcomes = new HashMap<>();

	private Expectations() {
	}

	static Expectations read() {
		Expectations table = new Expectations();
		try (InputStream in = Expectations.class.getResourceAsStream("fault-matrix.txt")) {
			new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.isBlank() && !line.startsWith("#"))
				.forEach(table::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return table;
	}

	private void add(String line) {
		String[] columns = line.split("\\|");
		List<String> policies = (columns[1].strip().equals("any")) ? Routes.POLICIES : List.of(columns[1].strip());
		for (Layout layout : Layout.values()) {
			String outcome = columns[2 + layout.ordinal()].strip();
			policies.forEach((policy) -> this.outcomes.put(key(columns[0].strip(), policy, layout), outcome));
		}
	}

	private static String key(String fault, String policy, Layout layout) {
		return fault + "|" + policy + "|" + layout;
	}

	String of(Cell cell) {
		return of(cell.fault(), cell.policy(), cell.layout());
	}

	/**
	 * What must happen.
	 * @return the outcome, or {@code -} for a cell that cannot be
	 */
	String of(Fault fault, String policy, Layout layout) {
		String outcome = this.outcomes.get(key(fault.words(), policy, layout));
		if (outcome == null) {
			throw new IllegalStateException("The table says nothing of " + fault + ", " + policy + ", " + layout);
		}
		return outcome;
	}

}
