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

import java.util.Random;

/**
 * Writes random JSON in all the ways in which it may be written.
 */
final class RandomJson {

	private static final String[] SPACES = { "", "", "", " ", "\n", "\r\n", "\t", "  " };

	private static final String[] NUMBERS = { "0", "-0", "7", "-42", "1234567890123456789", "0.5", "-3.25", "1e3",
			"2E-7", "6.02e+23", "0.0", "-0e0" };

	private final Random random;

	private boolean pairs = true;

	RandomJson(long seed) {
		this.random = new Random(seed);
	}

	/** Leave out characters that are two escapes, which may be torn apart. */
	RandomJson withoutPairs() {
		this.pairs = false;
		return this;
	}

	String document() {
		StringBuilder json = new StringBuilder();
		value(json, 0);
		return json.toString();
	}

	private void value(StringBuilder json, int depth) {
		space(json);
		switch (this.random.nextInt((depth > 5) ? 4 : 7)) {
			case 0 -> string(json, 12);
			case 1 -> json.append(NUMBERS[this.random.nextInt(NUMBERS.length)]);
			case 2 -> json.append(this.random.nextBoolean());
			case 3 -> json.append("null");
			case 4 -> array(json, depth);
			default -> object(json, depth);
		}
		space(json);
	}

	private void array(StringBuilder json, int depth) {
		json.append('[');
		int size = this.random.nextInt(4);
		space(json);
		for (int i = 0; i < size; i++) {
			json.append((i > 0) ? "," : "");
			value(json, depth + 1);
		}
		json.append(']');
	}

	private void object(StringBuilder json, int depth) {
		json.append('{');
		int size = this.random.nextInt(5);
		space(json);
		for (int i = 0; i < size; i++) {
			json.append((i > 0) ? "," : "");
			space(json);
			string(json, 3);
			space(json);
			json.append(':');
			value(json, depth + 1);
		}
		json.append('}');
	}

	private void space(StringBuilder json) {
		json.append(SPACES[this.random.nextInt(SPACES.length)]);
	}

	private void string(StringBuilder json, int longest) {
		json.append('"');
		int length = this.random.nextInt(longest + 1);
		for (int i = 0; i < length; i++) {
			character(json, codePoint());
		}
		json.append('"');
	}

	private int codePoint() {
		int codePoint = switch (this.random.nextInt(6)) {
			case 0 -> this.random.nextInt(0x20);
			case 1 -> this.random.nextInt(0x800);
			case 2 -> this.random.nextInt(0x10000);
			case 3 -> (!this.pairs) ? 0x20AC : 0x10000 + this.random.nextInt(0x100000);
			default -> 0x20 + this.random.nextInt(0x5F);
		};
		return (codePoint >= 0xD800 && codePoint <= 0xDFFF) ? 0xFFFD : codePoint;
	}

	private void character(StringBuilder json, int codePoint) {
		boolean mustEscape = codePoint < 0x20 || codePoint == '"' || codePoint == '\\';
		String text = Character.toString(codePoint);
		int named = "\"\\/\b\f\n\r\t".indexOf(codePoint);
		if (named >= 0 && (mustEscape || this.random.nextBoolean())) {
			json.append('\\').append("\"\\/bfnrt".charAt(named));
		}
		else if (mustEscape || this.random.nextInt(4) == 0) {
			String format = (this.random.nextBoolean()) ? "\\u%04x" : "\\u%04X";
			text.chars().forEach((unit) -> json.append(String.format(format, unit)));
		}
		else {
			json.append(text);
		}
	}

}
