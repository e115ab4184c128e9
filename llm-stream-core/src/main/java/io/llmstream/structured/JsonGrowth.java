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

package io.llmstream.structured;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Writes what a document got since an earlier snapshot of it. What is open is left open,
 * so that the pieces, one after the other, are the JSON of the document. Costs what is
 * new and how deep it is nested, not what was there before.
 * <p>
 * A document that is the only member of an object is written without that object.
 */
final class JsonGrowth {

	private static final char[] HEX = "0123456789abcdef".toCharArray();

	private final StringBuilder json = new StringBuilder();

	private final View now;

	private JsonGrowth(View now) {
		this.now = now;
	}

	/**
	 * What was added.
	 * @param earlier the earlier snapshot
	 * @param later the later snapshot
	 * @param member the member of the root that is written alone, or {@code null} for the
	 * whole
	 * @return the JSON, or {@code null} if the later snapshot is of another document,
	 * because the first was begun anew
	 */
	static @Nullable String between(JsonSnapshot earlier, JsonSnapshot later, @Nullable String member) {
		JsonFrame before = earlier.outermost();
		JsonFrame now = later.outermost();
		if (before != null && (now == null || now.container() != before.container())) {
			return null;
		}
		View view = View.of(later, member);
		if (view == null) {
			return "";
		}
		JsonGrowth growth = new JsonGrowth(view);
		View known = View.of(earlier, member);
		if (known == null) {
			growth.begin();
		}
		else {
			growth.goOn(known);
		}
		return growth.json.toString();
	}

	private void begin() {
		if (this.now.path.isEmpty()) {
			scalar(null);
		}
		else if (this.now.closed) {
			value(this.now.path.get(0).container());
		}
		else {
			open(0);
		}
	}

	private void goOn(View known) {
		if (known.path.isEmpty()) {
			if (known.text != null) {
				scalar(known);
			}
			return;
		}
		for (int level = known.path.size() - 1; level >= 0 && !known.closed; level--) {
			JsonFrame then = known.path.get(level);
			boolean innermost = level == known.path.size() - 1;
			boolean open = this.now.isOpen(level, then.container());
			JsonFrame frame = (open) ? this.now.path.get(level) : JsonFrame.of(null, then.container());
			int from = then.size();
			boolean inText = innermost && known.text != null;
			if (inText && from == frame.size()) {
				text(known.length);
				return;
			}
			if (inText) {
				endOfText((String) frame.value(from), known.length);
				from++;
			}
			entries(frame, from, (open) ? level : -1);
			if (open) {
				return;
			}
			this.json.append((frame.isObject()) ? '}' : ']');
		}
	}

	/**
	 * A document that is no object and no array.
	 */
	private void scalar(@Nullable View known) {
		if (known == null && this.now.text == null) {
			value(this.now.scalar());
		}
		else if (this.now.text != null) {
			this.json.append((known == null) ? "\"" : "");
			text((known == null) ? 0 : known.length);
		}
		else {
			endOfText((String) this.now.scalar(), (known == null) ? 0 : known.length);
		}
	}

	private void open(int level) {
		JsonFrame frame = this.now.path.get(level);
		this.json.append((frame.isObject()) ? '{' : '[');
		entries(frame, 0, level);
	}

	/**
	 * The entries of a container from one on.
	 * @param level which of the open containers it is, or -1 if it was closed
	 */
	private void entries(JsonFrame frame, int from, int level) {
		boolean innermost = level == this.now.path.size() - 1;
		for (int i = from; i < frame.size(); i++) {
			name(frame, i);
			if (level >= 0 && !innermost && i == frame.size() - 1) {
				open(level + 1);
			}
			else {
				value(frame.value(i));
			}
		}
		if (innermost && this.now.text != null) {
			name(frame, frame.size());
			this.json.append('"');
			text(0);
		}
	}

	private void name(JsonFrame frame, int index) {
		if (index > 0) {
			this.json.append(',');
		}
		if (frame.isObject()) {
			this.json.append('"');
			escape(frame.name(index));
			this.json.append("\":");
		}
	}

	private void value(Object value) {
		if (value instanceof JsonContainer container) {
			this.json.append((container.isObject()) ? '{' : '[');
			entries(JsonFrame.of(null, container), 0, -1);
			this.json.append((container.isObject()) ? '}' : ']');
		}
		else if (value instanceof String text) {
			this.json.append('"');
			endOfText(text, 0);
		}
		else if (value instanceof JsonNumber number) {
			this.json.append(number.text());
		}
		else {
			this.json.append((value == JsonContainer.NULL) ? "null" : value.toString());
		}
	}

	private void text(int from) {
		char[] text = this.now.text;
		if (text != null) {
			escape(Surrogates.mend(new String(text, from, this.now.length - from)));
		}
	}

	private void endOfText(String text, int from) {
		escape(text.substring(from));
		this.json.append('"');
	}

	private void escape(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			switch (c) {
				case '"', '\\' -> this.json.append('\\').append(c);
				case '\n' -> this.json.append("\\n");
				case '\r' -> this.json.append("\\r");
				case '\t' -> this.json.append("\\t");
				default -> {
					if (c < ' ') {
						this.json.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
					}
					else {
						this.json.append(c);
					}
				}
			}
		}
	}

	/**
	 * What is written of a snapshot.
	 *
	 * @param path the containers that were open, from the outermost inwards, or the one
	 * that was closed; none if it is no container
	 * @param closed whether the outermost one was closed
	 * @param text the string that was being written, or {@code null}
	 * @param length how much of the string was there
	 * @param value what is written, where it is no container and was complete
	 */
	private record View(List<JsonFrame> path, boolean closed, char @Nullable [] text, int length,
			@Nullable Object value) {

		static @Nullable View of(JsonSnapshot snapshot, @Nullable String member) {
			List<JsonFrame> path = snapshot.path();
			if (path.isEmpty()) {
				return null;
			}
			JsonFrame root = path.get(0);
			if (member == null || !root.isObject()) {
				return new View(path, snapshot.complete(), snapshot.text(), snapshot.length(), null);
			}
			int index = root.index(member);
			boolean alone = path.size() == 1;
			if (index < 0) {
				return (alone && snapshot.text() != null && member.equals(root.name(root.size())))
						? new View(List.of(), false, snapshot.text(), snapshot.length(), null) : null;
			}
			if (!alone && index == root.size() - 1) {
				return new View(path.subList(1, path.size()), false, snapshot.text(), snapshot.length(), null);
			}
			return (root.value(index) instanceof JsonContainer container)
					? new View(List.of(JsonFrame.of(null, container)), true, null, 0, null)
					: new View(List.of(), true, null, 0, root.value(index));
		}

		boolean isOpen(int level, JsonContainer container) {
			return !this.closed && level < this.path.size() && this.path.get(level).container() == container;
		}

		Object scalar() {
			if (this.value == null) {
				throw new IllegalStateException("There is no value");
			}
			return this.value;
		}

	}

}
