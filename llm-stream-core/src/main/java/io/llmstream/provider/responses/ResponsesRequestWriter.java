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

import io.llmstream.ReasoningOptions;
import io.llmstream.ReasoningOptions.Effort;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.provider.RequestJson;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of one request.
 */
final class ResponsesRequestWriter {

	private final StreamRequest request;

	private final String provider;

	private final ObjectNode body = RequestJson.object();

	ResponsesRequestWriter(StreamRequest request, String provider) {
		this.request = request;
		this.provider = provider;
	}

	byte[] write() {
		this.body.put("model", this.request.model());
		this.body.put("stream", true);
		ResponsesInputWriter input = new ResponsesInputWriter(this.request, this.provider);
		input.write(this.body);
		sampling();
		tools();
		boolean reasons = reasoning();
		if (reasons || input.hasReplayState()) {
			this.body.put("store", false);
			this.body.putArray("include").add("reasoning.encrypted_content");
		}
		responseFormat();
		return RequestJson.write(this.body, this.request.extra());
	}

	private void sampling() {
		if (this.request.maxOutputTokens() != null) {
			this.body.put("max_output_tokens", this.request.maxOutputTokens());
		}
		if (this.request.temperature() != null) {
			this.body.put("temperature", this.request.temperature());
		}
		if (this.request.topP() != null) {
			this.body.put("top_p", this.request.topP());
		}
	}

	private void tools() {
		if (!this.request.tools().isEmpty()) {
			ArrayNode tools = this.body.putArray("tools");
			this.request.tools().forEach((tool) -> tool(tools.addObject(), tool));
		}
		ToolChoice choice = this.request.toolChoice();
		if (choice != null) {
			switch (choice.mode()) {
				case AUTO -> this.body.put("tool_choice", "auto");
				case NONE -> this.body.put("tool_choice", "none");
				case REQUIRED -> this.body.put("tool_choice", "required");
				case TOOL -> this.body.putObject("tool_choice").put("type", "function").put("name", choice.tool());
			}
		}
		if (this.request.parallelToolCalls() != null) {
			this.body.put("parallel_tool_calls", this.request.parallelToolCalls());
		}
	}

	private static void tool(ObjectNode json, ToolDefinition tool) {
		json.put("type", "function");
		json.put("name", tool.name());
		if (tool.description() != null) {
			json.put("description", tool.description());
		}
		json.set("parameters", RequestJson.parse(tool.parameters(), "The parameters of tool '" + tool.name() + "'"));
		// Said in either case: left out, it means true here.
		json.put("strict", tool.strict());
	}

	private boolean reasoning() {
		ReasoningOptions reasoning = this.request.reasoning();
		if (reasoning == null) {
			return false;
		}
		ObjectNode json = RequestJson.object();
		if (reasoning.effort() != null) {
			json.put("effort", effort(reasoning.effort()));
		}
		if (Boolean.TRUE.equals(reasoning.show()) && reasoning.effort() != Effort.NONE) {
			json.put("summary", "auto");
		}
		if (json.isEmpty()) {
			return false;
		}
		this.body.set("reasoning", json);
		return reasoning.effort() != Effort.NONE;
	}

	private static String effort(Effort effort) {
		return switch (effort) {
			case NONE -> "none";
			case MINIMAL -> "minimal";
			case LOW -> "low";
			case MEDIUM -> "medium";
			case HIGH -> "high";
			case MAX -> "xhigh";
		};
	}

	private void responseFormat() {
		ResponseFormat format = this.request.responseFormat();
		if (format == null) {
			return;
		}
		ObjectNode json = this.body.putObject("text").putObject("format");
		if (format.schema() == null) {
			json.put("type", "json_object");
			return;
		}
		json.put("type", "json_schema");
		json.put("name", (format.name() != null) ? format.name() : "response");
		json.set("schema", RequestJson.parse(format.schema(), "The schema of the response format"));
		json.put("strict", format.strict());
	}

}
