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

import io.llmstream.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * What the provider's words for the end of an answer mean.
 */
final class AnthropicFinishReasons {

	private AnthropicFinishReasons() {
	}

	/**
	 * Translate a reason.
	 * @param raw the provider's word, or {@code null} if the message ended without one
	 * @param toolCalls whether tools were called
	 * @return the reason
	 */
	static FinishReason of(@Nullable String raw, boolean toolCalls) {
		if (raw == null) {
			return (toolCalls) ? FinishReason.TOOL_CALLS : FinishReason.STOP;
		}
		return switch (raw) {
			case "end_turn", "stop_sequence" -> FinishReason.STOP;
			case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
			case "tool_use" -> FinishReason.TOOL_CALLS;
			case "pause_turn", "compaction" -> FinishReason.PAUSE;
			case "refusal" -> FinishReason.REFUSAL;
			default -> FinishReason.OTHER;
		};
	}

}
