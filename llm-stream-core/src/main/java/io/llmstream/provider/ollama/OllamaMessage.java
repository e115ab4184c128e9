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

package io.llmstream.provider.ollama;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;

/**
 * The message of one line. Read as a whole, so that thinking comes before content
 * whatever the order of the members. Reused from line to line.
 */
final class OllamaMessage {

	String thinking = "";

	String content = "";

	List<Call> calls = List.of();

	Map<String, String> others = Map.of();

	void read(JsonReader json) {
		this.thinking = "";
		this.content = "";
		this.calls = List.of();
		this.others = Map.of();
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "content" -> this.content = json.text("");
				case "thinking" -> this.thinking = json.text("");
				case "tool_calls" -> readCalls(json);
				case "role" -> json.skip();
				default -> {
					this.others = (this.others.isEmpty()) ? new LinkedHashMap<>() : this.others;
					this.others.put(name, json.raw());
				}
			}
		}
	}

	/**
	 * Whether this is one piece of text or of thinking, and nothing else.
	 */
	boolean isOnePiece() {
		return this.content.isEmpty() != this.thinking.isEmpty() && this.calls.isEmpty() && this.others.isEmpty();
	}

	private void readCalls(JsonReader json) {
		if (json.enterArray()) {
			this.calls = (this.calls.isEmpty()) ? new ArrayList<>() : this.calls;
			while (json.nextElement()) {
				this.calls.add(Call.read(json));
			}
		}
	}

	/**
	 * A tool call; it always comes whole.
	 *
	 * @param id its id, empty if there is none
	 * @param name the tool's name
	 * @param arguments the arguments as JSON
	 */
	record Call(String id, String name, String arguments) {

		private static final String NO_ARGUMENTS = "{}";

		static Call read(JsonReader json) {
			String id = "";
			Call function = new Call("", "", NO_ARGUMENTS);
			if (json.enterObject()) {
				for (String name = json.nextName(); name != null; name = json.nextName()) {
					switch (name) {
						case "id" -> id = json.string("");
						case "function" -> function = readFunction(json);
						default -> json.skip();
					}
				}
			}
			return new Call(id, function.name, function.arguments);
		}

		private static Call readFunction(JsonReader json) {
			String tool = "";
			String arguments = NO_ARGUMENTS;
			if (json.enterObject()) {
				for (String name = json.nextName(); name != null; name = json.nextName()) {
					switch (name) {
						case "name" -> tool = json.string("");
						case "arguments" -> arguments = readArguments(json);
						default -> json.skip();
					}
				}
			}
			return new Call("", tool, arguments);
		}

		private static String readArguments(JsonReader json) {
			JsonKind kind = json.peek();
			String arguments = (kind == JsonKind.OBJECT) ? json.raw() : json.string("");
			return (arguments.isBlank()) ? NO_ARGUMENTS : arguments;
		}

	}

}
