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

import java.util.Random;

/**
 * Writes random JSON documents as models might: objects within objects, deep arrays, all
 * kinds of numbers, escapes of every sort.
 */
final class RandomDocument {

	private static final String[] SPACES = { "", "", "", " ", "\n  ", "\t", "\r\n" };

	private static final String[] NUMBERS = { "0", "-0", "7", "-42", "1234567890123456789", "123456789012345678901234",
			"0.5", "-3.25", "1e3", "2E-7", "6.02e+23", "0.10", "3.14159265358979323846" };

	private static final int[] POINTS = { 'a', 'Z', ' ', '"', '\\', '/', '\n', '\t', 1, 0xE9, 0x20AC, 0x1F600, 0x10FFFF,
			0x4E2D };

	private final Random random;

	private final StringBuilder json = new StringBuilder();

	RandomDocument(long seed) {
		this.random = new Random(seed);
	}

	String write() {
		object(0);
		return this.json.toString();
	}

	private void value(int depth) {
		switch (this.random.nextInt((depth > 4) ? 5 : 9)) {
			case 0, 1 -> string(this.random.nextInt(20));
			case 2 -> this.json.append(NUMBERS[this.random.nextInt(NUMBERS.length)]);
			case 3 -> this.json.append(this.random.nextBoolean());
			case 4 -> this.json.append("null");
			case 5 -> deepArray();
			case 6 -> array(depth);
			default -> object(depth);
		}
	}

	private void deepArray() {
		int depth = 1 + this.random.nextInt(40);
		this.json.append("[".repeat(depth));
		this.json.append(NUMBERS[this.random.nextInt(NUMBERS.length)]);
		for (int i = 0; i < depth; i++) {
			this.json.append((this.random.nextInt(8) == 0) ? ",\"x\"]" : "]");
		}
	}

	private void array(int depth) {
		this.json.append('[');
		space();
		for (int i = this.random.nextInt(5); i > 0; i--) {
			value(depth + 1);
			space();
			this.json.append((i > 1) ? "," : "");
			space();
		}
		this.json.append(']');
	}

	private void object(int depth) {
		this.json.append('{');
		space();
		int size = this.random.nextInt((depth == 0) ? 12 : 5);
		for (int i = 0; i < size; i++) {
			this.json.append('"').append(i);
			point();
			this.json.append('"');
			space();
			this.json.append(':');
			space();
			value(depth + 1);
			space();
			this.json.append((i < size - 1) ? "," : "");
			space();
		}
		this.json.append('}');
	}

	private void space() {
		this.json.append(SPACES[this.random.nextInt(SPACES.length)]);
	}

	private void string(int length) {
		this.json.append('"');
		for (int i = 0; i < length; i++) {
			point();
		}
		this.json.append('"');
	}

	private void point() {
		int point = POINTS[this.random.nextInt(POINTS.length)];
		int named = "\"\\/\n\t".indexOf(point);
		if (named >= 0 && this.random.nextBoolean()) {
			this.json.append('\\').append("\"\\/nt".charAt(named));
		}
		else if (point < ' ' || point == '"' || point == '\\' || this.random.nextInt(3) == 0) {
			Character.toString(point).chars().forEach((unit) -> this.json.append(String.format("\\u%04x", unit)));
		}
		else {
			this.json.appendCodePoint(point);
		}
	}

}
