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

import java.nio.charset.StandardCharsets;

import io.llmstream.json.JsonReader;

/**
 * What the service says about a prompt. A blocked prompt has no candidates.
 */
final class GeminiPromptFeedback {

	private GeminiPromptFeedback() {
	}

	static boolean isBlocked(String raw) {
		byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
		JsonReader json = new JsonReader();
		json.reset(bytes, 0, bytes.length);
		String reason = "";
		if (json.enterObject()) {
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				if ("blockReason".equals(name)) {
					reason = json.string("");
				}
			}
		}
		return !reason.isEmpty() && !"0".equals(reason) && !reason.endsWith("_UNSPECIFIED");
	}

}
