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

import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.provider.RequestJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the messages of one request. The results of parallel calls belong into one
 * content, so consecutive tool messages are merged.
 */
final class GeminiContents {

	private static final String SIGNATURE = "thoughtSignature";

	private final List<Message> messages;

	private final ArrayNode system = RequestJson.object().arrayNode();

	private final ArrayNode contents = RequestJson.object().arrayNode();

	GeminiContents(List<Message> messages) {
		this.messages = messages;
	}

	void write(ObjectNode body) {
		boolean afterTool = false;
		ArrayNode results = RequestJson.object().arrayNode();
		for (Message message : this.messages) {
			boolean tool = message.role() == Message.Role.TOOL;
			switch (message.role()) {
				case SYSTEM -> writeParts(message, this.system);
				case USER -> writeContent("user", message);
				case ASSISTANT -> writeContent("model", message);
				case TOOL -> {
					if (!afterTool) {
						results = addContent("user", RequestJson.object().arrayNode());
					}
					writeParts(message, results);
				}
			}
			afterTool = tool;
		}
		body.set("contents", this.contents);
		if (!this.system.isEmpty()) {
			body.putObject("systemInstruction").set("parts", this.system);
		}
	}

	private void writeContent(String role, Message message) {
		ArrayNode parts = RequestJson.object().arrayNode();
		writeParts(message, parts);
		if (!parts.isEmpty()) {
			addContent(role, parts);
		}
	}

	private ArrayNode addContent(String role, ArrayNode parts) {
		this.contents.addObject().put("role", role).set("parts", parts);
		return parts;
	}

	private static void writeParts(Message message, ArrayNode parts) {
		Map<String, String> callSignatures = callSignatures(message);
		for (Part part : message.parts()) {
			if (part instanceof Part.Text text) {
				if (!text.text().isEmpty()) {
					parts.addObject().put("text", text.text());
				}
			}
			else if (part instanceof Part.Image image) {
				writeImage(image, parts);
			}
			else if (part instanceof Part.ToolCall call) {
				writeCall(call, callSignatures.get(call.id()), parts);
			}
			else if (part instanceof Part.ToolResult result) {
				writeResult(result, parts);
			}
			else if (part instanceof Part.ReplayState state) {
				JsonNode replay = GeminiReplay.read(state);
				if (replay != null) {
					writeReplay(replay, parts);
				}
			}
		}
	}

	/**
	 * The signature of a call comes with its first piece, so before the call itself.
	 */
	private static Map<String, String> callSignatures(Message message) {
		Map<String, String> signatures = new HashMap<>();
		for (Part part : message.parts()) {
			JsonNode replay = (part instanceof Part.ReplayState state) ? GeminiReplay.read(state) : null;
			if (replay != null && replay.has("call")) {
				signatures.put(replay.path("call").asString(""), replay.path("signature").asString(""));
			}
		}
		return signatures;
	}

	private static void writeReplay(JsonNode replay, ArrayNode parts) {
		String signature = replay.path("signature").asString("");
		if (replay.has("part")) {
			parts.add(replay.get("part"));
		}
		else if (replay.has("thought")) {
			parts.addObject().put("text", "").put("thought", true).put(SIGNATURE, signature);
		}
		else if (replay.has("text")) {
			String text = takeTail(parts, replay.path("text").asInt(0));
			parts.addObject().put("text", text).put(SIGNATURE, signature);
		}
	}

	/**
	 * Take the end of the text that was just written: only this much of it came with the
	 * signature, and signed and unsigned parts must not be joined.
	 */
	private static String takeTail(ArrayNode parts, int length) {
		JsonNode last = (parts.isEmpty()) ? null : parts.get(parts.size() - 1);
		if (length <= 0 || !(last instanceof ObjectNode part) || part.size() != 1 || !part.has("text")) {
			return "";
		}
		String text = part.path("text").asString("");
		if (length >= text.length()) {
			parts.remove(parts.size() - 1);
			return text;
		}
		part.put("text", text.substring(0, text.length() - length));
		return text.substring(text.length() - length);
	}

	private static void writeImage(Part.Image image, ArrayNode parts) {
		if (image.url() != null) {
			ObjectNode file = parts.addObject().putObject("fileData");
			String type = (image.mediaType() != null) ? image.mediaType() : guessMediaType(image.url().getPath());
			if (type != null) {
				file.put("mimeType", type);
			}
			file.put("fileUri", image.url().toString());
		}
		else if (image.data() != null) {
			parts.addObject()
				.putObject("inlineData")
				.put("mimeType", image.mediaType())
				.put("data", Base64.getEncoder().encodeToString(image.data()));
		}
	}

	private static @Nullable String guessMediaType(@Nullable String path) {
		String name = (path != null) ? path.toLowerCase(Locale.ROOT) : "";
		return switch (name.substring(name.lastIndexOf('.') + 1)) {
			case "png" -> "image/png";
			case "jpg", "jpeg" -> "image/jpeg";
			case "webp" -> "image/webp";
			case "gif" -> "image/gif";
			case "heic" -> "image/heic";
			case "heif" -> "image/heif";
			default -> null;
		};
	}

	private static void writeCall(Part.ToolCall call, @Nullable String signature, ArrayNode parts) {
		ObjectNode part = parts.addObject();
		ObjectNode function = part.putObject("functionCall");
		if (!GeminiCallIds.isMadeUp(call.id())) {
			function.put("id", call.id());
		}
		function.put("name", call.name());
		function.set("args", RequestJson.arguments(call));
		if (signature != null) {
			part.put(SIGNATURE, signature);
		}
	}

	private static void writeResult(Part.ToolResult result, ArrayNode parts) {
		ObjectNode response = parts.addObject().putObject("functionResponse");
		if (!GeminiCallIds.isMadeUp(result.id())) {
			response.put("id", result.id());
		}
		response.put("name", result.name());
		JsonNode object = parseObject(result.content());
		if (object != null && result.error()) {
			response.putObject("response").set("error", object);
		}
		else if (object != null) {
			response.set("response", object);
		}
		else {
			response.putObject("response").put((result.error()) ? "error" : "result", result.content());
		}
	}

	private static @Nullable JsonNode parseObject(String content) {
		if (!content.stripLeading().startsWith("{")) {
			return null;
		}
		try {
			JsonNode json = RequestJson.parse(content, "a tool's result");
			return (json.isObject()) ? json : null;
		}
		catch (IllegalArgumentException ex) {
			// text that only looks like an object
			return null;
		}
	}

}
