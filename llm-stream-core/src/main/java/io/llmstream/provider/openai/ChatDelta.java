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
import java.util.List;

import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * One delta of a choice, or the message of an answer that did not stream, as it was read.
 * Nothing of it is emitted while it is read: to which choice it belongs may be said after
 * it. Reused for every chunk; what plain text has none of is made when it comes.
 */
final class ChatDelta {

	private @Nullable List<ContentPart> parts;

	private @Nullable List<Raw> raws;

	private @Nullable List<ToolCallFragment> fragments;

	private String content = "";

	private String reasoningContent = "";

	private String reasoning = "";

	private String refusal = "";

	void clear() {
		clear(this.parts);
		clear(this.raws);
		clear(this.fragments);
		this.content = "";
		this.reasoningContent = "";
		this.reasoning = "";
		this.refusal = "";
	}

	private static void clear(@Nullable List<?> list) {
		if (list != null) {
			list.clear();
		}
	}

	private static boolean isEmpty(@Nullable List<?> list) {
		return list == null || list.isEmpty();
	}

	private static <T> List<T> added(@Nullable List<T> list, T element) {
		List<T> target = (list != null) ? list : new ArrayList<>();
		target.add(element);
		return target;
	}

	/**
	 * Read a delta.
	 * @param json stands before the value
	 * @return whether it is an object
	 */
	boolean read(JsonReader json) {
		if (!json.enterObject()) {
			return false;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "content" -> content(json);
				case "reasoning_content" -> this.reasoningContent = json.text("");
				case "reasoning" -> this.reasoning = json.text("");
				case "refusal" -> this.refusal = json.string("");
				case "tool_calls" -> toolCalls(json);
				case "function_call" -> functionCall(json);
				case "reasoning_details", "thinking_blocks", "annotations", "citations", "audio", "images",
						"executed_tools", ReplayKinds.EXTRA_CONTENT ->
					raw(name, json);
				default -> json.skip();
			}
		}
		return true;
	}

	private void content(JsonReader json) {
		if (json.peek() != JsonKind.ARRAY) {
			this.content = json.text("");
			return;
		}
		json.enterArray();
		while (json.nextElement()) {
			ContentPart part = ContentPart.read(json);
			if (part != null) {
				this.parts = added(this.parts, part);
			}
		}
	}

	private void toolCalls(JsonReader json) {
		if (!json.enterArray()) {
			return;
		}
		while (json.nextElement()) {
			ToolCallFragment fragment = ToolCallFragment.read(json);
			if (fragment != null) {
				this.fragments = added(this.fragments, fragment);
			}
		}
	}

	private void functionCall(JsonReader json) {
		if (json.peek() == JsonKind.OBJECT) {
			this.fragments = added(this.fragments, ToolCallFragment.readLegacy(json));
		}
	}

	private void raw(String name, JsonReader json) {
		JsonKind kind = json.peek();
		if (kind == JsonKind.OBJECT || kind == JsonKind.ARRAY) {
			this.raws = added(this.raws, new Raw(name, json.raw()));
		}
	}

	/**
	 * Whether this says nothing.
	 */
	boolean isEmpty() {
		return this.content.isEmpty() && this.reasoningContent.isEmpty() && this.reasoning.isEmpty()
				&& isEmpty(this.parts) && isEmpty(this.raws) && isEmpty(this.fragments) && this.refusal.isEmpty();
	}

	/**
	 * Whether this is one piece of text or of reasoning, and nothing else.
	 */
	boolean isOnePiece() {
		int pieces = (this.content.isEmpty()) ? 0 : 1;
		pieces += (this.reasoningContent.isEmpty()) ? 0 : 1;
		pieces += (this.reasoning.isEmpty()) ? 0 : 1;
		return pieces == 1 && isEmpty(this.parts) && isEmpty(this.raws) && isEmpty(this.fragments)
				&& this.refusal.isEmpty();
	}

	/**
	 * Put another text in the place of the one piece, which is reasoning.
	 */
	void reasoned(String text) {
		if (!this.reasoningContent.isEmpty()) {
			this.reasoningContent = text;
		}
		else {
			this.reasoning = text;
		}
	}

	List<ContentPart> parts() {
		return (this.parts != null) ? this.parts : List.of();
	}

	List<Raw> raws() {
		return (this.raws != null) ? this.raws : List.of();
	}

	List<ToolCallFragment> fragments() {
		return (this.fragments != null) ? this.fragments : List.of();
	}

	String content() {
		return this.content;
	}

	String reasoningContent() {
		return this.reasoningContent;
	}

	String reasoning() {
		return this.reasoning;
	}

	String refusal() {
		return this.refusal;
	}

	/**
	 * A member that is read later.
	 *
	 * @param name the member's name
	 * @param json its value: an object or an array
	 */
	record Raw(String name, String json) {
	}

}
