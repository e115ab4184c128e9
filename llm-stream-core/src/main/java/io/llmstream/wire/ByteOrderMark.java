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

/**
 * The byte order mark that may stand before UTF-8.
 */
final class ByteOrderMark {

	/** More bytes are needed to say. */
	static final int UNDECIDED = -1;

	private static final byte[] MARK = { (byte) 0xEF, (byte) 0xBB, (byte) 0xBF };

	private ByteOrderMark() {
	}

	/**
	 * The length of the mark at the beginning of a body.
	 * @return 3, 0 if there is none, or {@link #UNDECIDED}
	 */
	static int length(byte[] bytes, int from, int to) {
		for (int i = 0; i < MARK.length; i++) {
			if (from + i >= to) {
				return UNDECIDED;
			}
			if (bytes[from + i] != MARK[i]) {
				return 0;
			}
		}
		return MARK.length;
	}

}
