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

package io.llmstream.autoconfigure.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * What every provider would say, and how one goes on where another broke off.
 */
final class Answer {

	/** Some end with white space, at which models can be asked to go on. */
	private static final List<String> PIECES = List.of("Rivers", " rise in", " the hills. ", "They gather", " brooks",
			" and rain,\n", "wind past", " meadows", " and mills,", " slow down", " in the plain,",
			" and end — ÿ☂ — at sea.");

	static final String TEXT = String.join("", PIECES);

	/** How much of the end a model repeats that is asked to go on. */
	private static final int REPEATED = 14;

	private Answer() {
	}

	static int size() {
		return PIECES.size();
	}

	static String first(int pieces) {
		return String.join("", PIECES.subList(0, pieces));
	}

	/**
	 * The pieces that a request still lacks.
	 * @param request the body of a request, in any wire
	 */
	static String[] rest(JsonNode request) {
		List<String> strings = new ArrayList<>();
		collect(request, strings);
		String said = strings.stream()
			.filter((text) -> !text.isEmpty() && TEXT.startsWith(text))
			.max((one, other) -> Integer.compare(one.length(), other.length()))
			.orElse("");
		List<String> rest = new ArrayList<>();
		int start = 0;
		for (String piece : PIECES) {
			int end = start + piece.length();
			if (end > said.length()) {
				rest.add(piece.substring(Math.max(0, said.length() - start)));
			}
			start = end;
		}
		if (!said.isEmpty() && !isAnswerLast(request)) {
			rest.set(0, said.substring(Math.max(0, said.length() - REPEATED)) + rest.get(0));
		}
		return rest.toArray(String[]::new);
	}

	private static void collect(JsonNode node, List<String> strings) {
		if (node.isString()) {
			strings.add(node.asString());
		}
		node.forEach((child) -> collect(child, strings));
	}

	/**
	 * Whether the model is to go on with its own message.
	 */
	static boolean isAnswerLast(JsonNode request) {
		for (String name : Arrays.asList("messages", "contents", "input")) {
			JsonNode messages = request.path(name);
			if (messages.isArray()) {
				String role = messages.get(messages.size() - 1).path("role").asString("");
				return role.equals("assistant") || role.equals("model");
			}
		}
		throw new IllegalArgumentException("No messages");
	}

}
