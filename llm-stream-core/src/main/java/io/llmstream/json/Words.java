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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a time, as one number whose lowest byte is the first.
 */
final class Words {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private Words() {
	}

	/**
	 * Read eight bytes.
	 * @param bytes has at least eight from there on
	 * @param from where they begin
	 * @return the word
	 */
	static long at(byte[] bytes, int from) {
		return (long) LONG.get(bytes, from);
	}

	/**
	 * Read some bytes, and zeros for the rest of the word.
	 * @param bytes has them
	 * @param from where they begin
	 * @param count how many there are; more than eight count as eight, less than none as
	 * none
	 * @return the word
	 */
	static long at(byte[] bytes, int from, int count) {
		if (count <= 0) {
			return 0;
		}
		if (from + Long.BYTES <= bytes.length) {
			long word = at(bytes, from);
			return (count >= Long.BYTES) ? word : word & ((1L << (count << 3)) - 1);
		}
		long word = 0;
		for (int i = Math.min(count, Long.BYTES) - 1; i >= 0; i--) {
			word = (word << 8) | (bytes[from + i] & 0xff);
		}
		return word;
	}

}
