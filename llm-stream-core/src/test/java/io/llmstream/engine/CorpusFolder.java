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

package io.llmstream.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/**
 * A folder of recorded streams that is not part of the project. Tests that need it are
 * reported as skipped where it does not exist.
 */
public final class CorpusFolder {

	private static final String PROPERTY = "llm-stream.corpus";

	private CorpusFolder() {
	}

	public static Path path() {
		String given = System.getProperty(PROPERTY, "");
		List<Path> candidates = (given.isEmpty() || given.startsWith("${"))
				? List.of(Path.of("../../shared/corpus"), Path.of("../shared/corpus")) : List.of(Path.of(given));
		for (Path candidate : candidates) {
			if (Files.isDirectory(candidate)) {
				return candidate;
			}
		}
		Assumptions.abort("No recorded streams: the folder named by the system property " + PROPERTY
				+ " does not exist (looked at " + candidates + ")");
		throw new IllegalStateException();
	}

	public static List<Path> expectations() {
		try (Stream<Path> files = Files.walk(path(), 2)) {
			return files.filter((file) -> file.toString().endsWith(".expected.json"))
				.filter((file) -> !file.toString().contains("sse-conformance"))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Path recording(Path expectation) {
		String name = expectation.getFileName().toString().replace(".expected.json", "");
		for (String ending : List.of(".sse", ".ndjson", ".json")) {
			Path file = expectation.resolveSibling(name + ending);
			if (Files.exists(file)) {
				return file;
			}
		}
		throw new IllegalStateException("No recording beside " + expectation);
	}

}
