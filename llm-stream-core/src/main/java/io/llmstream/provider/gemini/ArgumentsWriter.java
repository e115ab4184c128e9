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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the JSON of a call's arguments from pieces that come in the order of the
 * document, so that it can be passed on while it grows. Says so where a piece belongs to
 * a place that is already written; cost is linear in what is written.
 */
final class ArgumentsWriter {

	private final StringBuilder json = new StringBuilder();

	private final List<Container> open = new ArrayList<>();

	private boolean stringOpen;

	private int taken;

	/**
	 * Begin a value.
	 * @param steps where it belongs
	 * @return whether the document can go on there
	 */
	boolean moveTo(List<Object> steps) {
		if (this.open.isEmpty()) {
			openContainer(steps.get(0));
		}
		int shared = 0;
		while (shared < this.open.size() - 1 && shared < steps.size() - 1
				&& steps.get(shared).equals(this.open.get(shared).current)) {
			shared++;
		}
		if (!this.open.get(shared).accepts(steps.get(shared))) {
			return false;
		}
		for (int i = shared + 1; i < steps.size(); i++) {
			if (steps.get(i) instanceof Integer index && index != 0) {
				return false;
			}
		}
		closeString();
		closeTo(shared + 1);
		begin(steps.get(shared));
		for (int i = shared + 1; i < steps.size(); i++) {
			openContainer(steps.get(i));
			begin(steps.get(i));
		}
		return true;
	}

	private void openContainer(Object firstStep) {
		boolean array = firstStep instanceof Integer;
		this.json.append((array) ? '[' : '{');
		this.open.add(new Container(array));
	}

	private void begin(Object step) {
		Container container = this.open.get(this.open.size() - 1);
		if (container.size > 0) {
			this.json.append(',');
		}
		if (step instanceof String name) {
			this.json.append(JsonText.quote(name)).append(':');
		}
		container.begin(step);
	}

	void openString() {
		this.json.append('"');
		this.stringOpen = true;
	}

	void appendString(String text) {
		JsonText.escape(text, this.json);
	}

	void closeString() {
		if (this.stringOpen) {
			this.json.append('"');
			this.stringOpen = false;
		}
	}

	void value(String value) {
		this.json.append(value);
	}

	void close() {
		closeString();
		if (this.open.isEmpty() && this.json.isEmpty()) {
			this.json.append("{}");
		}
		closeTo(0);
	}

	private void closeTo(int depth) {
		while (this.open.size() > depth) {
			this.json.append((this.open.remove(this.open.size() - 1).array) ? ']' : '}');
		}
	}

	/**
	 * What was written since this was last called.
	 * @return a fragment of JSON, may be empty
	 */
	String takeFragment() {
		String fragment = this.json.substring(this.taken);
		this.taken = this.json.length();
		return fragment;
	}

	@Override
	public String toString() {
		return this.json.toString();
	}

	private static final class Container {

		private final boolean array;

		private final Set<String> names = new HashSet<>();

		private Object current = "";

		private int size;

		Container(boolean array) {
			this.array = array;
		}

		boolean accepts(Object step) {
			return (step instanceof Integer index) ? this.array && index == this.size
					: !this.array && !this.names.contains(step);
		}

		void begin(Object step) {
			this.current = step;
			this.size++;
			if (step instanceof String name) {
				this.names.add(name);
			}
		}

	}

}
