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

package io.llmstream.conversation;

import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

import io.llmstream.Message;
import io.llmstream.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages as JSON, for a {@link ConversationMemory} that keeps them as text. Nothing of
 * a message is lost: what is read equals what was written, to the last character of a
 * signature.
 * <p>
 * The form has a version, {@code v}, which is raised only where a reader of the version
 * before would be wrong. Later versions of this library read what earlier ones wrote. An
 * earlier one leaves out what a later one added, members and parts, and refuses a version
 * that it does not know.
 */
public final class MessageJson {

	private static final int VERSION = 1;

	/** What was written is read, however long. */
	private static final JsonFactory factory = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
		.build();

	private static final JsonFactory ascii = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

	private static final JsonMapper mapper = new JsonMapper(factory);

	private MessageJson() {
	}

	/**
	 * Write a message.
	 * @param message the message
	 * @return a JSON object; text that every Unicode database can hold, also if the
	 * message has half a character, as of an answer that was stopped within one
	 */
	public static String write(Message message) {
		String json = write(message, factory);
		boolean whole = json.codePoints().noneMatch((code) -> code >= 0xD800 && code <= 0xDFFF);
		return (whole) ? json : write(message, ascii);
	}

	private static String write(Message message, JsonFactory factory) {
		StringWriter text = new StringWriter();
		try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), text)) {
			json.writeStartObject();
			json.writeNumberProperty("v", VERSION);
			json.writeStringProperty("role", word(message.role()));
			json.writeName("parts");
			json.writeStartArray();
			message.parts().forEach((part) -> write(part, json));
			json.writeEndArray();
			json.writeEndObject();
		}
		return text.toString();
	}

	private static void write(Part part, JsonGenerator json) {
		json.writeStartObject();
		if (part instanceof Part.Text text) {
			json.writeStringProperty("type", "text");
			json.writeStringProperty("text", text.text());
			write(text.cache(), json);
		}
		else if (part instanceof Part.Image image) {
			json.writeStringProperty("type", "image");
			optional("url", (image.url() != null) ? image.url().toString() : null, json);
			optional("data", (image.data() != null) ? Base64.getEncoder().encodeToString(image.data()) : null, json);
			optional("media_type", image.mediaType(), json);
			write(image.cache(), json);
		}
		else if (part instanceof Part.ToolCall call) {
			json.writeStringProperty("type", "tool_call");
			json.writeStringProperty("id", call.id());
			json.writeStringProperty("name", call.name());
			json.writeStringProperty("arguments", call.arguments());
		}
		else if (part instanceof Part.ToolResult result) {
			json.writeStringProperty("type", "tool_result");
			json.writeStringProperty("id", result.id());
			json.writeStringProperty("name", result.name());
			json.writeStringProperty("content", result.content());
			json.writeBooleanProperty("error", result.error());
			write(result.cache(), json);
		}
		else if (part instanceof Part.ReplayState state) {
			json.writeStringProperty("type", "replay_state");
			json.writeStringProperty("dialect", state.dialect());
			json.writeStringProperty("kind", state.kind());
			json.writeStringProperty("json", state.json());
		}
		json.writeEndObject();
	}

	private static void write(Part.@Nullable CacheHint cache, JsonGenerator json) {
		optional("cache", (cache != null) ? word(cache) : null, json);
	}

	private static void optional(String name, @Nullable String value, JsonGenerator json) {
		if (value != null) {
			json.writeStringProperty(name, value);
		}
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Read a message.
	 * @param json what {@link #write(Message)} wrote, in this version or an earlier one
	 * @return the message
	 * @throws IllegalArgumentException if it is not such a message, or one of a later
	 * version; the exception quotes nothing of it
	 */
	public static Message read(String json) {
		JsonNode message = tree(json);
		int version = message.path("v").asInt(0);
		if (version != VERSION) {
			throw new IllegalArgumentException((version > VERSION)
					? "A later version of llm-stream has written this message, in version " + version + " of its form"
					: "This is not a message of a conversation");
		}
		List<Part> parts = new ArrayList<>();
		for (JsonNode part : message.path("parts")) {
			Part known = part(part);
			if (known != null) {
				parts.add(known);
			}
		}
		return new Message(constant(Message.Role.class, text(message, "role")), parts);
	}

	private static JsonNode tree(String json) {
		try {
			return mapper.readTree(json);
		}
		catch (JacksonException ex) {
			// its message may quote the conversation
			throw new IllegalArgumentException("This message of a conversation is not JSON");
		}
	}

	private static @Nullable Part part(JsonNode part) {
		return switch (text(part, "type")) {
			case "text" -> new Part.Text(text(part, "text"), cache(part));
			case "image" -> image(part);
			case "tool_call" -> new Part.ToolCall(text(part, "id"), text(part, "name"), text(part, "arguments"));
			case "tool_result" -> new Part.ToolResult(text(part, "id"), text(part, "name"), text(part, "content"),
					part.path("error").asBoolean(false), cache(part));
			case "replay_state" -> new Part.ReplayState(text(part, "dialect"), text(part, "kind"), text(part, "json"));
			default -> null;
		};
	}

	private static Part image(JsonNode part) {
		String url = optional(part, "url");
		String data = optional(part, "data");
		return new Part.Image((url != null) ? URI.create(url) : null,
				(data != null) ? Base64.getDecoder().decode(data) : null, optional(part, "media_type"), cache(part));
	}

	private static Part.@Nullable CacheHint cache(JsonNode part) {
		String cache = optional(part, "cache");
		return (cache != null) ? constant(Part.CacheHint.class, cache) : null;
	}

	private static <E extends Enum<E>> E constant(Class<E> type, String word) {
		for (E constant : type.getEnumConstants()) {
			if (word(constant).equals(word)) {
				return constant;
			}
		}
		throw new IllegalArgumentException(
				"A message of a conversation has an unknown " + type.getSimpleName().toLowerCase(Locale.ROOT));
	}

	private static String text(JsonNode node, String name) {
		String value = optional(node, name);
		if (value == null) {
			throw new IllegalArgumentException("A message of a conversation lacks its " + name);
		}
		return value;
	}

	private static @Nullable String optional(JsonNode node, String name) {
		JsonNode value = node.path(name);
		return (value.isString()) ? value.stringValue() : null;
	}

}
