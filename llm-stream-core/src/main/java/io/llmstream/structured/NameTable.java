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

import org.jspecify.annotations.Nullable;

/**
 * The names of members that a document had so far, so that a list of a thousand objects
 * does not hold each name a thousand times. Takes so many names at most; others are
 * strings of their own.
 */
final class NameTable {

	private static final int SLOTS = 256;

	private static final int MOST_NAMES = 128;

	private static final int MOST_CHARS = 64;

	private @Nullable String[] names = new String[16];

	private int size;

	/**
	 * The name of these characters.
	 */
	String get(char[] chars, int length) {
		if (length > MOST_CHARS) {
			return new String(chars, 0, length);
		}
		int slot = slot(chars, length);
		String known = this.names[slot];
		if (known != null) {
			return known;
		}
		String name = new String(chars, 0, length);
		if (this.size < MOST_NAMES) {
			add(name, slot);
		}
		return name;
	}

	private void add(String name, int slot) {
		this.names[slot] = name;
		this.size++;
		if (this.size * 2 > this.names.length && this.names.length < SLOTS) {
			String[] before = this.names;
			this.names = new String[before.length * 2];
			for (String each : before) {
				if (each != null) {
					this.names[slot(each.toCharArray(), each.length())] = each;
				}
			}
		}
	}

	/**
	 * Where a name stands, or the empty place at which the search for it ends: at most
	 * half of the places are taken.
	 */
	private int slot(char[] chars, int length) {
		int hash = length;
		for (int i = 0; i < length; i++) {
			hash = 31 * hash + chars[i];
		}
		int mask = this.names.length - 1;
		int slot = (hash ^ (hash >>> 15)) & mask;
		while (true) {
			String known = this.names[slot];
			if (known == null || isSame(known, chars, length)) {
				return slot;
			}
			slot = (slot + 1) & mask;
		}
	}

	private static boolean isSame(String known, char[] chars, int length) {
		if (known.length() != length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (known.charAt(i) != chars[i]) {
				return false;
			}
		}
		return true;
	}

}
