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
import java.util.Map;
import java.util.Optional;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/**
 * What the tests ask for.
 */
record Recipe(@NotBlank String title, @Positive int servings, Level level, List<@Valid Step> steps,
		Optional<String> note, @Nullable Map<String, Integer> grams) {

	static final String JSON = """
			{
			  "title": "Pan\\u00e7ake \\ud83e\\udd5e",
			  "servings": 12,
			  "level": "EASY",
			  "steps": [
			    {"text": "Mix", "minutes": 5, "tools": ["bowl", "whisk"]},
			    {"text": "Fry \\"gently\\"", "minutes": 10, "tools": []}
			  ],
			  "note": "Serve hot",
			  "grams": {"flour": 250, "milk": 500}
			}""";

	enum Level {

		EASY, HARD

	}

	record Step(String text, @Positive int minutes, List<String> tools) {
	}

}
