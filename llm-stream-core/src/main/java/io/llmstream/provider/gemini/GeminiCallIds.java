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

package io.llmstream.provider.gemini;

import java.nio.charset.StandardCharsets;

import io.llmstream.json.JsonReader;
import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Ids for calls to which the server gave none. They contain the id of the response, as
 * several answers of one conversation may make calls, and are not sent to the server.
 */
final class GeminiCallIds {

	private static final String PREFIX = "gemini-call-";

	private static final byte[] RESPONSE_ID = "\"responseId\"".getBytes(StandardCharsets.US_ASCII);

	/** Keeps ids within the 40 characters that other providers accept. */
	private static final int LONGEST_RESPONSE_ID = 24;

	private GeminiCallIds() {
	}

	static String makeUp(@Nullable String responseId, int index) {
		if (responseId == null) {
			return PREFIX + index;
		}
		return PREFIX + responseId.substring(Math.max(0, responseId.length() - LONGEST_RESPONSE_ID)) + "-" + index;
	}

	static boolean isMadeUp(String id) {
		return id.startsWith(PREFIX);
	}

	/**
	 * Look ahead for the id of the response, which stands after the calls of its chunk.
	 * @param frame the chunk
	 * @return the id, or {@code null} if there is none
	 */
	static @Nullable String findResponseId(Frame frame) {
		byte[] bytes = frame.bytes();
		int end = frame.offset() + frame.length();
		for (int i = end - RESPONSE_ID.length; i >= frame.offset(); i--) {
			if (matches(bytes, i)) {
				int value = i + RESPONSE_ID.length;
				while (value < end && " \t\r\n:".indexOf(bytes[value]) >= 0) {
					value++;
				}
				if (value < end && bytes[value] == '"') {
					JsonReader json = new JsonReader();
					json.reset(bytes, value, end - value);
					return json.string();
				}
			}
		}
		return null;
	}

	private static boolean matches(byte[] bytes, int at) {
		for (int i = 0; i < RESPONSE_ID.length; i++) {
			if (bytes[at + i] != RESPONSE_ID[i]) {
				return false;
			}
		}
		return true;
	}

}
