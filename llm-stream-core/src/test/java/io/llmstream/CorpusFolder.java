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

package io.llmstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * The folder of recorded provider answers, which is not part of the project. Tests that
 * need a folder which is not there are reported as one skipped test, with the reason.
 */
public final class CorpusFolder {

	private static final String PROPERTY = "llm-stream.corpus";

	private CorpusFolder() {
	}

	/**
	 * Make a test of each file, or one skipped test where there is no such folder.
	 * @param folder the folder, relative to the corpus; empty for the corpus itself
	 * @param depth how many levels of folders to look into, 1 for the folder alone
	 * @param ending how the names of the files end
	 * @param test makes the test of a file
	 * @return the tests
	 * @throws IOException if the folder cannot be read
	 */
	public static Stream<DynamicTest> tests(String folder, int depth, String ending, TestOfFile test)
			throws IOException {
		Path path = find(folder);
		if (path == null) {
			return Stream.of(DynamicTest.dynamicTest("recordings are not here",
					() -> Assumptions.abort("No folder '" + folder + "' in " + candidates() + "; set -D" + PROPERTY)));
		}
		try (Stream<Path> files = Files.walk(path, depth)) {
			List<Path> found = files.filter((file) -> file.toString().endsWith(ending)).sorted().toList();
			Assertions.assertThat(found).as("files in " + path).isNotEmpty();
			return found.stream().map(test::of);
		}
	}

	private static @Nullable Path find(String folder) {
		return candidates().stream()
			.map((candidate) -> candidate.resolve(folder))
			.filter(Files::isDirectory)
			.findFirst()
			.orElse(null);
	}

	private static List<Path> candidates() {
		String given = System.getProperty(PROPERTY, "");
		// an unset Maven property arrives as its placeholder
		boolean set = !given.isBlank() && !given.startsWith("${");
		Path path = Path.of((set) ? given : "../shared/corpus");
		List<Path> candidates = new ArrayList<>(List.of(path));
		if (!path.isAbsolute()) {
			// tests run in the folder of their module, the path counts from the root
			candidates.add(0, Path.of("..").resolve(path));
		}
		return candidates;
	}

	/**
	 * Makes the test of a file.
	 */
	@FunctionalInterface
	public interface TestOfFile {

		/**
		 * Make the test.
		 * @param file the file
		 * @return its test
		 */
		DynamicTest of(Path file);

	}

}
