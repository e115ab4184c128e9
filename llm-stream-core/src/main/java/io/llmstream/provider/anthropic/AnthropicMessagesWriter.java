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

package io.llmstream.provider.anthropic;

import java.util.Base64;
import java.util.List;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.RequestJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the conversation of one request: the system prompt and the messages.
 */
final class AnthropicMessagesWriter {

	private final StreamRequest request;

	private final String provider;

	AnthropicMessagesWriter(StreamRequest request, String provider) {
		this.request = request;
		this.provider = provider;
	}

	void write(ObjectNode body) {
		ArrayNode system = system();
		if (system.size() == 1 && system.get(0).size() == 2) {
			body.set("system", system.get(0).get("text"));
		}
		else if (!system.isEmpty()) {
			body.set("system", system);
		}
		body.set("messages", messages());
	}

	private ArrayNode system() {
		ArrayNode blocks = RequestJson.object().arrayNode();
		for (Message message : this.request.messages()) {
			if (message.role() == Message.Role.SYSTEM) {
				for (Part part : message.parts()) {
					if (!(part instanceof Part.Text text)) {
						throw Capabilities.unsupported(this.request, this.provider,
								"anything but text in system messages");
					}
					text(blocks, text);
				}
			}
		}
		return blocks;
	}

	private ArrayNode messages() {
		ArrayNode messages = RequestJson.object().arrayNode();
		List<Message> from = this.request.messages();
		for (int i = 0; i < from.size(); i++) {
			Message message = from.get(i);
			switch (message.role()) {
				case SYSTEM -> {
				}
				case USER -> add(messages, "user", blocks(message));
				case ASSISTANT -> add(messages, "assistant", blocks(message));
				case TOOL -> {
					int end = i + 1;
					while (end < from.size() && from.get(end).role() == Message.Role.TOOL) {
						end++;
					}
					add(messages, "user", results(from.subList(i, end)));
					i = end - 1;
				}
			}
		}
		return messages;
	}

	private static void add(ArrayNode messages, String role, ArrayNode content) {
		// The API rejects a message without content, such as one that held only the
		// replay state of another provider.
		if (!content.isEmpty()) {
			messages.addObject().put("role", role).set("content", content);
		}
	}

	/*
	 * The results of one turn's calls must stand together, in front of anything else.
	 */
	private ArrayNode results(List<Message> messages) {
		ArrayNode blocks = RequestJson.object().arrayNode();
		for (Message message : messages) {
			message.parts().stream().filter(Part.ToolResult.class::isInstance).forEach((part) -> part(blocks, part));
		}
		for (Message message : messages) {
			message.parts()
				.stream()
				.filter((part) -> !(part instanceof Part.ToolResult))
				.forEach((part) -> part(blocks, part));
		}
		return blocks;
	}

	private ArrayNode blocks(Message message) {
		ArrayNode blocks = RequestJson.object().arrayNode();
		message.parts().forEach((part) -> part(blocks, part));
		return blocks;
	}

	private void part(ArrayNode blocks, Part part) {
		if (part instanceof Part.Text text) {
			text(blocks, text);
		}
		else if (part instanceof Part.Image image) {
			image(blocks.addObject(), image);
		}
		else if (part instanceof Part.ToolCall call) {
			toolUse(blocks.addObject(), call);
		}
		else if (part instanceof Part.ToolResult result) {
			toolResult(blocks.addObject(), result);
		}
		else if (part instanceof Part.ReplayState state && state.dialect().equals(AnthropicDialect.TYPE)) {
			blocks.add(RequestJson.parse(state.json(), "The replay state"));
		}
	}

	private static void text(ArrayNode blocks, Part.Text text) {
		if (!text.text().isBlank()) {
			ObjectNode json = blocks.addObject().put("type", "text").put("text", text.text());
			cache(json, text.cache());
		}
		// The API rejects text of white space alone, which models write before they call
		// a tool: its mark moves to what stands before it.
		else if (!blocks.isEmpty() && blocks.get(blocks.size() - 1) instanceof ObjectNode last
				&& !last.path("type").asString("").endsWith("thinking")) {
			cache(last, text.cache());
		}
	}

	private static void image(ObjectNode json, Part.Image image) {
		ObjectNode source = json.put("type", "image").putObject("source");
		byte[] data = image.data();
		if (data != null) {
			source.put("type", "base64");
			source.put("media_type", image.mediaType());
			source.put("data", Base64.getEncoder().encodeToString(data));
		}
		else {
			source.put("type", "url");
			source.put("url", String.valueOf(image.url()));
		}
		cache(json, image.cache());
	}

	private static void toolUse(ObjectNode json, Part.ToolCall call) {
		json.put("type", "tool_use");
		json.put("id", id(call.id()));
		json.put("name", call.name());
		json.set("input", input(call.arguments()));
	}

	/*
	 * The API takes nothing but an object. Arguments that are none, because the answer
	 * was cut off, are sent as what they are: text that the model wrote.
	 */
	private static JsonNode input(String arguments) {
		if (arguments.isBlank()) {
			return RequestJson.object();
		}
		try {
			JsonNode input = RequestJson.parse(arguments, "The arguments");
			if (input.isObject()) {
				return input;
			}
		}
		catch (IllegalArgumentException ex) {
			// not JSON: below
		}
		return RequestJson.object().put("arguments", arguments);
	}

	private static void toolResult(ObjectNode json, Part.ToolResult result) {
		json.put("type", "tool_result");
		json.put("tool_use_id", id(result.id()));
		json.put("content", result.content());
		if (result.error()) {
			json.put("is_error", true);
		}
		cache(json, result.cache());
	}

	/*
	 * Ids that another provider gave may hold characters that this one rejects.
	 */
	private static String id(String id) {
		return id.replaceAll("[^a-zA-Z0-9_-]", "_");
	}

	private static void cache(ObjectNode json, Part.@Nullable CacheHint hint) {
		if (hint != null) {
			ObjectNode control = json.putObject("cache_control").put("type", "ephemeral");
			if (hint == Part.CacheHint.LONG) {
				control.put("ttl", "1h");
			}
		}
	}

}
