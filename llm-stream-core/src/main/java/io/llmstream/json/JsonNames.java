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
 */
final class JsonNames {

	private static final int SIZE = 1024;

	/**
	 * How many places a name may stand in: two names of one wire that shared a single
	 * place would push each other out with every token.
	 */
	private static final int WAYS = 4;

	private static final int LONGEST = 48;

	private static final @Nullable Entry[] entries = new Entry[SIZE];

	private JsonNames() {
	}

	static String get(byte[] bytes, int offset, int length) {
		if (length > LONGEST) {
			return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
		}
		int hash = length;
		for (int i = offset; i < offset + length; i++) {
			hash = hash * 31 + bytes[i];
		}
		int index = (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (SIZE - 1);
		int free = index;
		for (int way = 0; way < WAYS; way++) {
			int slot = (index + way) & (SIZE - 1);
			Entry entry = entries[slot];
			if (entry == null) {
				free = slot;
				break;
			}
			if (entry.hash == hash && entry.matches(bytes, offset, length)) {
				return entry.name;
			}
		}
		String name = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
		entries[free] = new Entry(hash, name, Arrays.copyOfRange(bytes, offset, offset + length));
		return name;
	}

	private static final class Entry {

		private final int hash;

		private final String name;

		private final byte[] bytes;

		Entry(int hash, String name, byte[] bytes) {
			this.hash = hash;
			this.name = name;
			this.bytes = bytes;
		}

		boolean matches(byte[] in, int offset, int length) {
			return Arrays.equals(this.bytes, 0, this.bytes.length, in, offset, offset + length);
		}

	}

}
