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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for the end of a line eight bytes at a time.
 */
final class LineScan {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long ONES = 0x0101010101010101L;

	private static final long HIGH_BITS = 0x8080808080808080L;

	private static final long LINE_FEEDS = '\n' * ONES;

	private static final long CARRIAGE_RETURNS = '\r' * ONES;

	private LineScan() {
	}

	/**
	 * Find the first line feed or carriage return.
	 * @param bytes the bytes
	 * @param from where to begin
	 * @param to where to end
	 * @return its index, or -1 if there is none
	 */
	static int firstEnd(byte[] bytes, int from, int to) {
		int i = from;
		for (; i + Long.BYTES <= to; i += Long.BYTES) {
			long word = (long) LONG.get(bytes, i);
			long ends = zeros(word ^ LINE_FEEDS) | zeros(word ^ CARRIAGE_RETURNS);
			if (ends != 0) {
				return i + (Long.numberOfTrailingZeros(ends) >>> 3);
			}
		}
		for (; i < to; i++) {
			if (bytes[i] == '\n' || bytes[i] == '\r') {
				return i;
			}
		}
		return -1;
	}

	// marks each zero byte; what it marks above the first one may be wrong
	private static long zeros(long word) {
		return (word - ONES) & ~word & HIGH_BITS;
	}

}
