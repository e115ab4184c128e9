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

package io.llmstream.provider.gemini;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the paths that say where a piece of a call's arguments belongs, such as
 * {@code $.items[0].name} or {@code $['a name'][0]}.
 */
final class JsonPath {

	private final String path;

	private int position;

	private final List<Object> steps = new ArrayList<>();

	private JsonPath(String path) {
		this.path = path;
	}

	/**
	 * Split a path into its steps.
	 * @param path the path
	 * @return a {@link String} for each member, an {@link Integer} for each element; a
	 * path that cannot be read becomes the name of one member, so that nothing is lost
	 */
	static List<Object> steps(String path) {
		JsonPath parser = new JsonPath(path);
		return (parser.parse()) ? parser.steps : List.of(path);
	}

	private boolean parse() {
		if (!this.path.startsWith("$")) {
			return false;
		}
		this.position = 1;
		while (this.position < this.path.length()) {
			char c = this.path.charAt(this.position++);
			if (!((c == '.') ? member() : c == '[' && bracket())) {
				return false;
			}
		}
		return !this.steps.isEmpty() && this.steps.get(0) instanceof String;
	}

	private boolean member() {
		int start = this.position;
		while (this.position < this.path.length() && ".[".indexOf(this.path.charAt(this.position)) < 0) {
			this.position++;
		}
		this.steps.add(this.path.substring(start, this.position));
		return this.position > start;
	}

	private boolean bracket() {
		if (this.position >= this.path.length()) {
			return false;
		}
		char quote = this.path.charAt(this.position);
		return (quote == '\'' || quote == '"') ? quotedMember(quote) : element();
	}

	private boolean quotedMember(char quote) {
		StringBuilder name = new StringBuilder();
		this.position++;
		while (this.position < this.path.length() && this.path.charAt(this.position) != quote) {
			if (this.path.charAt(this.position) == '\\' && this.position + 1 < this.path.length()) {
				this.position++;
			}
			name.append(this.path.charAt(this.position++));
		}
		this.steps.add(name.toString());
		this.position++;
		return close();
	}

	private boolean element() {
		int start = this.position;
		while (this.position < this.path.length() && Character.isDigit(this.path.charAt(this.position))) {
			this.position++;
		}
		if (this.position == start || this.position - start > 9) {
			return false;
		}
		this.steps.add(Integer.valueOf(this.path.substring(start, this.position)));
		return close();
	}

	private boolean close() {
		return this.position < this.path.length() && this.path.charAt(this.position++) == ']';
	}

}
