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

package io.llmstream.route;

/**
 * How an answer that broke off is continued where the model cannot be given its
 * beginning.
 *
 * @param prompt the words with which to ask for the rest
 * @param minOverlap how many characters of the end of the text a continuation must repeat
 * for the repetition to be dropped, 1 or more
 * @param maxOverlap the longest repetition to look for, and the most text that is held
 * back meanwhile, in characters; {@code minOverlap} or more
 */
public record ContinuationSettings(ContinuationPrompt prompt, int minOverlap, int maxOverlap) {

	/**
	 * Create settings.
	 * @throws IllegalArgumentException if a value is out of its range; the message names
	 * it
	 */
	public ContinuationSettings {
		if (minOverlap < 1) {
			throw new IllegalArgumentException("minOverlap must be 1 or more, but is " + minOverlap);
		}
		if (maxOverlap < minOverlap) {
			throw new IllegalArgumentException("maxOverlap must not be less than minOverlap, but is " + maxOverlap);
		}
	}

	/**
	 * The default prompt; repetitions of 12 to 240 characters are dropped.
	 * @return the settings
	 */
	public static ContinuationSettings defaults() {
		return new ContinuationSettings(ContinuationPrompt.of(ContinuationPrompt.DEFAULT_TEXT), 12, 240);
	}

}
