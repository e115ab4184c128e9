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

import io.llmstream.FinishReason;

/**
 * What Gemini's finish reasons mean. With {@code enum-encoding=int} they come as numbers,
 * which the two services count differently from 6 on.
 */
enum GeminiFinishReasons {

	/** As the Gemini API counts. */
	GEMINI("FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "LANGUAGE", "BLOCKLIST",
			"PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL", "IMAGE_SAFETY"),

	/** As Vertex AI counts. */
	VERTEX("FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "BLOCKLIST",
			"PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL", "MODEL_ARMOR");

	private final String[] numbered;

	GeminiFinishReasons(String... numbered) {
		this.numbered = numbered;
	}

	/**
	 * Whether a word is a finish reason at all: the unspecified one is only what an unset
	 * field looks like where fields are always written.
	 * @param raw the word or number
	 * @return whether the answer has finished
	 */
	boolean isReason(String raw) {
		return !raw.isEmpty() && !"FINISH_REASON_UNSPECIFIED".equals(word(raw));
	}

	FinishReason normalise(String raw, boolean calls) {
		return switch (word(raw)) {
			case "STOP" -> (calls) ? FinishReason.TOOL_CALLS : FinishReason.STOP;
			case "MAX_TOKENS" -> FinishReason.LENGTH;
			case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "IMAGE_SAFETY",
					"IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION" ->
				FinishReason.CONTENT_FILTER;
			case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
					"MISSING_THOUGHT_SIGNATURE" ->
				FinishReason.ERROR;
			default -> FinishReason.OTHER;
		};
	}

	private String word(String raw) {
		if (raw.length() > 2 || !raw.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			return raw;
		}
		int number = Integer.parseInt(raw);
		return (number < this.numbered.length) ? this.numbered[number] : raw;
	}

}
