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

package io.llmstream.wire;

/**
 * Finds where a JSON value ends that begins with a bracket or a quotation mark. Counts
 * brackets outside of strings; whether the value is valid is not its business.
 */
final class Brackets {

	private int depth;

	private boolean inString;

	private boolean escaped;

	void reset() {
		this.depth = 0;
		this.inString = false;
		this.escaped = false;
	}

	/**
	 * Look at the next bytes of the value.
	 * @return the index behind the value, or -1 if it goes on
	 */
	int scan(byte[] bytes, int from, int to) {
		int i = from;
		while (i < to) {
			if (this.inString) {
				i = scanString(bytes, i, to);
				if (!this.inString && this.depth == 0) {
					return i;
				}
				continue;
			}
			byte b = bytes[i++];
			if (b == '"') {
				this.inString = true;
			}
			else if (b == '{' || b == '[') {
				this.depth++;
			}
			else if ((b == '}' || b == ']') && --this.depth <= 0) {
				return i;
			}
		}
		return -1;
	}

	private int scanString(byte[] bytes, int from, int to) {
		boolean escape = this.escaped;
		for (int i = from; i < to; i++) {
			byte b = bytes[i];
			if (escape) {
				escape = false;
			}
			else if (b == '\\') {
				escape = true;
			}
			else if (b == '"') {
				this.inString = false;
				this.escaped = false;
				return i + 1;
			}
		}
		this.escaped = escape;
		return to;
	}

}
