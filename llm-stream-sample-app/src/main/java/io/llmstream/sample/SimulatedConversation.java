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
 * @param words about how many words the whole request holds
 * @param thinking whether reasoning is asked for
 */
record SimulatedConversation(List<String> said, int words, boolean thinking) {

	private static final List<String> LISTS = List.of("messages", "input", "contents");

	private static final List<String> THINKING = List.of("/reasoning_effort", "/reasoning", "/thinking", "/think",
			"/generationConfig/thinkingConfig");

	static SimulatedConversation of(JsonNode request) {
		List<String> said = new ArrayList<>();
		int words = 0;
		for (String list : LISTS) {
			for (JsonNode message : request.path(list)) {
				String text = text(message.path("content")) + text(message.path("parts"));
				words += text.strip().split("\\s+").length;
				if ("user".equals(message.path("role").asString(""))) {
					said.add(text);
				}
			}
		}
		if (said.isEmpty()) {
			said.add("");
		}
		return new SimulatedConversation(List.copyOf(said), words,
				THINKING.stream().anyMatch((pointer) -> asksFor(request.at(pointer))));
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
