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
 * The join after a continuation prompt. Models often begin by repeating the end of their
 * text: where a continuation begins with at least {@code min} characters with which the
 * text ends, the longest such repetition is left out. Text is held back only as long as
 * it may be one, and never more than {@code max} characters.
 */
final class OverlapJoin implements TextJoin {

	private final int min;

	/**
	 * The end of the text, as far as it is compared.
	 */
	private final String tail;

	private final StringBuilder held = new StringBuilder();

	/**
	 * Where in the tail the repetitions begin that are still possible.
	 */
	private final int[] starts;

	private int possible;

	/**
	 * The longest repetition that is complete.
	 */
	private int repeated;

	private boolean over;

	OverlapJoin(String partialText, int min, int max) {
		this.min = min;
		this.tail = partialText.substring(Math.max(0, partialText.length() - max));
		this.possible = Math.max(0, this.tail.length() - min + 1);
		this.starts = new int[this.possible];
		for (int i = 0; i < this.possible; i++) {
			this.starts[i] = i;
		}
		this.over = this.possible == 0;
	}

	@Override
	public String next(String piece) {
		if (this.over) {
			return piece;
		}
		for (int i = 0; i < piece.length(); i++) {
			compare(piece.charAt(i));
			if (this.possible == 0) {
				return end() + piece.substring(i + 1);
			}
		}
		return "";
	}

	private void compare(char next) {
		int offset = this.held.length();
		this.held.append(next);
		int still = 0;
		for (int i = 0; i < this.possible; i++) {
			int start = this.starts[i];
			if (this.tail.charAt(start + offset) != next) {
				continue;
			}
			int length = this.tail.length() - start;
			if (length == offset + 1) {
				this.repeated = length;
			}
			else {
				this.starts[still++] = start;
			}
		}
		this.possible = still;
	}

	@Override
	public String end() {
		if (this.over) {
			return "";
		}
		this.over = true;
		return this.held.substring((this.repeated >= this.min) ? this.repeated : 0);
	}

}
