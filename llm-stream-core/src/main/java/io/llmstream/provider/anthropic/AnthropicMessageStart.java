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

package io.llmstream.provider.anthropic;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * What the first event says of a message, or a message that came whole.
 */
final class AnthropicMessageStart {

	@Nullable String id;

	@Nullable String model;

	@Nullable String stopReason;

	final List<String> content = new ArrayList<>();

	void read(JsonReader json, AnthropicUsage usage) {
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "id" -> this.id = json.string();
				case "model" -> this.model = json.string();
				case "stop_reason" -> this.stopReason = json.string();
				case "usage" -> usage.read(json);
				case "content" -> readContent(json);
				default -> json.skip();
			}
		}
	}

	private void readContent(JsonReader json) {
		if (json.enterArray()) {
			while (json.nextElement()) {
				this.content.add(json.raw());
			}
		}
	}

}
