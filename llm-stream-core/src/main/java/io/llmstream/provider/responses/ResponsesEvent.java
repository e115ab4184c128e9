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

package io.llmstream.provider.responses;

import io.llmstream.json.JsonReader;
import io.llmstream.provider.StrayDocuments;
import org.jspecify.annotations.Nullable;

/**
 * The members of one event. Read in one pass, in whatever order they come; what is seldom
 * is kept as it is written. Reused from event to event.
 */
final class ResponsesEvent {

	@Nullable String type;

	int outputIndex;

	@Nullable String itemId;

	int contentIndex;

	int summaryIndex;

	@Nullable String delta;

	@Nullable String whole;

	@Nullable String item;

	@Nullable String part;

	@Nullable String annotation;

	boolean error;

	boolean isResponse;

	private boolean indexed;

	final ResponsesSnapshot response = new ResponsesSnapshot();

	void read(JsonReader json) {
		clear();
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "type" -> this.type = json.word();
				case "output_index" -> this.outputIndex = (int) json.longValue(-1);
				case "item_id" -> readItemId(json);
				case "content_index" -> this.contentIndex = (int) json.longValue(0);
				case "summary_index" -> this.summaryIndex = (int) json.longValue(0);
				case "delta" -> this.delta = json.text("");
				case "text", "refusal", "arguments", "input" -> this.whole = json.string();
				case "item" -> this.item = json.raw();
				case "part" -> this.part = json.raw();
				case "annotation" -> this.annotation = json.raw();
				case "response" -> this.response.read(json);
				case "object" -> this.isResponse = "response".equals(json.word());
				case "error" -> this.error = StrayDocuments.says(json);
				default -> json.skip();
			}
		}
		this.indexed |= this.outputIndex >= 0;
	}

	/*
	 * A string for every token, and of no use where the items are numbered.
	 */
	private void readItemId(JsonReader json) {
		if (!this.indexed) {
			this.itemId = json.string();
		}
	}

	private void clear() {
		this.type = null;
		this.outputIndex = -1;
		this.itemId = null;
		this.contentIndex = 0;
		this.summaryIndex = 0;
		this.delta = null;
		this.whole = null;
		this.item = null;
		this.part = null;
		this.annotation = null;
		this.error = false;
		this.isResponse = false;
		this.response.clear();
	}

}
