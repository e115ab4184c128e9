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

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Horizontal bars, as SVG.
 */
final class BarChart {

	private static final int LEFT = 190;

	private static final int WIDTH = 460;

	private static final int STEP = 26;

	private final Map<String, Double> bars = new LinkedHashMap<>();

	private final String title;

	BarChart(String title) {
		this.title = title;
	}

	void bar(String name, double value) {
		if (!Double.isNaN(value)) {
			this.bars.put(name, value);
		}
	}

	String svg() {
		double max = this.bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
		StringBuilder out = new StringBuilder();
		out.append(String.format(Locale.ROOT,
				"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">%n",
				LEFT + WIDTH + 90, 46 + STEP * this.bars.size()));
		out.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
		out.append(String.format("<text x=\"10\" y=\"22\" font-weight=\"bold\">%s</text>%n", escape(this.title)));
		int y = 38;
		for (Map.Entry<String, Double> bar : this.bars.entrySet()) {
			double width = (max > 0) ? WIDTH * bar.getValue() / max : 0;
			out.append(String.format("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", LEFT - 8, y + 14,
					escape(bar.getKey())));
			out.append(
					String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>%n",
							LEFT, y, Math.max(1, width), (bar.getKey().startsWith("ours")) ? "#1f77b4" : "#b0b7c0"));
			out.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%,.2f</text>%n", LEFT + width + 6, y + 14,
					bar.getValue()));
			y += STEP;
		}
		return out.append("</svg>\n").toString();
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;");
	}

}
