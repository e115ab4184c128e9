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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.llmstream.benchmarks.process.Figures;

/**
 * What all rounds of one scenario have brought.
 */
final class Samples {

	private final Map<String, List<Figures>> rounds = new LinkedHashMap<>();

	void add(String contestant, Figures figures) {
		this.rounds.computeIfAbsent(contestant, (name) -> new ArrayList<>()).add(figures);
	}

	Set<String> contestants() {
		return this.rounds.keySet();
	}

	/**
	 * The middle one of all rounds.
	 * @return the median; not a number if there is no figure of that name
	 */
	double median(String contestant, String figure) {
		double[] sorted = sorted(contestant, figure);
		if (sorted.length == 0) {
			return Double.NaN;
		}
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

	/**
	 * The figure as the tables show it.
	 */
	String cell(String contestant, String figure, int digits) {
		double[] sorted = sorted(contestant, figure);
		if (sorted.length == 0) {
			return "–";
		}
		String median = format(median(contestant, figure), digits);
		if (sorted.length == 1) {
			return median;
		}
		return median + " (" + format(sorted[0], digits) + "–" + format(sorted[sorted.length - 1], digits) + ")";
	}

	private double[] sorted(String contestant, String figure) {
		return this.rounds.getOrDefault(contestant, List.of())
			.stream()
			.mapToDouble((figures) -> figures.number(figure, Double.NaN))
			.filter((value) -> !Double.isNaN(value))
			.sorted()
			.toArray();
	}

	static String format(double value, int digits) {
		return (Double.isNaN(value)) ? "–" : String.format(Locale.ROOT, "%,." + digits + "f", value);
	}

}
