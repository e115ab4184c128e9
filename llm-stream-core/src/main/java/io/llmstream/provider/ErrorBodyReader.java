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

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gathers codes and messages from an error document. Rather than one reader per provider,
 * one for the few places in which any of them puts things.
 */
final class ErrorBodyReader {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private static final int MAX_DEPTH = 6;

	private static final int MAX_MESSAGES = 4;

	/** What says no more than that something is an error. */
	private static final Set<String> SAY_NOTHING = Set.of("", "error", "none", "null", "unknown", "about:blank",
			"response.failed", "true", "false");

	private final Set<String> names = new LinkedHashSet<>();

	private final List<String> messages = new ArrayList<>();

	private @Nullable Integer number;

	private @Nullable Duration retryDelay;

	private ErrorBodyReader() {
	}

	static ErrorBody read(@Nullable String body) {
		ErrorBodyReader reader = new ErrorBodyReader();
		if (body != null) {
			reader.text(body, 0);
		}
		String message = (reader.messages.isEmpty()) ? null : String.join("; ", reader.messages);
		return new ErrorBody(List.copyOf(reader.names), reader.number, message, reader.retryDelay);
	}

	/**
	 * Gateways like to quote the document that they got, so any text may be one.
	 */
	private void text(String text, int depth) {
		String trimmed = text.strip();
		if (trimmed.startsWith("{") || trimmed.startsWith("[") || trimmed.startsWith("\"")) {
			try {
				value(MAPPER.readTree(trimmed), depth);
				return;
			}
			catch (JacksonException ex) {
				// then it is a text that merely begins like JSON
			}
		}
		message(trimmed);
	}

	private void message(String text) {
		if (!text.isBlank() && this.messages.size() < MAX_MESSAGES && !this.messages.contains(text)) {
			this.messages.add(text);
		}
	}

	private void value(@Nullable JsonNode node, int depth) {
		if (node == null || depth > MAX_DEPTH) {
			return;
		}
		if (node.isString()) {
			text(node.stringValue(), depth + 1);
		}
		else if (node.isArray()) {
			for (JsonNode element : node) {
				value(element, depth + 1);
			}
		}
		else if (node.isObject()) {
			object(node, depth);
		}
	}

	private void object(JsonNode node, int depth) {
		if (node.has("loc") && node.has("msg")) {
			// one finding of a validation, which also quotes the input: that stays out
			message(path(node.get("loc")) + string(node, "msg"));
			return;
		}
		int before = this.messages.size();
		error(node, depth);
		value(nested(node, "response", "error"), depth + 1);
		value(nested(node, "x_groq", "error"), depth + 1);
		value(node.get("errors"), depth + 1);
		value(node.get("base_resp"), depth + 1);
		if (this.messages.size() == before) {
			value(node.get("message"), depth + 1);
		}
		if (this.messages.size() == before) {
			value(node.get("detail"), depth + 1);
		}
		for (String name : List.of("msg", "error_message", "status_msg", "error_description", "title")) {
			if (this.messages.size() == before) {
				message(string(node, name));
			}
		}
		for (String name : List.of("code", "type", "__type", "status", "status_code", "statusCode", "http_status",
				"error_code", "error_type")) {
			name(node.get(name));
		}
		innerError(node.get("innererror"), depth);
		metadata(node.get("metadata"), depth);
		details(node.get("details"));
	}

	// beside a message, a text in "error" is a name; alone it is the message
	private void error(JsonNode node, int depth) {
		JsonNode error = node.get("error");
		if (error == null || !error.isString()) {
			value(error, depth + 1);
		}
		else if (string(node, "message").isBlank() && string(node, "error_description").isBlank()) {
			text(error.stringValue(), depth + 1);
			if (!error.stringValue().contains(" ") && this.messages.contains(error.stringValue())) {
				name(error);
			}
		}
		else {
			name(error);
		}
	}

	private void name(@Nullable JsonNode node) {
		if (node == null) {
			return;
		}
		if (node.isNumber() || (node.isString() && isNumber(node.stringValue()))) {
			if (this.number == null) {
				this.number = (int) Math.min(Double.parseDouble(node.asString()), Integer.MAX_VALUE);
			}
		}
		else if (node.isString() && !SAY_NOTHING.contains(node.stringValue().strip().toLowerCase(Locale.ROOT))) {
			this.names.add(node.stringValue().strip());
		}
	}

	private static boolean isNumber(String text) {
		return !text.isEmpty() && text.length() <= 9 && text.chars().allMatch((c) -> c >= '0' && c <= '9');
	}

	private void innerError(@Nullable JsonNode inner, int depth) {
		if (inner != null && inner.isObject() && depth <= MAX_DEPTH) {
			name(inner.get("code"));
			innerError(inner.get("innererror"), depth + 1);
		}
	}

	// OpenRouter: what the provider behind it said, and why its moderation objects
	private void metadata(@Nullable JsonNode metadata, int depth) {
		if (metadata == null || !metadata.isObject()) {
			return;
		}
		name(metadata.get("error_type"));
		value(metadata.get("raw"), depth + 1);
		JsonNode reasons = metadata.get("reasons");
		if (reasons != null && reasons.isArray() && !reasons.isEmpty()) {
			this.names.add("moderation");
		}
	}

	// Google: the reason and the delay
	private void details(@Nullable JsonNode details) {
		if (details == null || !details.isArray()) {
			return;
		}
		for (JsonNode detail : details) {
			if (string(detail, "@type").endsWith("ErrorInfo")) {
				name(detail.get("reason"));
			}
			String delay = string(detail, "retryDelay");
			if (this.retryDelay == null && !delay.isEmpty()) {
				this.retryDelay = RetryDelays.duration(delay);
			}
		}
	}

	private static @Nullable JsonNode nested(JsonNode node, String outer, String inner) {
		JsonNode value = node.get(outer);
		return (value != null) ? value.get(inner) : null;
	}

	private static String string(JsonNode node, String name) {
		JsonNode value = node.get(name);
		return (value != null && value.isString()) ? value.stringValue() : "";
	}

	private static String path(@Nullable JsonNode location) {
		if (location == null || !location.isArray()) {
			return "";
		}
		List<String> steps = new ArrayList<>();
		for (JsonNode step : location) {
			steps.add(step.asString(""));
		}
		return String.join(".", steps) + ": ";
	}

}
