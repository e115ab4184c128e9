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

import java.util.Base64;
import java.util.List;
import java.util.Locale;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.provider.RequestJson;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes messages. A message has one text, so its text parts are joined; every tool
 * result becomes a message of its own.
 */
final class OllamaMessages {

	private OllamaMessages() {
	}

	static ArrayNode write(List<Message> messages) {
		ArrayNode out = RequestJson.object().arrayNode();
		for (Message message : messages) {
			writeResults(message, out);
			if (message.parts().isEmpty() || !message.parts().stream().allMatch(Part.ToolResult.class::isInstance)) {
				writeMessage(message, out.addObject());
			}
		}
		return out;
	}

	private static void writeMessage(Message message, ObjectNode out) {
		out.put("role", message.role().name().toLowerCase(Locale.ROOT));
		out.put("content", message.text());
		String thinking = OllamaThinking.of(message);
		if (!thinking.isEmpty()) {
			out.put("thinking", thinking);
		}
		for (Part part : message.parts()) {
			if (part instanceof Part.Image image && image.data() != null) {
				out.withArrayProperty("images").add(Base64.getEncoder().encodeToString(image.data()));
			}
			else if (part instanceof Part.ToolCall call) {
				ObjectNode toolCall = out.withArrayProperty("tool_calls").addObject();
				toolCall.put("id", call.id());
				toolCall.putObject("function").put("name", call.name()).set("arguments", RequestJson.arguments(call));
			}
		}
	}

	private static void writeResults(Message message, ArrayNode out) {
		for (Part part : message.parts()) {
			if (part instanceof Part.ToolResult result) {
				out.addObject()
					.put("role", "tool")
					.put("tool_name", result.name())
					.put("tool_call_id", result.id())
					// the wire has no mark for a failed tool: the model must read it
					.put("content", (result.error()) ? "Error: " + result.content() : result.content());
			}
		}
	}

}
