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

import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * A fragment of a tool call, as it came.
 *
 * @param slot the server's index of the call, or {@link #NO_SLOT}
 * @param id the call's id, or {@code null} if it is missing or empty
 * @param name the tool's name, or {@code null} if it is missing or empty
 * @param arguments a fragment of the arguments, may be empty
 * @param extra the member {@code extra_content} as JSON, or {@code null}
 */
record ToolCallFragment(int slot, @Nullable String id, @Nullable String name, String arguments,
		@Nullable String extra) {

	/** The server gave no index. */
	static final int NO_SLOT = -1;

	/** The call that a message may have in the dialect's old form. */
	static final int LEGACY_SLOT = -2;

	/**
	 * Read an element of {@code tool_calls}.
	 * @param json stands before the element
	 * @return the fragment, or {@code null} if the element is not an object
	 */
	static @Nullable ToolCallFragment read(JsonReader json) {
		if (!json.enterObject()) {
			return null;
		}
		long slot = NO_SLOT;
		String id = null;
		String extra = null;
		Function function = new Function();
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "index" -> slot = json.longValue(NO_SLOT);
				case "id" -> id = json.string();
				case "function", "custom" -> function.read(json);
				case ReplayKinds.EXTRA_CONTENT -> extra = objectOrNull(json);
				default -> json.skip();
			}
		}
		return new ToolCallFragment((int) Math.max(slot, NO_SLOT), textOrNull(id), textOrNull(function.name),
				function.arguments, extra);
	}

	/**
	 * Read {@code function_call}, the form that {@code tool_calls} replaced.
	 * @param json stands before the value
	 * @return the fragment
	 */
	static ToolCallFragment readLegacy(JsonReader json) {
		Function function = new Function();
		function.read(json);
		return new ToolCallFragment(LEGACY_SLOT, null, textOrNull(function.name), function.arguments, null);
	}

	boolean isEmpty() {
		return this.id == null && this.name == null && this.arguments.isEmpty() && this.extra == null;
	}

	static @Nullable String objectOrNull(JsonReader json) {
		return (json.peek() == JsonKind.OBJECT) ? json.raw() : null;
	}

	private static @Nullable String textOrNull(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

	private static final class Function {

		private @Nullable String name;

		private String arguments = "";

		void read(JsonReader json) {
			if (!json.enterObject()) {
				return;
			}
			for (String member = json.nextName(); member != null; member = json.nextName()) {
				switch (member) {
					case "name" -> this.name = json.string();
					// some servers forget to write the arguments as a string
					case "arguments", "input" ->
						this.arguments = (json.peek() == JsonKind.OBJECT) ? json.raw() : json.string("");
					default -> json.skip();
				}
			}
		}

	}

}
