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

package io.llmstream.provider.gemini;

import io.llmstream.Usage;
import io.llmstream.json.JsonReader;

/**
 * The usage of one answer. It comes as growing snapshots, which may leave out fields that
 * were there before: the last value of each field counts.
 */
final class GeminiUsage {

	private long prompt;

	private long candidates;

	private long thoughts;

	private long cached;

	/**
	 * Read {@code usageMetadata}.
	 * @param json stands before it
	 * @return whether it had figures; Vertex AI also sends objects without
	 */
	boolean read(JsonReader json) {
		boolean figures = false;
		if (json.enterObject()) {
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				figures |= switch (name) {
					case "promptTokenCount" -> {
						this.prompt = json.longValue(this.prompt);
						yield true;
					}
					case "candidatesTokenCount" -> {
						this.candidates = json.longValue(this.candidates);
						yield true;
					}
					case "thoughtsTokenCount" -> {
						this.thoughts = json.longValue(this.thoughts);
						yield true;
					}
					case "cachedContentTokenCount" -> {
						this.cached = json.longValue(this.cached);
						yield true;
					}
					default -> false;
				};
			}
		}
		return figures;
	}

	Usage toUsage() {
		return new Usage(this.prompt, this.candidates + this.thoughts, this.cached, 0, this.thoughts,
				Usage.Source.REPORTED);
	}

}
