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

package io.llmstream.usage;

/**
 * How many tokens a text has, by its length.
 */
final class LengthEstimate {

	private static final int FIRST_OF_OTHER_SCRIPTS = 0x250;

	/** What a token weighs. */
	private static final int WEIGHT = 12;

	private LengthEstimate() {
	}

	static long count(CharSequence text) {
		return tokens(weight(text));
	}

	/**
	 * What a text weighs; weights of pieces of a text can be added up.
	 */
	static long weight(CharSequence text) {
		long latin = 0;
		long other = 0;
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) < FIRST_OF_OTHER_SCRIPTS) {
				latin++;
			}
			else {
				other++;
			}
		}
		return latin * 3 + other * 8;
	}

	/**
	 * How many tokens weigh this much.
	 */
	static long tokens(long weight) {
		return (weight + WEIGHT - 1) / WEIGHT;
	}

	/**
	 * The most that so many tokens can weigh.
	 */
	static long weight(long tokens) {
		return tokens * WEIGHT;
	}

}
