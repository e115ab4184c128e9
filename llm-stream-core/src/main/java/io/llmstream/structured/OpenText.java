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

import java.util.Arrays;

/**
 * The string that is being written. Snapshots refer to its characters instead of copying
 * them, so that an array which one has seen is never written from its beginning again.
 */
final class OpenText {

	private char[] chars = new char[64];

	private int length;

	private boolean shared;

	private boolean surrogates;

	/**
	 * Begin a string.
	 */
	void begin() {
		if (this.shared) {
			this.chars = new char[64];
			this.shared = false;
		}
		this.length = 0;
		this.surrogates = false;
	}

	void append(char c) {
		if (this.length == this.chars.length) {
			grow(1);
		}
		this.chars[this.length++] = c;
		this.surrogates |= Character.isSurrogate(c);
	}

	void append(String source, int from, int to, boolean surrogates) {
		int count = to - from;
		if (count > this.chars.length - this.length) {
			grow(count);
		}
		source.getChars(from, to, this.chars, this.length);
		this.length += count;
		this.surrogates |= surrogates;
	}

	// copies, so that what a snapshot has stays as it is
	private void grow(int count) {
		this.chars = Arrays.copyOf(this.chars, Math.max(this.chars.length * 2, this.length + count));
	}

	/**
	 * How many characters are fit to be shown: the first half of a surrogate pair waits
	 * for the second.
	 */
	int visible() {
		return (this.length > 0 && Character.isHighSurrogate(this.chars[this.length - 1])) ? this.length - 1
				: this.length;
	}

	/**
	 * The characters, for a snapshot.
	 */
	char[] share() {
		this.shared = true;
		return this.chars;
	}

	/**
	 * The string, when it is complete and the name of a member.
	 */
	String end(NameTable names) {
		return (this.surrogates) ? end() : names.get(this.chars, this.length);
	}

	/**
	 * The string, when it is complete.
	 */
	String end() {
		String text = new String(this.chars, 0, this.length);
		return (this.surrogates) ? Surrogates.mend(text) : text;
	}

}
