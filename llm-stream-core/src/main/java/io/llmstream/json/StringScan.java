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

/**
 * Looks through the characters of a string eight bytes at a time: most of what a provider
 * sends with a token are strings that nobody reads.
 */
final class StringScan {

	private static final long ONES = 0x0101010101010101L;

	private static final long HIGH_BITS = 0x8080808080808080L;

	private static final long QUOTES = '"' * ONES;

	private static final long BACKSLASHES = '\\' * ONES;

	private StringScan() {
	}

	/**
	 * Find the first byte that is a quote, a backslash, or not ASCII.
	 * @param bytes the bytes
	 * @param from where to begin
	 * @param to where to end
	 * @return its index, or {@code to} if there is none
	 */
	static int firstSpecial(byte[] bytes, int from, int to) {
		int i = from;
		for (; i + Long.BYTES <= to; i += Long.BYTES) {
			long word = Words.at(bytes, i);
			long special = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | (word & HIGH_BITS);
			if (special != 0) {
				return i + (Long.numberOfTrailingZeros(special) >>> 3);
			}
		}
		while (i < to && bytes[i] != '"' && bytes[i] != '\\' && bytes[i] >= 0) {
			i++;
		}
		return i;
	}

	// marks each zero byte; what it marks above the first one may be wrong
	private static long zeros(long word) {
		return (word - ONES) & ~word & HIGH_BITS;
	}

}
