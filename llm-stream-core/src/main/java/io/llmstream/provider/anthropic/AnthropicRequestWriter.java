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

import io.llmstream.ReasoningOptions;
import io.llmstream.ReasoningOptions.Effort;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.provider.RequestJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of one request.
 */
final class AnthropicRequestWriter {

	private static final int DEFAULT_MAX_TOKENS = 4096;

	private static final int DEFAULT_MAX_TOKENS_WITH_EFFORT = 16384;

	private final StreamRequest request;

	private final String provider;

	private final ObjectNode body = RequestJson.object();

	AnthropicRequestWriter(StreamRequest request, String provider) {
		this.request = request;
		this.provider = provider;
	}

	byte[] write() {
		this.body.put("model", this.request.model());
		this.body.put("max_tokens", maxTokens());
		this.body.put("stream", true);
		new AnthropicMessagesWriter(this.request, this.provider).write(this.body);
		sampling();
		tools();
		reasoning();
		responseFormat();
		return RequestJson.write(this.body, this.request.extra());
	}

	private int maxTokens() {
		Integer limit = this.request.maxOutputTokens();
		if (limit != null) {
			return limit;
		}
		ReasoningOptions reasoning = this.request.reasoning();
		if (reasoning == null || reasoning.effort() == Effort.NONE) {
			return DEFAULT_MAX_TOKENS;
		}
		if (reasoning.budgetTokens() != null) {
			return Math.max(reasoning.budgetTokens() + DEFAULT_MAX_TOKENS, DEFAULT_MAX_TOKENS);
		}
		return DEFAULT_MAX_TOKENS_WITH_EFFORT;
	}

	private void sampling() {
		if (this.request.temperature() != null) {
			this.body.put("temperature", this.request.temperature());
		}
		if (this.request.topP() != null) {
			this.body.put("top_p", this.request.topP());
		}
		if (!this.request.stop().isEmpty()) {
			ArrayNode stop = this.body.putArray("stop_sequences");
			this.request.stop().forEach(stop::add);
		}
	}

	private void tools() {
		if (!this.request.tools().isEmpty()) {
			ArrayNode tools = this.body.putArray("tools");
			this.request.tools().forEach((tool) -> tool(tools.addObject(), tool));
		}
		// The API rejects a choice where there is nothing to choose from.
		if (!this.request.tools().isEmpty() || this.request.extra().containsKey("tools")) {
			toolChoice();
		}
	}

	private void tool(ObjectNode json, ToolDefinition tool) {
		json.put("name", tool.name());
		if (tool.description() != null) {
			json.put("description", tool.description());
		}
		json.set("input_schema", RequestJson.parse(tool.parameters(), "The parameters of tool '" + tool.name() + "'"));
		if (tool.strict()) {
			json.put("strict", true);
		}
	}

	private void toolChoice() {
		ToolChoice choice = this.request.toolChoice();
		Boolean parallel = this.request.parallelToolCalls();
		if (choice == null && parallel == null) {
			return;
		}
		ToolChoice.Mode mode = (choice != null) ? choice.mode() : ToolChoice.Mode.AUTO;
		ObjectNode json = this.body.putObject("tool_choice");
		json.put("type", switch (mode) {
			case AUTO -> "auto";
			case NONE -> "none";
			case REQUIRED -> "any";
			case TOOL -> "tool";
		});
		if (choice != null && choice.tool() != null) {
			json.put("name", choice.tool());
		}
		if (parallel != null && mode != ToolChoice.Mode.NONE) {
			json.put("disable_parallel_tool_use", !parallel);
		}
	}

	private void reasoning() {
		ReasoningOptions reasoning = this.request.reasoning();
		if (reasoning == null) {
			return;
		}
		if (reasoning.effort() == Effort.NONE) {
			this.body.putObject("thinking").put("type", "disabled");
			return;
		}
		thinking(reasoning);
		if (reasoning.effort() != null) {
			outputConfig().put("effort", effort(reasoning.effort()));
		}
	}

	private void thinking(ReasoningOptions reasoning) {
		boolean show = Boolean.TRUE.equals(reasoning.show());
		if (reasoning.budgetTokens() == null && reasoning.effort() == null && !show) {
			return;
		}
		ObjectNode thinking = this.body.putObject("thinking");
		if (reasoning.budgetTokens() != null) {
			thinking.put("type", "enabled");
			thinking.put("budget_tokens", reasoning.budgetTokens());
		}
		else {
			thinking.put("type", "adaptive");
		}
		if (reasoning.show() != null) {
			thinking.put("display", (show) ? "summarized" : "omitted");
		}
	}

	private static @Nullable String effort(Effort effort) {
		return switch (effort) {
			case NONE -> null;
			case MINIMAL, LOW -> "low";
			case MEDIUM -> "medium";
			case HIGH -> "high";
			case MAX -> "max";
		};
	}

	private void responseFormat() {
		ResponseFormat format = this.request.responseFormat();
		if (format != null && format.schema() != null) {
			ObjectNode json = outputConfig().putObject("format");
			json.put("type", "json_schema");
			json.set("schema", RequestJson.parse(format.schema(), "The schema of the response format"));
		}
	}

	private ObjectNode outputConfig() {
		return (this.body.get("output_config") instanceof ObjectNode present) ? present
				: this.body.putObject("output_config");
	}

}
