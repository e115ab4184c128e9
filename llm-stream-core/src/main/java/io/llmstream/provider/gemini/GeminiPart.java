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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * One part of a candidate's content. Read as a whole before it is judged: whether its
 * text is a thought may be said after the text. Reused from part to part.
 */
final class GeminiPart {

	@Nullable String text;

	boolean thought;

	@Nullable String signature;

	@Nullable Call call;

	/** Members that are none of the above, as they came. */
	Map<String, String> others = Map.of();

	void read(JsonReader json) {
		this.text = null;
		this.thought = false;
		this.signature = null;
		this.call = null;
		this.others = Map.of();
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "text" -> this.text = json.string();
				case "thought" -> this.thought = json.booleanValue();
				case "thoughtSignature" -> this.signature = json.string();
				case "functionCall" -> this.call = Call.read(json);
				default -> {
					this.others = (this.others.isEmpty()) ? new LinkedHashMap<>() : this.others;
					this.others.put(name, json.raw());
				}
			}
		}
		if (this.signature != null && this.signature.isEmpty()) {
			this.signature = null;
		}
	}

	/**
	 * A tool call, or a piece of one.
	 */
	static final class Call {

		String id = "";

		String name = "";

		@Nullable String args;

		boolean willContinue;

		final List<Piece> pieces = new ArrayList<>();

		static Call read(JsonReader json) {
			Call call = new Call();
			if (json.enterObject()) {
				for (String name = json.nextName(); name != null; name = json.nextName()) {
					switch (name) {
						case "id" -> call.id = json.string("");
						case "name" -> call.name = json.string("");
						case "args" -> call.readArgs(json);
						case "partialArgs" -> call.readPieces(json);
						case "willContinue" -> call.willContinue = json.booleanValue();
						default -> json.skip();
					}
				}
			}
			return call;
		}

		private void readArgs(JsonReader json) {
			if (json.peek() == JsonKind.OBJECT) {
				String raw = json.raw();
				this.args = (raw.substring(1, raw.length() - 1).isBlank()) ? null : raw;
			}
		}

		private void readPieces(JsonReader json) {
			if (json.enterArray()) {
				while (json.nextElement()) {
					this.pieces.add(Piece.read(json));
				}
			}
		}

	}

	/**
	 * A piece of a call's arguments.
	 *
	 * @param path where it belongs
	 * @param text a piece of a string, or {@code null} if it is not a string
	 * @param json a whole value, or {@code null} if it is a piece of a string
	 * @param willContinue whether more pieces of the string come
	 */
	record Piece(String path, @Nullable String text, @Nullable String json, boolean willContinue) {

		static Piece read(JsonReader json) {
			String path = "";
			String text = null;
			String value = null;
			boolean willContinue = false;
			if (json.enterObject()) {
				for (String name = json.nextName(); name != null; name = json.nextName()) {
					switch (name) {
						case "jsonPath" -> path = json.string("");
						case "willContinue" -> willContinue = json.booleanValue();
						case "stringValue" -> text = json.string("");
						case "nullValue" -> value = "null";
						default -> value = json.raw();
					}
				}
			}
			return new Piece(path, text, value, willContinue);
		}

	}

}
