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

package io.llmstream.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Finds overrides of budgets whose names Spring Boot would change, so that they would be
 * for nobody: of a name without brackets it keeps letters, digits, dashes and
 * underscores, and of one with a dot nothing.
 */
final class OverrideNames {

	private static final Pattern OVERRIDE = Pattern.compile("llm-stream\\.budgets\\.limits\\[\\d+]\\.overrides\\.(.+)");

	private static final Pattern KEPT = Pattern.compile("[A-Za-z0-9_-]+");

	private OverrideNames() {
	}

	static void check(Environment environment) {
		if (environment instanceof ConfigurableEnvironment configurable) {
			for (PropertySource<?> source : configurable.getPropertySources()) {
				if (source instanceof EnumerablePropertySource<?> enumerable) {
					for (String property : enumerable.getPropertyNames()) {
						check(property);
					}
				}
			}
		}
	}

	private static void check(String property) {
		Matcher override = OVERRIDE.matcher(property);
		if (override.matches() && !KEPT.matcher(override.group(1)).matches()) {
			throw new InvalidLlmStreamConfigurationException(
					"The property " + property + " has a name with characters that are not kept.",
					"Write the name in brackets, and in YAML in quotes too: \"[" + override.group(1) + "]\".");
		}
	}

}
