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
	static final int MOST = 12;

	private static final int[] NONE = {};

	private int[] starts = NONE;

	private int[] ends = NONE;

	private int count;

	private int texts;

	private int textStart;

	private int textEnd;

	void clear() {
		this.count = 0;
		this.texts = 0;
	}

	void text(int start, int end) {
		this.texts++;
		this.textStart = start;
		this.textEnd = end;
	}

	void skipped(int start, int end) {
		if (this.starts.length == 0) {
			// many readers pass over nothing
			this.starts = new int[MOST];
			this.ends = new int[MOST];
		}
		if (this.count < MOST) {
			this.starts[this.count] = start;
			this.ends[this.count] = end;
			this.count++;
		}
	}

	boolean hasOneText() {
		return this.texts == 1;
	}

	int textStart() {
		return this.textStart;
	}

	int textEnd() {
		return this.textEnd;
	}

	/**
	 * How many values were passed over; they are in the order of the document.
	 */
	int count() {
		return this.count;
	}

	/**
	 * How many values were passed over before the text.
	 */
	int countBeforeText() {
		int before = 0;
		while (before < this.count && this.starts[before] < this.textStart) {
			before++;
		}
		return before;
	}

	int start(int index) {
		return this.starts[index];
	}

	int end(int index) {
		return this.ends[index];
	}

}
