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

package io.llmstream.json;

import java.util.regex.Pattern;

/**
 * Makes whole numbers of text as servers write them: mostly a few digits.
 */
final class WholeNumbers {

	private static final Pattern NUMBER = Pattern.compile("-?\\d{1,400}(?:\\.\\d{1,400})?(?:[eE][+-]?\\d{1,9})?");

	private WholeNumbers() {
	}

	/**
	 * Read a number.
	 * @param text what may be one
	 * @param fallback what to return if it is none
	 * @return the number, without its fraction
	 */
	static long parse(String text, long fallback) {
		if (text.isEmpty()) {
			return fallback;
		}
		if (isShortAndWhole(text)) {
			return Long.parseLong(text);
		}
		if (!NUMBER.matcher(text).matches()) {
			return fallback;
		}
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			return (long) Double.parseDouble(text);
		}
	}

	private static boolean isShortAndWhole(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) < '0' || text.charAt(i) > '9') {
				return false;
			}
		}
		return text.length() <= 18;
	}

}
