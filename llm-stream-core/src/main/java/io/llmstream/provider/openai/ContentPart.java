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

import java.nio.charset.StandardCharsets;

import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * A part of a content that is a list, as Mistral sends it.
 *
 * @param type what it is
 * @param text its text: of the answer, of reasoning or of a refusal; may be empty
 * @param json the part as it came
 */
record ContentPart(String type, String text, String json) {

	static @Nullable ContentPart read(JsonReader list) {
		if (list.peek() == JsonKind.STRING) {
			return new ContentPart("text", list.string(""), "");
		}
		if (list.peek() != JsonKind.OBJECT) {
			return null;
		}
		String raw = list.raw();
		JsonReader json = new JsonReader();
		byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
		json.reset(bytes, 0, bytes.length);
		String type = "";
		StringBuilder text = new StringBuilder();
		json.enterObject();
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "type" -> type = json.string("");
				case "text", "thinking", "refusal" -> append(json, text);
				default -> json.skip();
			}
		}
		return new ContentPart(type, text.toString(), raw);
	}

	private static void append(JsonReader json, StringBuilder text) {
		if (json.peek() != JsonKind.ARRAY) {
			text.append(json.string(""));
			return;
		}
		json.enterArray();
		while (json.nextElement()) {
			ContentPart part = read(json);
			if (part != null) {
				text.append(part.text());
			}
		}
	}

}
