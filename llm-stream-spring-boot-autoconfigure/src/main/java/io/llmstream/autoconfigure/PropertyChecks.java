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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Rejects values that cannot work, by the name of their property.
 */
final class PropertyChecks {

	private final String prefix;

	PropertyChecks(String prefix) {
		this.prefix = prefix;
	}

	void positive(String name, @Nullable Duration value, String example) {
		check(value == null || !(value.isNegative() || value.isZero()), name, value, "must be longer than zero",
				example);
	}

	void notNegative(String name, @Nullable Duration value, String example) {
		check(value == null || !value.isNegative(), name, value, "must not be negative", example);
	}

	void check(boolean valid, String name, @Nullable Object value, String rule, String example) {
		if (!valid) {
			throw invalid(name, "is " + value + ", but it " + rule, example);
		}
	}

	/**
	 * A failure.
	 * @param name the property's name, without the prefix
	 * @param what what is wrong with it; contains no secret
	 * @param example a value that would do
	 * @return a new exception
	 */
	InvalidLlmStreamConfigurationException invalid(String name, String what, String example) {
		return new InvalidLlmStreamConfigurationException("The property " + this.prefix + name + " " + what + ".",
				Examples.set(this.prefix + name, example));
	}

	/**
	 * A failure of a property that refers to one that is not set.
	 * @param name the property's name, without the prefix
	 * @param placeholder what it refers to, such as <code>${OPENAI_API_KEY}</code>
	 * @return a new exception
	 */
	InvalidLlmStreamConfigurationException unresolved(String name, String placeholder) {
		String variable = placeholder.substring(2, placeholder.length() - 1);
		return new InvalidLlmStreamConfigurationException(
				"The property " + this.prefix + name + " refers to " + placeholder + ", which is not set.",
				"Set " + variable + ", for example as an environment variable, or give the property a value.");
	}

}
