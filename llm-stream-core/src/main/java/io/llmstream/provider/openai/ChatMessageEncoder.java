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

package io.llmstream.provider.openai;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.provider.Capability;
import io.llmstream.provider.RequestJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the messages of a request.
 */
final class ChatMessageEncoder {

	private final OpenAiProfile profile;

	private final boolean cacheHints;

	ChatMessageEncoder(OpenAiProfile profile) {
		this.profile = profile;
		this.cacheHints = profile.capabilities().has(Capability.CACHE_HINTS);
	}

	void encode(Message message, ArrayNode target) {
		for (Part part : message.parts()) {
			if (part instanceof Part.ToolResult result) {
				toolResult(result, target.addObject());
			}
		}
		switch (message.role()) {
			case SYSTEM -> content(this.profile.systemRole(), message, target);
			case USER -> content("user", message, target);
			case ASSISTANT -> assistant(message, target.addObject());
			case TOOL -> {
				// has nothing but results
			}
		}
	}

	private void content(String role, Message message, ArrayNode target) {
		List<Part> parts = new ArrayList<>();
		boolean plain = true;
		for (Part part : message.parts()) {
			if (part instanceof Part.Text text) {
				parts.add(part);
				plain &= !hinted(text.cache());
			}
			else if (part instanceof Part.Image) {
				parts.add(part);
				plain = false;
			}
		}
		if (parts.isEmpty() && !message.parts().isEmpty()) {
			return;
		}
		ObjectNode object = target.addObject().put("role", role);
		if (plain) {
			// several servers take nothing but a string
			object.put("content", message.text());
		}
		else {
			parts(parts, object.putArray("content"));
		}
	}

	private void parts(List<Part> parts, ArrayNode target) {
		for (Part part : parts) {
			ObjectNode object = target.addObject();
			if (part instanceof Part.Text text) {
				object.put("type", "text").put("text", text.text());
				cache(text.cache(), object);
			}
			else if (part instanceof Part.Image image) {
				object.put("type", "image_url").putObject("image_url").put("url", url(image));
				cache(image.cache(), object);
			}
		}
	}

	private static String url(Part.Image image) {
		if (image.url() != null) {
			return image.url().toString();
		}
		return "data:" + image.mediaType() + ";base64," + Base64.getEncoder().encodeToString(image.data());
	}

	private boolean hinted(Part.@Nullable CacheHint hint) {
		return this.cacheHints && hint != null;
	}

	private void cache(Part.@Nullable CacheHint hint, ObjectNode target) {
		if (hinted(hint)) {
			ObjectNode control = target.putObject("cache_control").put("type", "ephemeral");
			if (hint == Part.CacheHint.LONG) {
				control.put("ttl", "1h");
			}
		}
	}

	private void toolResult(Part.ToolResult result, ObjectNode target) {
		target.put("role", "tool").put("tool_call_id", id(result.id()));
		if (this.profile.toolResultNames()) {
			target.put("name", result.name());
		}
		// the dialect has no mark for a failed tool: the model must read it
		String content = (result.error()) ? "Error: " + result.content() : result.content();
		if (hinted(result.cache())) {
			ObjectNode part = target.putArray("content").addObject().put("type", "text").put("text", content);
			cache(result.cache(), part);
		}
		else {
			target.put("content", content);
		}
	}

	private void assistant(Message message, ObjectNode target) {
		target.put("role", "assistant");
		List<Part.ToolCall> calls = new ArrayList<>();
		List<Part.ReplayState> states = new ArrayList<>();
		for (Part part : message.parts()) {
			if (part instanceof Part.ToolCall call) {
				calls.add(call);
			}
			else if (part instanceof Part.ReplayState state && state.dialect().equals(this.profile.type())) {
				states.add(state);
			}
		}
		String text = message.text();
		if (text.isEmpty() && !calls.isEmpty()) {
			target.putNull("content");
		}
		else {
			target.put("content", text);
		}
		Map<String, JsonNode> extras = new LinkedHashMap<>();
		for (Part.ReplayState state : states) {
			replay(state, !calls.isEmpty(), target, extras);
		}
		if (!calls.isEmpty()) {
			ArrayNode array = target.putArray("tool_calls");
			calls.forEach((call) -> toolCall(call, extras.get(call.id()), array.addObject()));
		}
	}

	private void replay(Part.ReplayState state, boolean withCalls, ObjectNode target, Map<String, JsonNode> extras) {
		JsonNode json = RequestJson.parse(state.json(), "The replay state '" + state.kind() + "'");
		if (state.kind().equals(ReplayKinds.TOOL_CALL_EXTRA)) {
			JsonNode id = json.get("id");
			JsonNode extra = json.get(ReplayKinds.EXTRA_CONTENT);
			if (id != null && extra != null) {
				extras.put(id.asString(), extra);
			}
		}
		else if (!json.isString() || withCalls) {
			// plain reasoning is only wanted again while tools are at work
			target.set(state.kind(), json);
		}
	}

	private void toolCall(Part.ToolCall call, @Nullable JsonNode extra, ObjectNode target) {
		target.put("id", id(call.id())).put("type", "function");
		target.putObject("function").put("name", call.name()).put("arguments", RequestJson.argumentsText(call));
		if (extra != null) {
			target.set(ReplayKinds.EXTRA_CONTENT, extra);
		}
	}

	private String id(String id) {
		return (this.profile.shortToolCallIds()) ? ToolCallIds.shorten(id) : id;
	}

}
