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
 * The join after a prefill. The text was sent without its trailing white space, with
 * which some servers reject it, so the model mostly writes that white space again: what
 * of it comes at the very beginning is left out. Nothing else is, for a model that goes
 * on with its own text repeats only what it means to repeat. Holds nothing back.
 */
final class WhitespaceJoin implements TextJoin {

	private final String whitespace;

	private int position;

	WhitespaceJoin(String partialText) {
		this.whitespace = partialText.substring(partialText.stripTrailing().length());
	}

	@Override
	public String next(String piece) {
		int start = 0;
		while (start < piece.length() && this.position < this.whitespace.length()) {
			if (piece.charAt(start) != this.whitespace.charAt(this.position)) {
				this.position = this.whitespace.length();
				break;
			}
			start++;
			this.position++;
		}
		return piece.substring(start);
	}

	@Override
	public String end() {
		return "";
	}

}
