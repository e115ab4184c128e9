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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * Finds the folder of recorded provider answers, which is not part of the project. A test
 * that needs a folder which is not there is skipped.
 */
public final class CorpusFolder {

	private static final String PROPERTY = "llm-stream.corpus";

	private CorpusFolder() {
	}

	/**
	 * Find a folder of the corpus, or skip the test.
	 * @param name the name of the folder
	 * @return the folder
	 */
	public static Path require(String name) {
		String property = System.getProperty(PROPERTY, "");
		// an unset Maven property arrives as its placeholder
		boolean set = !property.isBlank() && !property.startsWith("${");
		List<String> candidates = (set) ? List.of(property) : List.of("../../shared/corpus", "../shared/corpus");
		for (String candidate : candidates) {
			Path folder = Path.of(candidate, name);
			if (Files.isDirectory(folder)) {
				return folder;
			}
		}
		return Assumptions.abort("no corpus folder '" + name + "' in " + candidates + "; set -D" + PROPERTY);
	}

}
