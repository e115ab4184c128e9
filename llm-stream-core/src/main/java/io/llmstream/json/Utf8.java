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
 * Checks UTF-8 without decoding it.
 */
final class Utf8 {

	private Utf8() {
	}

	/**
	 * Whether bytes are well-formed UTF-8: nothing cut off, overlong, or for surrogates.
	 */
	static boolean isValid(byte[] bytes, int from, int to) {
		int i = from;
		while (i < to) {
			int lead = bytes[i] & 0xFF;
			int length = length(lead);
			if (length == 0 || i + length > to) {
				return false;
			}
			if (length > 1 && !isSecond(lead, bytes[i + 1] & 0xFF)) {
				return false;
			}
			for (int k = 2; k < length; k++) {
				if ((bytes[i + k] & 0xC0) != 0x80) {
					return false;
				}
			}
			i += length;
		}
		return true;
	}

	private static int length(int lead) {
		if (lead < 0x80) {
			return 1;
		}
		if (lead < 0xC2 || lead > 0xF4) {
			return 0;
		}
		if (lead < 0xE0) {
			return 2;
		}
		return (lead < 0xF0) ? 3 : 4;
	}

	private static boolean isSecond(int lead, int second) {
		return switch (lead) {
			case 0xE0 -> second >= 0xA0 && second <= 0xBF;
			case 0xED -> second >= 0x80 && second <= 0x9F;
			case 0xF0 -> second >= 0x90 && second <= 0xBF;
			case 0xF4 -> second >= 0x80 && second <= 0x8F;
			default -> second >= 0x80 && second <= 0xBF;
		};
	}

}
