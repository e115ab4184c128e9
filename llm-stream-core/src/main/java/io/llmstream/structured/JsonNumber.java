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

import java.math.BigDecimal;
import java.math.BigInteger;

import org.jspecify.annotations.Nullable;

/**
 * A number as it was written, so that none of its digits is lost.
 *
 * @param text the number, in JSON's grammar
 */
record JsonNumber(String text) {

	/**
	 * The number for a text, or {@code null} if it is none.
	 */
	static @Nullable JsonNumber of(String text) {
		int length = text.length();
		int i = (length > 0 && text.charAt(0) == '-') ? 1 : 0;
		int digits = digits(text, i);
		if (digits == i || (text.charAt(i) == '0' && digits > i + 1)) {
			return null;
		}
		i = digits;
		if (i < length && text.charAt(i) == '.') {
			digits = digits(text, i + 1);
			if (digits == i + 1) {
				return null;
			}
			i = digits;
		}
		if (i < length && (text.charAt(i) | 0x20) == 'e') {
			i++;
			if (i < length && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
				i++;
			}
			digits = digits(text, i);
			if (digits == i) {
				return null;
			}
			i = digits;
		}
		return (i == length) ? new JsonNumber(text) : null;
	}

	private static int digits(String text, int from) {
		int i = from;
		while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
			i++;
		}
		return i;
	}

	boolean isInteger() {
		return this.text.indexOf('.') < 0 && this.text.indexOf('e') < 0 && this.text.indexOf('E') < 0;
	}

	/**
	 * The smallest of {@code int}, {@code long} and {@link BigInteger} that holds an
	 * integer; a {@code double} for others.
	 */
	Number value() {
		if (!isInteger()) {
			return Double.parseDouble(this.text);
		}
		if (this.text.length() <= 18) {
			long value = Long.parseLong(this.text);
			if (value == (int) value) {
				return (int) value;
			}
			return value;
		}
		BigInteger value = new BigInteger(this.text);
		if (value.bitLength() < Long.SIZE) {
			return value.longValue();
		}
		return value;
	}

	BigDecimal decimal() {
		return new BigDecimal(this.text);
	}

}
