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

/**
 * Writes strings as JSON, also in pieces.
 */
final class JsonText {

	private static final String HEX = "0123456789abcdef";

	private JsonText() {
	}

	static String quote(String text) {
		StringBuilder json = new StringBuilder(text.length() + 2);
		json.append('"');
		escape(text, json);
		return json.append('"').toString();
	}

	static void escape(String text, StringBuilder json) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			switch (c) {
				case '"', '\\' -> json.append('\\').append(c);
				case '\n' -> json.append("\\n");
				case '\r' -> json.append("\\r");
				case '\t' -> json.append("\\t");
				default -> {
					if (c < ' ') {
						json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
					}
					else {
						json.append(c);
					}
				}
			}
		}
	}

}
