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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;

/**
 * What a document was at some moment. Immutable, safe for use by several threads, and
 * made without copying anything: it refers to what the document consists of.
 *
 * @param top the innermost container that was open, or the root of a complete document;
 * {@code null} where the document has not begun
 * @param complete whether the document was complete
 * @param text the string that was being written, or {@code null} if there was none; only
 * the first {@code length} characters belong to the snapshot
 * @param length how much of the string was there
 */
record JsonSnapshot(@Nullable JsonFrame top, boolean complete, char @Nullable [] text, int length) {

	static final JsonSnapshot EMPTY = new JsonSnapshot(null, false, null, 0);

	/**
	 * The containers that were open, from the root inwards; the root alone of a complete
	 * document.
	 */
	List<JsonFrame> path() {
		List<JsonFrame> path = new ArrayList<>();
		for (JsonFrame frame = this.top; frame != null; frame = frame.parent()) {
			path.add(frame);
		}
		Collections.reverse(path);
		return path;
	}

	/**
	 * The root of a complete document.
	 */
	JsonContainer root() {
		JsonFrame frame = this.top;
		if (!this.complete || frame == null) {
			throw new IllegalStateException("The document is not complete");
		}
		return frame.container();
	}

	/**
	 * The outermost container, or {@code null} if the document has not begun.
	 */
	@Nullable JsonFrame outermost() {
		JsonFrame frame = this.top;
		while (frame != null && frame.parent() != null) {
			frame = frame.parent();
		}
		return frame;
	}

	/**
	 * The string that was being written.
	 */
	String openText() {
		return (this.text != null) ? Surrogates.mend(new String(this.text, 0, this.length)) : "";
	}

	/**
	 * Whether a value was there in full.
	 * @param steps the way to it: names of members, and indices of elements
	 */
	boolean isComplete(List<?> steps) {
		List<JsonFrame> path = path();
		if (path.isEmpty()) {
			return false;
		}
		int open = (this.complete) ? -1 : 0;
		JsonFrame frame = path.get(0);
		for (int i = 0; i < steps.size(); i++) {
			int index = frame.index(steps.get(i));
			if (index < 0) {
				return false;
			}
			if (open >= 0 && open + 1 < path.size() && index == frame.size() - 1) {
				open++;
				frame = path.get(open);
			}
			else if (frame.value(index) instanceof JsonContainer container) {
				open = -1;
				frame = JsonFrame.of(null, container);
			}
			else {
				return i == steps.size() - 1;
			}
		}
		return open < 0;
	}

	/**
	 * Write this as JSON.
	 * @param generator what to write to
	 * @param member the member of the root that is written alone, or {@code null} for the
	 * whole
	 */
	void write(JsonGenerator generator, @Nullable String member) {
		SnapshotParser parser = new SnapshotParser(this, null);
		if (!parser.begin(member)) {
			generator.writeNull();
			return;
		}
		int depth = 0;
		do {
			JsonToken token = parser.currentToken();
			switch (token) {
				case START_OBJECT -> generator.writeStartObject();
				case START_ARRAY -> generator.writeStartArray();
				case END_OBJECT -> generator.writeEndObject();
				case END_ARRAY -> generator.writeEndArray();
				case PROPERTY_NAME -> generator.writeName(parser.currentName());
				case VALUE_STRING -> generator.writeString(parser.getString());
				case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> generator.writeNumber(parser.getString());
				case VALUE_TRUE, VALUE_FALSE -> generator.writeBoolean(token == JsonToken.VALUE_TRUE);
				default -> generator.writeNull();
			}
			depth += (token.isStructStart()) ? 1 : (token.isStructEnd()) ? -1 : 0;
		}
		while (depth > 0 && parser.nextToken() != null);
	}

}
