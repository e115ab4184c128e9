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

package io.llmstream.provider.responses;

/**
 * How much of a text was emitted. Remembers its length and its hash, not the text, so
 * that a long answer is not kept a second time.
 */
final class ResponsesEmitted {

	private int length;

	private int hash;

	void add(String piece) {
		int hash = this.hash;
		for (int i = 0; i < piece.length(); i++) {
			hash = 31 * hash + piece.charAt(i);
		}
		this.hash = hash;
		this.length += piece.length();
	}

	/**
	 * What was not emitted yet of the whole text.
	 * @param whole the whole text
	 * @return the rest, which counts as emitted; empty if there is none, or if the whole
	 * text does not begin with what was emitted: then the pieces are the answer
	 */
	String rest(String whole) {
		if (whole.length() <= this.length || whole.substring(0, this.length).hashCode() != this.hash) {
			return "";
		}
		String rest = whole.substring(this.length);
		add(rest);
		return rest;
	}

}
