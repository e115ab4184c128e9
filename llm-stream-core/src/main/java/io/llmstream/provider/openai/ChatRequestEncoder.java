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

package io.llmstream.provider.openai;

import java.util.List;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.Capability;
import io.llmstream.provider.RequestJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of a request.
 */
final class ChatRequestEncoder {

	private final OpenAiProfile profile;

	private final ChatMessageEncoder messages;

	private final ReasoningEncoder reasoning;

	ChatRequestEncoder(OpenAiProfile profile) {
		this.profile = profile;
		this.messages = new ChatMessageEncoder(profile);
		this.reasoning = new ReasoningEncoder(profile);
	}

	byte[] encode(StreamRequest request, String provider) {
		this.profile.capabilities().check(request, provider);
		if (request.extra().get("n") instanceof Number choices && choices.longValue() > 1) {
			throw Capabilities.unsupported(request, provider, "n greater than 1");
		}
		checkParts(request, provider);
		ObjectNode body = RequestJson.object();
		if (request.model() != null) {
			body.put("model", request.model());
		}
		ArrayNode list = body.putArray("messages");
		for (Message message : request.messages()) {
			this.messages.encode(message, list);
		}
		if (endsWithOwnText(request.messages())) {
			this.profile.prefillMembers().forEach(body::putPOJO);
		}
		sampling(request, body);
		this.reasoning.encode(request, provider, body);
		tools(request, body);
		if (request.responseFormat() != null) {
			responseFormat(request.responseFormat(), body);
		}
		body.put("stream", true);
		if (!this.profile.streamOptions().isEmpty()) {
			ObjectNode options = body.putObject("stream_options");
			this.profile.streamOptions().forEach(options::putPOJO);
		}
		return RequestJson.write(body, request.extra());
	}

	private static boolean endsWithOwnText(List<Message> messages) {
		if (messages.isEmpty()) {
			return false;
		}
		Message last = messages.get(messages.size() - 1);
		return last.role() == Message.Role.ASSISTANT
				&& last.parts().stream().noneMatch(Part.ToolCall.class::isInstance);
	}

	private static void checkParts(StreamRequest request, String provider) {
		for (Message message : request.messages()) {
			for (Part part : message.parts()) {
				if (message.role() == Message.Role.TOOL && !(part instanceof Part.ToolResult)) {
					throw Capabilities.unsupported(request, provider, "anything but results in tool messages");
				}
				if (message.role() == Message.Role.ASSISTANT && part instanceof Part.Image) {
					throw Capabilities.unsupported(request, provider, "images in assistant messages");
				}
			}
		}
	}

	private void sampling(StreamRequest request, ObjectNode body) {
		if (request.temperature() != null) {
			body.put("temperature", request.temperature());
		}
		if (request.topP() != null) {
			body.put("top_p", request.topP());
		}
		if (request.maxOutputTokens() != null) {
			body.put(this.profile.maxTokensMember(), request.maxOutputTokens());
		}
		if (!request.stop().isEmpty()) {
			ArrayNode stop = body.putArray("stop");
			request.stop().forEach(stop::add);
		}
		if (request.seed() != null) {
			body.put(this.profile.seedMember(), request.seed());
		}
	}

	private void tools(StreamRequest request, ObjectNode body) {
		if (!request.tools().isEmpty()) {
			ArrayNode tools = body.putArray("tools");
			for (ToolDefinition tool : request.tools()) {
				tool(tool, tools.addObject());
			}
		}
		if (request.toolChoice() != null) {
			toolChoice(request.toolChoice(), body);
		}
		if (request.parallelToolCalls() != null) {
			body.put("parallel_tool_calls", request.parallelToolCalls());
		}
	}

	private static void tool(ToolDefinition tool, ObjectNode target) {
		target.put("type", "function");
		ObjectNode function = target.putObject("function");
		function.put("name", tool.name());
		putText(function, "description", tool.description());
		function.set("parameters", RequestJson.parse(tool.parameters(), "The schema of tool '" + tool.name() + "'"));
		if (tool.strict()) {
			function.put("strict", true);
		}
	}

	private void toolChoice(ToolChoice choice, ObjectNode body) {
		switch (choice.mode()) {
			case NONE -> body.put("tool_choice", "none");
			case REQUIRED -> body.put("tool_choice", this.profile.requiredToolChoice());
			case TOOL -> {
				ObjectNode target = body.putObject("tool_choice");
				target.put("type", "function");
				target.putObject("function").put("name", choice.tool());
			}
			case AUTO -> {
				// what every server does unasked; some do not know the member
				if (this.profile.capabilities().has(Capability.TOOL_CHOICE)) {
					body.put("tool_choice", "auto");
				}
			}
		}
	}

	private static void responseFormat(ResponseFormat format, ObjectNode body) {
		ObjectNode target = body.putObject("response_format");
		if (format.schema() == null) {
			target.put("type", "json_object");
			return;
		}
		target.put("type", "json_schema");
		ObjectNode schema = target.putObject("json_schema");
		schema.put("name", (format.name() != null) ? format.name() : "answer");
		if (format.strict()) {
			schema.put("strict", true);
		}
		schema.set("schema", RequestJson.parse(format.schema(), "The schema of the response format"));
	}

	private static void putText(ObjectNode target, String name, @Nullable String value) {
		if (value != null) {
			target.put(name, value);
		}
	}

}
