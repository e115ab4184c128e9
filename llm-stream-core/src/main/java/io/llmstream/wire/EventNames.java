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

package io.llmstream.wire;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Remembers the names of events, so that a name which comes with every token costs no
 * allocation. Bounded; races between threads only cost a new string.
 */
final class EventNames {

	private static final int SIZE = 256;

	private static final int LONGEST = 64;

	private static final @Nullable String[] names = new String[SIZE];

	private EventNames() {
	}

	static String get(byte[] bytes, int offset, int length) {
		int hash = length;
		for (int i = offset; i < offset + length; i++) {
			hash = hash * 31 + bytes[i];
		}
		int index = (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SIZE - 1);
		String known = names[index];
		if (known != null && matches(known, bytes, offset, length)) {
			return known;
		}
		String name = new String(bytes, offset, length, StandardCharsets.UTF_8);
		if (length <= LONGEST) {
			names[index] = name;
		}
		return name;
	}

	// never true for a name with other than ASCII characters, which is made anew each
	// time
	private static boolean matches(String name, byte[] bytes, int offset, int length) {
		if (name.length() != length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (bytes[offset + i] < 0 || name.charAt(i) != bytes[offset + i]) {
				return false;
			}
		}
		return true;
	}

}
