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

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.llmstream.ReasoningOptions;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.RequestJson;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one request for {@code streamGenerateContent}.
 */
final class GeminiRequestEncoder {

	private static final List<String> COLLECTIONS = List.of("models/", "tunedModels/");

	private final StreamRequest request;

	private final String provider;

	GeminiRequestEncoder(StreamRequest request, String provider) {
		this.request = request;
		this.provider = provider;
	}

	EncodedRequest encode() {
		ObjectNode body = RequestJson.object();
		new GeminiContents(this.request.messages()).write(body);
		ObjectNode config = generationConfig();
		if (!config.isEmpty()) {
			body.set("generationConfig", config);
		}
		writeTools(body);
		byte[] json = RequestJson.write(body, this.request.extra());
		if (!this.request.extra().isEmpty() && candidateCount(json) > 1) {
			throw unsupported("more than one candidate (candidateCount)");
		}
		return new EncodedRequest(path(), json);
	}

	private String path() {
		String model = String.valueOf(this.request.model());
		String collection = COLLECTIONS.get(0);
		for (String candidate : COLLECTIONS) {
			if (model.startsWith(candidate)) {
				collection = candidate;
				model = model.substring(candidate.length());
			}
		}
		return "/" + collection + URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20")
				+ ":streamGenerateContent?alt=sse";
	}

	private ObjectNode generationConfig() {
		ObjectNode config = RequestJson.object();
		if (this.request.temperature() != null) {
			config.put("temperature", this.request.temperature());
		}
		if (this.request.topP() != null) {
			config.put("topP", this.request.topP());
		}
		if (this.request.maxOutputTokens() != null) {
			config.put("maxOutputTokens", this.request.maxOutputTokens());
		}
		if (!this.request.stop().isEmpty()) {
			ArrayNode stop = config.putArray("stopSequences");
			this.request.stop().forEach(stop::add);
		}
		if (this.request.seed() != null) {
			config.put("seed", this.request.seed());
		}
		ResponseFormat format = this.request.responseFormat();
		if (format != null) {
			config.put("responseMimeType", "application/json");
			if (format.schema() != null) {
				config.set("responseJsonSchema", RequestJson.parse(format.schema(), "the schema of responseFormat"));
			}
		}
		if (this.request.reasoning() != null) {
			writeThinking(this.request.reasoning(), config);
		}
		return config;
	}

	private void writeThinking(ReasoningOptions reasoning, ObjectNode config) {
		ObjectNode thinking = RequestJson.object();
		ReasoningOptions.Effort effort = reasoning.effort();
		if (effort != null && reasoning.budgetTokens() != null) {
			throw unsupported("reasoning.effort together with reasoning.budgetTokens");
		}
		if (effort == ReasoningOptions.Effort.NONE) {
			thinking.put("thinkingBudget", 0);
		}
		else if (effort != null) {
			thinking.put("thinkingLevel", switch (effort) {
				case NONE, MINIMAL -> "minimal";
				case LOW -> "low";
				case MEDIUM -> "medium";
				case HIGH, MAX -> "high";
			});
		}
		if (reasoning.budgetTokens() != null) {
			thinking.put("thinkingBudget", reasoning.budgetTokens());
		}
		if (reasoning.show() != null) {
			thinking.put("includeThoughts", reasoning.show());
		}
		if (!thinking.isEmpty()) {
			config.set("thinkingConfig", thinking);
		}
	}

	private void writeTools(ObjectNode body) {
		if (!this.request.tools().isEmpty()) {
			ArrayNode declarations = body.putArray("tools").addObject().putArray("functionDeclarations");
			for (ToolDefinition tool : this.request.tools()) {
				ObjectNode declaration = declarations.addObject();
				declaration.put("name", tool.name());
				if (tool.description() != null) {
					declaration.put("description", tool.description());
				}
				declaration.set("parametersJsonSchema",
						RequestJson.parse(tool.parameters(), "the schema of tool " + tool.name()));
			}
		}
		ToolChoice choice = this.request.toolChoice();
		if (choice != null) {
			ObjectNode calling = body.putObject("toolConfig").putObject("functionCallingConfig");
			calling.put("mode", switch (choice.mode()) {
				case AUTO -> "AUTO";
				case NONE -> "NONE";
				case REQUIRED, TOOL -> "ANY";
			});
			if (choice.tool() != null) {
				calling.putArray("allowedFunctionNames").add(choice.tool());
			}
		}
	}

	private static long candidateCount(byte[] body) {
		JsonReader json = new JsonReader();
		json.reset(body, 0, body.length);
		long count = 1;
		if (json.enterObject()) {
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				if ("generationConfig".equals(name) || "generation_config".equals(name)) {
					count = Math.max(count, candidateCountOf(json));
				}
			}
		}
		return count;
	}

	private static long candidateCountOf(JsonReader config) {
		long count = 1;
		if (config.enterObject()) {
			for (String name = config.nextName(); name != null; name = config.nextName()) {
				if ("candidateCount".equals(name) || "candidate_count".equals(name)) {
					count = Math.max(count, config.longValue(1));
				}
			}
		}
		return count;
	}

	private RuntimeException unsupported(String option) {
		return Capabilities.unsupported(this.request, this.provider, option);
	}

}
