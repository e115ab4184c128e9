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

package io.llmstream.benchmarks.load;

/**
 * The text of a token: a space, its number within the answer and the time at which it was
 * sent, always {@value #LENGTH} ASCII characters that need no escape in JSON. So whoever
 * reads an answer can tell whether each token came once, in order and unchanged, and how
 * long it took, even where pieces were merged on the way.
 */
public final class TokenText {

	/** The length of a token. */
	public static final int LENGTH = 16;

	static final int NUMBER_DIGITS = 4;

	static final int SEPARATOR = 1 + NUMBER_DIGITS;

	/** The most tokens of one answer. */
	public static final int MAX_TOKENS = 1 << (5 * NUMBER_DIGITS);

	private static final byte[] DIGITS = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e',
			'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v' };

	private TokenText() {
	}

	/**
	 * The clock of the stamps, which all processes of a machine share.
	 * @return microseconds
	 */
	public static long now() {
		return System.nanoTime() / 1000;
	}

	/**
	 * Write a token.
	 * @param number its number, counted from 0
	 * @param micros the time
	 * @param target receives the characters
	 * @param offset where
	 */
	public static void write(int number, long micros, byte[] target, int offset) {
		target[offset] = ' ';
		int rest = number;
		for (int i = NUMBER_DIGITS; i > 0; i--) {
			target[offset + i] = DIGITS[rest & 31];
			rest >>>= 5;
		}
		target[offset + SEPARATOR] = ':';
		long time = micros;
		for (int i = LENGTH - 1; i > SEPARATOR; i--) {
			target[offset + i] = DIGITS[(int) (time & 31)];
			time >>>= 5;
		}
	}

	/**
	 * Read the time of a token.
	 * @param text the characters of the token
	 * @return microseconds, or -1 if this is no token
	 */
	public static long stamp(byte[] text) {
		long time = (text[SEPARATOR] == ':') ? 0 : -1;
		for (int i = SEPARATOR + 1; i < LENGTH && time >= 0; i++) {
			int digit = digit(text[i]);
			time = (digit < 0) ? -1 : (time << 5) | digit;
		}
		return time;
	}

	/**
	 * The value of a digit.
	 * @param digit the character
	 * @return its value, or -1 if it is none
	 */
	static int digit(int digit) {
		if (digit >= '0' && digit <= '9') {
			return digit - '0';
		}
		return (digit >= 'a' && digit <= 'v') ? digit - 'a' + 10 : -1;
	}

}
