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

package io.llmstream.observation;

import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;

import io.llmstream.Message;
import io.llmstream.Part;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes messages in the form of OpenTelemetry's conventions, each text cut to what may
 * still be captured. Nothing here is used unless the application wants content to be
 * captured.
 */
final class ContentJson {

	private static final JsonFactory factory = new JsonFactory();

	private int left;

	ContentJson(int maxLength) {
		this.left = maxLength;
	}

	static String strings(List<String> values) {
		return write((json) -> {
			json.writeStartArray();
			values.forEach(json::writeString);
			json.writeEndArray();
		});
	}

	/**
	 * The messages of a conversation, those of the system or the others.
	 */
	String messages(List<Message> messages) {
		return write((json) -> {
			json.writeStartArray();
			for (Message message : messages) {
				if (message.role() != Message.Role.SYSTEM) {
					json.writeStartObject();
					json.writeStringProperty("role", GenAiInferenceConvention.lower(message.role()));
					parts(json, message.parts());
					json.writeEndObject();
				}
			}
			json.writeEndArray();
		});
	}

	String instructions(List<Message> messages) {
		return write((json) -> {
			json.writeStartArray();
			for (Message message : messages) {
				if (message.role() == Message.Role.SYSTEM) {
					message.parts().forEach((part) -> part(json, part));
				}
			}
			json.writeEndArray();
		});
	}

	String answer(List<Part> parts, String finishReason) {
		return write((json) -> {
			json.writeStartArray();
			json.writeStartObject();
			json.writeStringProperty("role", "assistant");
			parts(json, parts);
			json.writeStringProperty("finish_reason", finishReason);
			json.writeEndObject();
			json.writeEndArray();
		});
	}

	private void parts(JsonGenerator json, List<Part> parts) {
		json.writeName("parts");
		json.writeStartArray();
		parts.forEach((part) -> part(json, part));
		json.writeEndArray();
	}

	private void part(JsonGenerator json, Part part) {
		if (part instanceof Part.ReplayState) {
			return;
		}
		json.writeStartObject();
		if (part instanceof Part.Text text) {
			json.writeStringProperty("type", "text");
			json.writeStringProperty("content", cut(text.text()));
		}
		else if (part instanceof Part.ToolCall call) {
			json.writeStringProperty("type", "tool_call");
			json.writeStringProperty("id", call.id());
			json.writeStringProperty("name", call.name());
			json.writeStringProperty("arguments", cut(call.arguments()));
		}
		else if (part instanceof Part.ToolResult result) {
			json.writeStringProperty("type", "tool_call_response");
			json.writeStringProperty("id", result.id());
			json.writeStringProperty("response", cut(result.content()));
		}
		else {
			json.writeStringProperty("type", "blob");
		}
		json.writeEndObject();
	}

	private String cut(String text) {
		String piece = (text.length() <= this.left) ? text : text.substring(0, this.left) + "…";
		this.left = Math.max(0, this.left - text.length());
		return piece;
	}

	private static String write(Consumer<JsonGenerator> content) {
		StringWriter text = new StringWriter();
		try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), text)) {
			content.accept(json);
		}
		return text.toString();
	}

}
