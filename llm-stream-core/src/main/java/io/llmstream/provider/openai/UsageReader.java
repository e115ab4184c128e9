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

import io.llmstream.Usage;
import io.llmstream.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a usage object. Reused for every chunk, as some servers send one with each.
 */
final class UsageReader {

	private final OutputCount convention;

	private long input;

	private long output;

	private long total;

	private long cached;

	private long cacheWrite;

	private long reasoning;

	UsageReader(OutputCount convention) {
		this.convention = convention;
	}

	/**
	 * Read a usage object.
	 * @param json stands before the value
	 * @return the usage, or {@code null} if the value is null or says nothing
	 */
	@Nullable Usage read(JsonReader json) {
		if (!json.enterObject()) {
			return null;
		}
		clear();
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "prompt_tokens", "input_tokens" -> this.input = Math.max(this.input, json.longValue(0));
				case "completion_tokens", "output_tokens" -> this.output = Math.max(this.output, json.longValue(0));
				case "total_tokens" -> this.total = json.longValue(0);
				case "prompt_tokens_details", "input_tokens_details", "completion_tokens_details",
						"output_tokens_details" ->
					details(json);
				default -> detail(name, json);
			}
		}
		return usage();
	}

	private void clear() {
		this.input = 0;
		this.output = 0;
		this.total = 0;
		this.cached = 0;
		this.cacheWrite = 0;
		this.reasoning = 0;
	}

	private void details(JsonReader json) {
		if (json.enterObject()) {
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				detail(name, json);
			}
		}
	}

	private void detail(String name, JsonReader json) {
		switch (name) {
			case "cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens" ->
				this.cached = Math.max(this.cached, json.longValue(0));
			case "cache_write_tokens", "cache_creation_tokens", "cache_creation_input_tokens" ->
				this.cacheWrite = Math.max(this.cacheWrite, json.longValue(0));
			case "reasoning_tokens" -> this.reasoning = Math.max(this.reasoning, json.longValue(0));
			default -> json.skip();
		}
	}

	private @Nullable Usage usage() {
		if (this.input == 0 && this.output == 0 && this.total == 0) {
			return null;
		}
		long written = this.output;
		long thought = this.reasoning;
		long beyond = this.total - this.input - this.output;
		if (this.convention == OutputCount.TOTAL_HAS_REASONING && beyond > 0) {
			written += beyond;
			thought = Math.max(thought, beyond);
		}
		else if (this.reasoning > 0 && (beyond == this.reasoning
				|| (this.convention == OutputCount.EXCLUDES_REASONING && this.total == 0))) {
			// the sum shows it, also where a gateway passes such figures on
			written += this.reasoning;
		}
		return new Usage(this.input, written, this.cached, this.cacheWrite, thought, Usage.Source.REPORTED);
	}

}
