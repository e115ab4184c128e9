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

package io.llmstream.usage;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Keeps tags few and short, whoever sets them.
 */
final class TagLimits {

	/** How many tags a stream may have. */
	static final int MAX_TAGS = 16;

	/** How many characters a tag's name may have. */
	static final int MAX_NAME = 64;

	/** How many characters a tag's value may have. */
	static final int MAX_VALUE = 200;

	/** Databases know no NUL, and logs no line breaks. */
	private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

	private TagLimits() {
	}

	/**
	 * The first tags by name, with what is too long cut off, and without control
	 * characters.
	 */
	static Map<String, String> apply(Map<String, String> tags) {
		if (tags.isEmpty()) {
			return Map.of();
		}
		Map<String, String> limited = new TreeMap<>();
		new TreeMap<>(tags).forEach((name, value) -> {
			if (limited.size() < MAX_TAGS && value != null) {
				limited.put(cut(name, MAX_NAME), cut(value, MAX_VALUE));
			}
		});
		return limited;
	}

	private static String cut(String text, int length) {
		String cut = (text.length() > length) ? text.substring(0, length) : text;
		return CONTROL.matcher(cut).replaceAll("?");
	}

}
