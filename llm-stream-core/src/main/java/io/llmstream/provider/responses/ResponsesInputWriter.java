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

package io.llmstream.provider.responses;

import java.util.Base64;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.RequestJson;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the conversation of one request: the instructions, and what follows as a list of
 * items, in which messages, calls, results and reasoning stand side by side.
 */
final class ResponsesInputWriter {

	private final StreamRequest request;

	private final String provider;

	private final StringBuilder instructions = new StringBuilder();

	private final ArrayNode input = RequestJson.object().arrayNode();

	private final StringBuilder said = new StringBuilder();

	private boolean replayState;

	ResponsesInputWriter(StreamRequest request, String provider) {
		this.request = request;
		this.provider = provider;
	}

	void write(ObjectNode body) {
		for (Message message : this.request.messages()) {
			switch (message.role()) {
				case SYSTEM -> system(message);
				case USER -> content("user", message);
				case ASSISTANT -> assistant(message);
				case TOOL -> tool(message);
			}
		}
		if (!this.instructions.isEmpty()) {
			body.put("instructions", this.instructions.toString());
		}
		body.set("input", this.input);
	}

	/**
	 * Whether reasoning of an earlier answer is sent back.
	 * @return whether there is any
	 */
	boolean hasReplayState() {
		return this.replayState;
	}

	private void system(Message message) {
		for (Part part : message.parts()) {
			if (!(part instanceof Part.Text)) {
				throw Capabilities.unsupported(this.request, this.provider, "anything but text in system messages");
			}
		}
		if (message.text().isEmpty()) {
			return;
		}
		if (!this.input.isEmpty()) {
			message("system").put("content", message.text());
			return;
		}
		if (!this.instructions.isEmpty()) {
			this.instructions.append("\n\n");
		}
		this.instructions.append(message.text());
	}

	private void content(String role, Message message) {
		if (message.parts().stream().allMatch(Part.Text.class::isInstance)) {
			message(role).put("content", message.text());
			return;
		}
		ArrayNode content = RequestJson.object().arrayNode();
		for (Part part : message.parts()) {
			if (part instanceof Part.Text text) {
				content.addObject().put("type", "input_text").put("text", text.text());
			}
			else if (part instanceof Part.Image image) {
				content.addObject().put("type", "input_image").put("image_url", url(image));
			}
		}
		if (!content.isEmpty()) {
			message(role).set("content", content);
		}
		results(message);
	}

	private static String url(Part.Image image) {
		byte[] data = image.data();
		if (data != null) {
			return "data:" + image.mediaType() + ";base64," + Base64.getEncoder().encodeToString(data);
		}
		return String.valueOf(image.url());
	}

	private void assistant(Message message) {
		for (Part part : message.parts()) {
			if (part instanceof Part.Text text) {
				this.said.append(text.text());
			}
			else if (part instanceof Part.ToolCall call) {
				flush();
				ObjectNode item = this.input.addObject().put("type", "function_call");
				item.put("call_id", call.id());
				item.put("name", call.name());
				item.put("arguments", RequestJson.argumentsText(call));
			}
			else if (part instanceof Part.ReplayState state && state.dialect().equals(ResponsesDialect.TYPE)) {
				flush();
				this.input.add(RequestJson.parse(state.json(), "The replay state"));
				this.replayState = true;
			}
			else if (part instanceof Part.Image) {
				throw Capabilities.unsupported(this.request, this.provider, "images in assistant messages");
			}
		}
		flush();
	}

	private void flush() {
		if (!this.said.isEmpty()) {
			message("assistant").put("content", this.said.toString());
			this.said.setLength(0);
		}
	}

	private void tool(Message message) {
		if (message.parts().stream().allMatch(Part.ToolResult.class::isInstance)) {
			results(message);
			return;
		}
		results(message);
		content("user", new Message(Message.Role.USER,
				message.parts().stream().filter((part) -> !(part instanceof Part.ToolResult)).toList()));
	}

	private void results(Message message) {
		for (Part part : message.parts()) {
			if (part instanceof Part.ToolResult result) {
				ObjectNode item = this.input.addObject().put("type", "function_call_output");
				item.put("call_id", result.id());
				// the wire has no mark for a failed tool: the model must read it
				item.put("output", (result.error()) ? "Error: " + result.content() : result.content());
			}
		}
	}

	private ObjectNode message(String role) {
		return this.input.addObject().put("type", "message").put("role", role);
	}

}
