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

import io.llmstream.Token;
import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.StrayDocuments;
import org.jspecify.annotations.Nullable;

/**
 * The members of one event. Read in one pass, in whatever order they come; what is seldom
 * is kept as it is written. Reused from event to event.
 */
final class AnthropicEvent {

	@Nullable String type;

	int index;

	@Nullable String message;

	@Nullable String block;

	boolean error;

	boolean counted;

	@Nullable String deltaType;

	@Nullable String text;

	@Nullable String thinking;

	@Nullable String partialJson;

	@Nullable String signature;

	@Nullable String citation;

	@Nullable String content;

	@Nullable String stopReason;

	List<Token.Other> details = List.of();

	void read(JsonReader json, AnthropicUsage usage) {
		clear();
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "type" -> this.type = json.word();
				case "index" -> this.index = (int) json.longValue(-1);
				case "delta" -> readDelta(json);
				case "content_block" -> this.block = json.raw();
				case "message" -> this.message = json.raw();
				case "usage" -> {
					usage.read(json);
					this.counted = true;
				}
				case "error" -> this.error = StrayDocuments.says(json);
				case "context_management" -> detail(name, json);
				default -> json.skip();
			}
		}
	}

	private void clear() {
		this.type = null;
		this.index = -1;
		this.message = null;
		this.block = null;
		this.error = false;
		this.counted = false;
		this.deltaType = null;
		this.text = null;
		this.thinking = null;
		this.partialJson = null;
		this.signature = null;
		this.citation = null;
		this.content = null;
		this.stopReason = null;
		this.details = List.of();
	}

	private void readDelta(JsonReader json) {
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "type" -> this.deltaType = json.word();
				case "text" -> this.text = json.text("");
				case "thinking" -> this.thinking = json.text("");
				case "partial_json" -> this.partialJson = json.string();
				case "signature" -> this.signature = json.string();
				case "citation" -> this.citation = json.raw();
				case "content" -> this.content = json.string();
				case "stop_reason" -> this.stopReason = json.string();
				case "stop_details", "container" -> detail(name, json);
				default -> json.skip();
			}
		}
	}

	private void detail(String name, JsonReader json) {
		if (json.peek() != JsonKind.NULL) {
			this.details = (this.details.isEmpty()) ? new ArrayList<>() : this.details;
			this.details.add(new Token.Other(name, json.raw()));
		}
	}

}
