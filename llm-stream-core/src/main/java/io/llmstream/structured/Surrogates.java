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

/**
 * Halves of surrogate pairs, which a model may write as escapes without their other half.
 * They are no characters, and nothing that encodes text takes them.
 */
final class Surrogates {

	private static final char REPLACEMENT = '\uFFFD';

	private Surrogates() {
	}

	/**
	 * A text with a replacement character for each half that stands alone.
	 */
	static String mend(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isSurrogate(text.charAt(i))) {
				return mend(text, i);
			}
		}
		return text;
	}

	private static String mend(String text, int from) {
		StringBuilder mended = new StringBuilder(text.length()).append(text, 0, from);
		for (int i = from; i < text.length(); i++) {
			char c = text.charAt(i);
			if (!Character.isSurrogate(c)) {
				mended.append(c);
			}
			else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
				mended.append(c).append(text.charAt(++i));
			}
			else {
				mended.append(REPLACEMENT);
			}
		}
		return mended.toString();
	}

}
