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

package io.llmstream.sample;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * What a request to the simulated provider says, whichever wire it came by.
 *
 * @param said what the user said, oldest first, at least one text
 * @param results what tools have answered since then, as the wire carries it
 * @param words about how many words the whole request holds
 * @param thinking whether reasoning is asked for
 * @param tools whether there are tools to call
 * @param object whether the answer is to be JSON of a schema
 */
record SimulatedConversation(List<String> said, List<String> results, int words, boolean thinking, boolean tools,
		boolean object) {

	private static final List<String> LISTS = List.of("messages", "input", "contents");

	private static final List<String> THINKING = List.of("/reasoning_effort", "/reasoning", "/thinking", "/think",
			"/generationConfig/thinkingConfig");

	private static final List<String> SCHEMAS = List.of("/response_format", "/text/format", "/output_config/format",
			"/generationConfig/responseJsonSchema", "/format");

	static SimulatedConversation of(JsonNode request) {
		List<String> said = new ArrayList<>();
		List<String> results = new ArrayList<>();
		int words = 0;
		for (String list : LISTS) {
			for (JsonNode message : request.path(list)) {
				String text = text(message.path("content")) + text(message.path("parts"));
				words += text.strip().split("\\s+").length;
				if (isResult(message)) {
					results.add(message.toString());
				}
				else if ("user".equals(message.path("role").asString(""))) {
					said.add(text);
					results.clear();
				}
			}
		}
		if (said.isEmpty()) {
			said.add("");
		}
		return new SimulatedConversation(List.copyOf(said), List.copyOf(results), words,
				THINKING.stream().anyMatch((pointer) -> asksFor(request.at(pointer))), !request.path("tools").isEmpty(),
				SCHEMAS.stream().anyMatch((pointer) -> request.at(pointer).isObject()));
	}

	/**
	 * Whether tools answer with a message: it has a role or a type of its own, or a
	 * user's role and parts that say so.
	 */
	private static boolean isResult(JsonNode message) {
		return "tool".equals(message.path("role").asString(""))
				|| "function_call_output".equals(message.path("type").asString(""))
				|| "tool_result".equals(message.at("/content/0/type").asString(""))
				|| message.at("/parts/0").has("functionResponse");
	}

	private static boolean asksFor(JsonNode option) {
		return !option.isMissingNode() && !option.isNull() && !(option.isBoolean() && !option.booleanValue())
				&& !"none".equals(option.asString("")) && !"disabled".equals(option.path("type").asString(""));
	}

	private static String text(JsonNode content) {
		if (content.isString()) {
			return content.stringValue();
		}
		StringBuilder text = new StringBuilder();
		for (JsonNode part : content) {
			text.append(part.path("text").asString(""));
		}
		return text.toString();
	}

	String first() {
		return this.said.get(0);
	}

	String last() {
		return this.said.get(this.said.size() - 1);
	}

}
