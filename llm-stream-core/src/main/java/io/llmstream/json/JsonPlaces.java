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

package io.llmstream.json;

/**
 * Where in a document the text of a token stands, unless it is empty, and where values
 * that nobody read. For strings, this is what stands between the quotes.
 */
final class JsonPlaces {

	/** What is passed over behind them is taken for something that does not change. */
	private static final int MOST = 12;

	private static final int[] NONE = {};

	private int[] starts = NONE;

	private int[] ends = NONE;

	private int count;

	private int texts;

	private int textIndex;

	void clear() {
		this.count = 0;
		this.texts = 0;
	}

	/**
	 * A piece of what the model writes was read. Of several the first has a place.
	 */
	void text(int start, int end) {
		if (this.texts++ == 0) {
			this.textIndex = this.count;
			add(start, end);
		}
	}

	/**
	 * Something was passed over.
	 */
	void skipped(int start, int end) {
		int skipped = this.count - Math.min(this.texts, 1);
		if (skipped < MOST) {
			add(start, end);
		}
	}

	private void add(int start, int end) {
		if (this.starts.length == 0) {
			// many readers have nothing to remember
			this.starts = new int[MOST + 1];
			this.ends = new int[MOST + 1];
		}
		this.starts[this.count] = start;
		this.ends[this.count] = end;
		this.count++;
	}

	boolean hasOneText() {
		return this.texts == 1;
	}

	/**
	 * Which of the places is that of the text.
	 */
	int textIndex() {
		return this.textIndex;
	}

	/**
	 * How many places there are, in the order of the document.
	 */
	int count() {
		return this.count;
	}

	int start(int index) {
		return this.starts[index];
	}

	int end(int index) {
		return this.ends[index];
	}

}
