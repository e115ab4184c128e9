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

import io.llmstream.ReasoningOptions;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolDefinition;
import io.llmstream.provider.RequestJson;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes requests for {@code /api/chat}.
 */
final class OllamaRequestEncoder {

	private OllamaRequestEncoder() {
	}

	static byte[] encode(StreamRequest request) {
		ObjectNode body = RequestJson.object();
		body.put("model", request.model());
		body.set("messages", OllamaMessages.write(request.messages()));
		body.put("stream", true);
		ObjectNode options = options(request);
		if (!options.isEmpty()) {
			body.set("options", options);
		}
		if (request.reasoning() != null) {
			writeThink(request.reasoning(), body);
		}
		ResponseFormat format = request.responseFormat();
		if (format != null && format.schema() != null) {
			body.set("format", RequestJson.parse(format.schema(), "the schema of responseFormat"));
		}
		else if (format != null) {
			body.put("format", "json");
		}
		writeTools(request, body);
		return RequestJson.write(body, request.extra());
	}

	private static ObjectNode options(StreamRequest request) {
		ObjectNode options = RequestJson.object();
		if (request.temperature() != null) {
			options.put("temperature", request.temperature());
		}
		if (request.topP() != null) {
			options.put("top_p", request.topP());
		}
		if (request.maxOutputTokens() != null) {
			options.put("num_predict", request.maxOutputTokens());
		}
		if (!request.stop().isEmpty()) {
			ArrayNode stop = options.putArray("stop");
			request.stop().forEach(stop::add);
		}
		if (request.seed() != null) {
			options.put("seed", request.seed());
		}
		return options;
	}

	private static void writeThink(ReasoningOptions reasoning, ObjectNode body) {
		ReasoningOptions.Effort effort = reasoning.effort();
		if (effort == ReasoningOptions.Effort.NONE) {
			body.put("think", false);
		}
		else if (effort != null) {
			// servers that know no level "max" reject it
			body.put("think", switch (effort) {
				case NONE, MINIMAL, LOW -> "low";
				case MEDIUM -> "medium";
				case HIGH, MAX -> "high";
			});
		}
		else if (Boolean.TRUE.equals(reasoning.show())) {
			body.put("think", true);
		}
	}

	private static void writeTools(StreamRequest request, ObjectNode body) {
		if (request.tools().isEmpty()) {
			return;
		}
		ArrayNode tools = body.putArray("tools");
		for (ToolDefinition tool : request.tools()) {
			ObjectNode function = tools.addObject().put("type", "function").putObject("function");
			function.put("name", tool.name());
			if (tool.description() != null) {
				function.put("description", tool.description());
			}
			function.set("parameters", RequestJson.parse(tool.parameters(), "the schema of tool " + tool.name()));
		}
	}

}
