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

import io.llmstream.Usage;
import io.llmstream.json.JsonReader;

/**
 * The figures of one answer, which come with its first and its last event. A later figure
 * replaces an earlier one, and is never added: the last event tells totals.
 */
final class AnthropicUsage {

	private boolean known;

	private long input;

	private long output;

	private long cacheRead;

	private long cacheWrite;

	private long thinking;

	void read(JsonReader json) {
		if (!json.enterObject()) {
			return;
		}
		this.known = true;
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "input_tokens" -> this.input = figure(json, this.input);
				case "output_tokens" -> this.output = figure(json, this.output);
				case "cache_read_input_tokens" -> this.cacheRead = figure(json, this.cacheRead);
				case "cache_creation_input_tokens" -> this.cacheWrite = figure(json, this.cacheWrite);
				case "output_tokens_details" -> readDetails(json);
				default -> json.skip();
			}
		}
	}

	private void readDetails(JsonReader json) {
		if (json.enterObject()) {
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				if (name.equals("thinking_tokens")) {
					this.thinking = figure(json, this.thinking);
				}
			}
		}
	}

	private static long figure(JsonReader json, long present) {
		return json.longValue(present);
	}

	Usage toUsage() {
		if (!this.known) {
			return Usage.NONE;
		}
		return new Usage(this.input + this.cacheRead + this.cacheWrite, this.output, this.cacheRead, this.cacheWrite,
				this.thinking, Usage.Source.REPORTED);
	}

}
