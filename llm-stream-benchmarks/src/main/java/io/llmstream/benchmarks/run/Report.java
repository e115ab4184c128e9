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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page of tables, in Markdown, with a plot for each that is worth one.
 */
final class Report {

	private final StringBuilder text = new StringBuilder();

	private final String name;

	private final Path folder;

	Report(String name, Path folder) {
		this.name = name;
		this.folder = folder;
	}

	Report paragraph(String words) {
		this.text.append(words).append("\n\n");
		return this;
	}

	Report table(String title, Samples samples, List<Column> columns) {
		this.text.append("### ").append(title).append("\n\n");
		this.text.append("| | ").append(columns.stream().map(Column::title).collect(Collectors.joining(" | ")));
		this.text.append(" |\n|---|").append("---|".repeat(columns.size())).append('\n');
		for (String contestant : samples.contestants()) {
			this.text.append("| ").append(contestant);
			columns.forEach((column) -> this.text.append(" | ").append(column.cell(samples, contestant)));
			this.text.append(" |\n");
		}
		this.text.append('\n');
		return this;
	}

	Report plot(String file, String title, Samples samples, String figure) {
		BarChart chart = new BarChart(title);
		for (String contestant : samples.contestants()) {
			chart.bar(contestant, samples.median(contestant, figure));
		}
		write(this.name + "-" + file + ".svg", chart.svg());
		return paragraph("![" + title + "](" + this.name + "-" + file + ".svg)");
	}

	void write() {
		write(this.name + ".md", this.text.toString());
	}

	private void write(String file, String content) {
		try {
			Files.createDirectories(this.folder);
			Files.writeString(this.folder.resolve(file), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
