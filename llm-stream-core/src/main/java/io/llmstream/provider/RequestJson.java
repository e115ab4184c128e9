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

package io.llmstream.provider;

import java.util.Map;

import io.llmstream.Part;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes request bodies. Uses a mapper of its own: an application's mapper may rename or
 * leave out members.
 */
public final class RequestJson {

	// what a server sent may come back, and JsonReader is as lenient
	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
		.build();

	private static final JsonMapper strictMapper = JsonMapper.builder().build();

	private RequestJson() {
	}

	/**
	 * An empty body.
	 * @return a new object
	 */
	public static ObjectNode object() {
		return mapper.createObjectNode();
	}

	/**
	 * Parse JSON that the application gave, such as a schema.
	 * @param json the JSON
	 * @param what what it is, for the message
	 * @return the tree
	 * @throws IllegalArgumentException if it is not JSON
	 */
	public static JsonNode parse(String json, String what) {
		try {
			return mapper.readTree(json);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException(what + " is not valid JSON", ex);
		}
	}

	/**
	 * The arguments of a tool call, for wires that carry them as an object.
	 * @param call the call
	 * @return the object; arguments that are no object, or were cut off by the end of the
	 * answer, are its member {@code arguments}
	 */
	public static JsonNode arguments(Part.ToolCall call) {
		if (call.arguments().isBlank()) {
			return object();
		}
		try {
			JsonNode arguments = parse(call.arguments(), "the arguments");
			return (arguments.isObject()) ? arguments : object().set("arguments", arguments);
		}
		catch (IllegalArgumentException ex) {
			return object().put("arguments", call.arguments());
		}
	}

	/**
	 * The arguments of a tool call, for wires that carry them as text. Servers read that
	 * text, and reject a request in which it is no object.
	 * @param call the call
	 * @return what the model wrote, if that is an object, else the text of
	 * {@link #arguments(Part.ToolCall)}
	 */
	public static String argumentsText(Part.ToolCall call) {
		return isObject(call.arguments()) ? call.arguments() : arguments(call).toString();
	}

	private static boolean isObject(String json) {
		try {
			return strictMapper.readTree(json).isObject();
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	/**
	 * Merge extra members into a body, objects member by member, and write it.
	 * @param body the body
	 * @param extra the extra members
	 * @return the body as UTF-8
	 */
	public static byte[] write(ObjectNode body, Map<String, Object> extra) {
		extra.forEach((name, value) -> merge(body, name, mapper.valueToTree(value)));
		return mapper.writeValueAsBytes(body);
	}

	private static void merge(ObjectNode target, String name, JsonNode value) {
		if (value instanceof ObjectNode addition && target.get(name) instanceof ObjectNode present) {
			addition.properties().forEach((member) -> merge(present, member.getKey(), member.getValue()));
		}
		else {
			target.set(name, value);
		}
	}

}
