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

package io.llmstream.relay.endpoint;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.Message;
import io.llmstream.StreamRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Reads what a browser asks. Its failures repeat nothing of it.
 */
final class RunRequestReader {

	/** Not the application's mapper, whose settings are made for other JSON. */
	private static final JsonMapper JSON = JsonMapper.builder().build();

	private RunRequestReader() {
	}

	/**
	 * Read a body.
	 * @throws ResponseStatusException with status 400
	 */
	static StreamRequest read(byte[] body) {
		JsonNode json = parse(body);
		JsonNode prompt = json.get("prompt");
		JsonNode messages = json.get("messages");
		if ((prompt != null) == (messages != null)) {
			throw invalid("The body must have either a prompt or messages");
		}
		if (prompt != null) {
			return StreamRequest.of(text(prompt, "The prompt must be a text that is not blank"));
		}
		return StreamRequest.builder().messages(messages(messages)).build();
	}

	private static JsonNode parse(byte[] body) {
		try {
			JsonNode json = JSON.readTree(body);
			if (json.isObject()) {
				return json;
			}
		}
		catch (JacksonException ex) {
			// Its message quotes the body.
		}
		throw invalid("The body is not a JSON object");
	}

	private static List<Message> messages(JsonNode json) {
		if (!json.isArray() || json.isEmpty()) {
			throw invalid("The messages must be an array that is not empty");
		}
		List<Message> messages = new ArrayList<>();
		for (JsonNode message : json) {
			String content = text(message.get("content"), "The content of a message must be a text that is not blank");
			String role = text(message.get("role"), "A message must have a role");
			messages.add(switch (role) {
				case "user" -> Message.user(content);
				case "assistant" -> Message.assistant(content);
				default -> throw invalid("The role of a message must be user or assistant");
			});
		}
		return messages;
	}

	private static String text(@Nullable JsonNode json, String problem) {
		if (json == null || !json.isString() || json.asString().isBlank()) {
			throw invalid(problem);
		}
		return json.asString();
	}

	private static ResponseStatusException invalid(String problem) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, problem);
	}

}
