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

package io.llmstream.engine;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.test.ProviderExchange;
import tools.jackson.databind.JsonNode;

/**
 * An answer that every provider knows, so that each can go on where another broke off. No
 * dozen characters of it come twice, for the pieces are numbered.
 *
 * @param pieces what it is made of
 */
record KnownAnswer(List<String> pieces) {

	String text() {
		return String.join("", this.pieces);
	}

	/**
	 * What of the answer a request holds already.
	 */
	String saidIn(ProviderExchange exchange) {
		String text = text();
		return longestBeginning(exchange.json(), text, "");
	}

	private static String longestBeginning(JsonNode node, String text, String longest) {
		String best = longest;
		if (node.isString() && node.asString().length() > best.length() && text.startsWith(node.asString())) {
			best = node.asString();
		}
		for (JsonNode child : node) {
			best = longestBeginning(child, text, best);
		}
		return best;
	}

	/**
	 * The pieces after a beginning; the first may be a part of one.
	 */
	List<String> after(String said) {
		List<String> rest = new ArrayList<>();
		int start = 0;
		for (String piece : this.pieces) {
			int end = start + piece.length();
			if (end > said.length()) {
				rest.add(piece.substring(Math.max(0, said.length() - start)));
			}
			start = end;
		}
		return rest;
	}

	/**
	 * Whether a request asks the model to go on with its own message.
	 */
	static boolean isOwnMessageLast(ProviderExchange exchange) {
		JsonNode request = exchange.json();
		for (String name : List.of("messages", "contents", "input")) {
			JsonNode messages = request.path(name);
			if (messages.isArray()) {
				String role = messages.get(messages.size() - 1).path("role").asString("");
				return role.equals("assistant") || role.equals("model");
			}
		}
		return false;
	}

}
