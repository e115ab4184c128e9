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

package io.llmstream.structured;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Limits of a document, and who validates objects.
 *
 * @param maxDepth how deep objects and arrays may be nested
 * @param maxLength how many characters an answer may have
 * @param validator who validates, or {@code null}
 */
record OutputSettings(int maxDepth, int maxLength, @Nullable OutputValidator validator) {

	/**
	 * Validate an object.
	 * @throws OutputProblemException if it is not valid
	 */
	void validate(Object object) {
		if (this.validator == null) {
			return;
		}
		List<OutputValidator.Violation> violations = this.validator.validate(object);
		if (!violations.isEmpty()) {
			throw new OutputProblemException(new OutputProblem(
					violations.stream()
						.map((violation) -> violation.where() + " violates " + violation.rule())
						.collect(Collectors.joining(", ")),
					violations.stream()
						.map((violation) -> violation.where() + " " + violation.message())
						.collect(Collectors.joining("; "))));
		}
	}

}
