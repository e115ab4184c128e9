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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Remembers the member names that were read, so that a name which comes with every token
 * costs no allocation. Bounded; races between threads only cost a new string, because
 * entries are immutable.
 * <p>
 * A name is looked up by its first sixteen and its last eight bytes, taken as three
 * numbers, which is all of it up to a length of 24; longer ones are compared in full.
 */
final class JsonNames {

	private static final int SIZE = 1024;

	/**
	 * How many places a name may stand in: two names of one wire that shared a single
	 * place would push each other out with every token.
	 */
	private static final int WAYS = 4;

	private static final int LONGEST = 48;

	private static final int EXACT = 3 * Long.BYTES;

	private static final long SPREAD = 0x9e3779b97f4a7c15L;

	private static final @Nullable Entry[] entries = new Entry[SIZE];

	private JsonNames() {
	}

	static String get(byte[] bytes, int offset, int length) {
		if (length > LONGEST) {
			return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
		}
		long first = Words.at(bytes, offset, length);
		long second = Words.at(bytes, offset + Long.BYTES, length - Long.BYTES);
		int tail = Math.max(0, length - Long.BYTES);
		long last = Words.at(bytes, offset + tail, length - tail);
		int index = index(first, second, last, length);
		int free = index;
		for (int way = 0; way < WAYS; way++) {
			int slot = (index + way) & (SIZE - 1);
			Entry entry = entries[slot];
			if (entry == null) {
				free = slot;
				break;
			}
			if (entry.first == first && entry.second == second && entry.last == last && entry.length == length
					&& (length <= EXACT || entry.matches(bytes, offset))) {
				return entry.name;
			}
		}
		// Interned, so that a switch over names finds the same object, not an equal one.
		String name = new String(bytes, offset, length, StandardCharsets.ISO_8859_1).intern();
		entries[free] = new Entry(name, first, second, last, length);
		return name;
	}

	private static int index(long first, long second, long last, int length) {
		long hash = (first ^ Long.rotateLeft(second, 21) ^ Long.rotateLeft(last, 42)) * SPREAD + length;
		return (int) (hash >>> 54) & (SIZE - 1);
	}

	private static final class Entry {

		private final String name;

		private final long first;

		private final long second;

		private final long last;

		private final int length;

		private final byte[] bytes;

		Entry(String name, long first, long second, long last, int length) {
			this.name = name;
			this.first = first;
			this.second = second;
			this.last = last;
			this.length = length;
			this.bytes = name.getBytes(StandardCharsets.ISO_8859_1);
		}

		boolean matches(byte[] in, int offset) {
			return Arrays.equals(this.bytes, 0, this.length, in, offset, offset + this.length);
		}

	}

}
