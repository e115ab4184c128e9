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

package io.llmstream.test.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts text into pieces such as a tokenizer would: words with the space before them, long
 * words in parts, line breaks with what follows. No piece ends within a character.
 */
final class Pieces {

	private static final Pattern PIECE = Pattern.compile(" ?\\R+|\\s?(?:\\X(?<!\\s)){1,6}|\\s");

	private Pieces() {
	}

	static String[] of(String text) {
		List<String> pieces = new ArrayList<>();
		Matcher matcher = PIECE.matcher(text);
		int end = 0;
		while (matcher.find()) {
			// Whatever the pattern passes over must not be lost.
			if (matcher.start() > end) {
				pieces.add(text.substring(end, matcher.start()));
			}
			pieces.add(matcher.group());
			end = matcher.end();
		}
		if (end < text.length()) {
			pieces.add(text.substring(end));
		}
		return pieces.toArray(String[]::new);
	}

}
