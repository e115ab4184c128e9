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

package io.llmstream.provider.openai;

/**
 * Follows a JSON object or array that comes in pieces, to know when it is complete. Costs
 * the same for each character, however long the value is.
 */
final class JsonBalance {

	private int depth;

	private boolean begun;

	private boolean inString;

	private boolean escaped;

	/**
	 * Follow a piece.
	 * @param text the piece
	 */
	void append(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (this.escaped) {
				this.escaped = false;
			}
			else if (this.inString) {
				this.escaped = c == '\\';
				this.inString = c != '"';
			}
			else {
				switch (c) {
					case '"' -> this.inString = true;
					case '{', '[' -> {
						this.begun = true;
						this.depth++;
					}
					case '}', ']' -> this.depth--;
					default -> {
						// cannot change the balance
					}
				}
			}
		}
	}

	boolean isComplete() {
		return this.begun && this.depth <= 0 && !this.inString;
	}

	void clear() {
		this.depth = 0;
		this.begun = false;
		this.inString = false;
		this.escaped = false;
	}

}
