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

import java.util.ArrayList;
import java.util.List;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What a request becomes whose {@linkplain ResponseFormat response format} the server has
 * no mode for, or is not to use its mode for: a tool that the model must call, or words
 * in the system message. The answer comes as text in any case.
 */
public final class FormatFallback {

	private static final String ANY_OBJECT = "{\"type\":\"object\"}";

	private final StreamRequest request;

	private final @Nullable String tool;

	private FormatFallback(StreamRequest request, @Nullable String tool) {
		this.request = request;
		this.tool = tool;
	}

	/**
	 * Choose how the model of a server is told which form its answer must have.
	 * @param request the request
	 * @param capabilities what the server can do
	 * @return what to ask instead, which is the request itself where nothing must change
	 */
	public static FormatFallback of(StreamRequest request, Capabilities capabilities) {
		ResponseFormat format = request.responseFormat();
		if (format == null) {
			return new FormatFallback(request, null);
		}
		return switch (mode(format, request, capabilities)) {
			case TOOL -> byTool(format, request, capabilities);
			case PROMPT -> byPrompt(format, request, capabilities);
			default -> new FormatFallback(request, null);
		};
	}

	private static ResponseFormat.Mode mode(ResponseFormat format, StreamRequest request, Capabilities capabilities) {
		if (format.mode() != ResponseFormat.Mode.AUTO) {
			return format.mode();
		}
		boolean tools = !request.tools().isEmpty();
		if (capabilities.has((format.schema() != null) ? Capability.JSON_SCHEMA : Capability.JSON_OBJECT)
				&& (!tools || capabilities.has(Capability.JSON_SCHEMA_WITH_TOOLS))) {
			return ResponseFormat.Mode.NATIVE;
		}
		// models that think often refuse to be forced
		boolean free = request.reasoning() == null
				&& (request.toolChoice() == null || request.toolChoice().mode() == ToolChoice.Mode.AUTO);
		return (format.schema() != null && free && capabilities.has(Capability.TOOLS)
				&& capabilities.has(Capability.TOOL_CHOICE)) ? ResponseFormat.Mode.TOOL : ResponseFormat.Mode.PROMPT;
	}

	private static FormatFallback byTool(ResponseFormat format, StreamRequest request, Capabilities capabilities) {
		String name = (format.name() != null) ? format.name() : "answer";
		while (isTaken(name, request)) {
			name += "_";
		}
		StreamRequest.Builder changed = request.mutate().responseFormat(null);
		boolean alone = request.tools().isEmpty();
		changed.tools(new ToolDefinition(name, "Gives the answer. Call it once, with all of the answer.",
				(format.schema() != null) ? format.schema() : ANY_OBJECT, format.strict()
						&& capabilities.has(Capability.STRICT_TOOLS) && capabilities.has(Capability.JSON_SCHEMA)));
		if (capabilities.has(Capability.TOOL_CHOICE)) {
			changed.toolChoice((alone) ? ToolChoice.tool(name) : ToolChoice.REQUIRED);
		}
		if (alone && capabilities.has(Capability.PARALLEL_TOOL_CALLS)) {
			changed.parallelToolCalls(false);
		}
		return new FormatFallback(changed.build(), name);
	}

	private static boolean isTaken(String name, StreamRequest request) {
		return request.tools().stream().anyMatch((tool) -> tool.name().equals(name));
	}

	private static FormatFallback byPrompt(ResponseFormat format, StreamRequest request, Capabilities capabilities) {
		boolean object = request.tools().isEmpty() && capabilities.has(Capability.JSON_OBJECT);
		String words = "Answer with "
				+ ((format.schema() != null) ? "JSON that follows the JSON schema below" : "a JSON object")
				+ ", and with nothing else: no text before or after it, and no code fence."
				+ ((format.schema() != null) ? "\n\n" + format.schema() : "");
		return new FormatFallback(request.mutate()
			.responseFormat((object) ? ResponseFormat.JSON_OBJECT : null)
			.changeMessages((messages) -> addToSystem(messages, words))
			.build(), null);
	}

	private static void addToSystem(List<Message> messages, String words) {
		if (!messages.isEmpty() && messages.get(0).role() == Message.Role.SYSTEM) {
			List<Part> parts = new ArrayList<>(messages.get(0).parts());
			parts.add(new Part.Text((parts.isEmpty()) ? words : "\n\n" + words));
			messages.set(0, new Message(Message.Role.SYSTEM, parts));
		}
		else {
			messages.add(0, Message.system(words));
		}
	}

	/**
	 * What to send.
	 * @return the request
	 */
	public StreamRequest request() {
		return this.request;
	}

	/**
	 * Let a decoder give the answer as text, where it comes as the arguments of a tool.
	 * @param decoder the decoder of the answer
	 * @return that decoder, or one around it
	 */
	public TokenDecoder decode(TokenDecoder decoder) {
		return (this.tool != null) ? new ToolAnswerDecoder(decoder, this.tool) : decoder;
	}

}
