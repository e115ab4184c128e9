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

import java.util.ArrayList;
import java.util.List;

import io.llmstream.Usage;
import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * The response as a whole, as some events carry it.
 */
final class ResponsesSnapshot {

	@Nullable String id;

	@Nullable String model;

	@Nullable String status;

	@Nullable String incompleteReason;

	@Nullable String error;

	@Nullable Usage usage;

	List<String> output = List.of();

	void clear() {
		this.id = null;
		this.model = null;
		this.status = null;
		this.incompleteReason = null;
		this.error = null;
		this.usage = null;
		this.output = List.of();
	}

	void read(JsonReader json) {
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "id" -> this.id = json.string();
				case "model" -> this.model = json.string();
				case "status" -> this.status = json.string();
				case "incomplete_details" -> readIncomplete(json);
				case "error" -> this.error = (json.peek() != JsonKind.NULL) ? json.raw() : null;
				case "usage" -> readUsage(json);
				case "output" -> readOutput(json);
				default -> json.skip();
			}
		}
	}

	private void readIncomplete(JsonReader json) {
		if (json.enterObject()) {
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				if (name.equals("reason")) {
					this.incompleteReason = json.string();
				}
			}
		}
	}

	private void readOutput(JsonReader json) {
		if (json.enterArray()) {
			this.output = (this.output.isEmpty()) ? new ArrayList<>() : this.output;
			while (json.nextElement()) {
				this.output.add(json.raw());
			}
		}
	}

	private void readUsage(JsonReader json) {
		if (!json.enterObject()) {
			return;
		}
		long input = 0;
		long output = 0;
		long[] details = new long[3];
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "input_tokens" -> input = json.longValue(0);
				case "output_tokens" -> output = json.longValue(0);
				case "input_tokens_details", "output_tokens_details" -> readDetails(json, details);
				default -> json.skip();
			}
		}
		this.usage = new Usage(input, output, details[0], details[1], details[2], Usage.Source.REPORTED);
	}

	private static void readDetails(JsonReader json, long[] details) {
		if (!json.enterObject()) {
			return;
		}
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "cached_tokens" -> details[0] = json.longValue(0);
				case "cache_write_tokens" -> details[1] = json.longValue(0);
				case "reasoning_tokens" -> details[2] = json.longValue(0);
				default -> json.skip();
			}
		}
	}

}
