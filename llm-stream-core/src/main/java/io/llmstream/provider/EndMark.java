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

package io.llmstream.provider;

import io.llmstream.wire.Frame;

/**
 * The mark {@code [DONE]} that ends a stream of OpenAI's family, and which gateways
 * append to streams of others. Servers that forget the blank line leave it behind a
 * document, in one event with it.
 */
public final class EndMark {

	private static final String TEXT = "[DONE]";

	private EndMark() {
	}

	/**
	 * How much of a frame stands before its mark.
	 * @param frame the frame
	 * @return the number of bytes, -1 if it does not end with the mark
	 */
	public static int before(Frame frame) {
		byte[] bytes = frame.bytes();
		int end = frame.offset() + frame.length();
		while (end > frame.offset() && isSpace(bytes[end - 1])) {
			end--;
		}
		int start = end - TEXT.length();
		if (start < frame.offset()) {
			return -1;
		}
		for (int i = 0; i < TEXT.length(); i++) {
			if (bytes[start + i] != TEXT.charAt(i)) {
				return -1;
			}
		}
		while (start > frame.offset() && isSpace(bytes[start - 1])) {
			start--;
		}
		return start - frame.offset();
	}

	private static boolean isSpace(byte b) {
		return b == ' ' || b == '\n' || b == '\r' || b == '\t';
	}

}
