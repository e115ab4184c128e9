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

package io.llmstream.test.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation, as any of the wires carries it.
 *
 * @param turns what the user said, in order
 * @param tool the name of the first tool, empty if there is none
 * @param parameters the schema of its arguments
 * @param toolResult what a tool answered after the user's last message, or {@code null}
 * @param length how long the request's texts are, in characters
 */
record Conversation(List<String> turns, String tool, JsonNode parameters, @Nullable String toolResult, int length) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	static Conversation of(JsonNode request) {
		Reader reader = new Reader();
		for (String member : List.of("messages", "input", "contents")) {
			JsonNode messages = request.path(member);
			if (messages.isString()) {
				reader.turn(messages.asString());
			}
			messages.forEach(reader::message);
		}
		JsonNode tool = request.path("tools").path(0);
		if (tool.has("function")) {
			tool = tool.path("function");
		}
		if (tool.has("functionDeclarations")) {
			tool = tool.path("functionDeclarations").path(0);
		}
		JsonNode schema = tool.path("parameters");
		for (String member : List.of("input_schema", "parametersJsonSchema")) {
			schema = (tool.has(member)) ? tool.path(member) : schema;
		}
		return new Conversation(reader.turns, tool.path("name").asString(""), schema, reader.toolResult, reader.length);
	}

	String last() {
		return (this.turns.isEmpty()) ? "" : this.turns.get(this.turns.size() - 1);
	}

	boolean asksFor(String word) {
		return List.of(last().toLowerCase(Locale.ROOT).split("[^\\p{L}]+")).contains(word);
	}

	boolean wantsTool() {
		return !this.tool.isEmpty() && this.toolResult == null && (asksFor("tool") || asksFor("weather"));
	}

	/**
	 * How many tokens the request has, at four characters each.
	 * @return the number, at least 1
	 */
	int tokens() {
		return 1 + this.length / 4;
	}

	/**
	 * Arguments that fit the tool's schema; texts are taken from the user's words.
	 * @return a JSON object
	 */
	String toolArguments() {
		ObjectNode arguments = JSON.createObjectNode();
		this.parameters.path("properties").forEachEntry((name, schema) -> {
			switch (schema.path("type").asString("string").toLowerCase(Locale.ROOT)) {
				case "string" -> arguments.put(name, schema.path("enum").path(0).asString(properName()));
				case "integer", "number" -> arguments.put(name, this.turns.size());
				case "boolean" -> arguments.put(name, true);
				case "array" -> arguments.putArray(name);
				default -> arguments.putObject(name);
			}
		});
		return arguments.toString();
	}

	private String properName() {
		String found = "Paris";
		for (String word : last().split("[^\\p{L}]+")) {
			// The first word of a sentence is mostly no name: take the last one.
			if (!word.isEmpty() && Character.isUpperCase(word.charAt(0))) {
				found = word;
			}
		}
		return found;
	}

	/**
	 * Collects messages, whatever wire they are of.
	 */
	private static final class Reader {

		private final List<String> turns = new ArrayList<>();

		private @Nullable String toolResult;

		private int length;

		void turn(String text) {
			this.turns.add(text);
			this.length += text.length();
			this.toolResult = null;
		}

		void message(JsonNode message) {
			String type = message.path("type").asString("");
			if (type.equals("function_call_output")) {
				result(message.path("output"));
				return;
			}
			JsonNode content = (message.has("parts")) ? message.path("parts") : message.path("content");
			switch (message.path("role").asString("")) {
				case "tool" -> result(content);
				case "user" -> user(content);
				default -> this.length += text(content).length();
			}
		}

		private void user(JsonNode content) {
			String text = text(content);
			if (!text.isEmpty()) {
				turn(text);
			}
			for (JsonNode part : content) {
				if (part.path("type").asString("").equals("tool_result")) {
					result(part.path("content"));
				}
				if (part.has("functionResponse")) {
					result(part.path("functionResponse").path("response"));
				}
			}
		}

		private void result(JsonNode content) {
			String text = (content.isString()) ? content.asString() : text(content);
			this.toolResult = (text.isEmpty()) ? content.toString() : text;
			this.length += this.toolResult.length();
		}

		private static String text(JsonNode content) {
			if (content.isString()) {
				return content.asString();
			}
			StringBuilder text = new StringBuilder();
			if (content.isArray()) {
				content.forEach((part) -> text.append(part.path("text").asString("")));
			}
			return text.toString();
		}

	}

}
