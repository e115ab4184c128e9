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

import java.util.Locale;

import io.llmstream.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * Translates the words for why a model stopped.
 */
final class FinishReasons {

	private FinishReasons() {
	}

	/**
	 * Translate a word.
	 * @param raw the server's word, or {@code null} if it ended the stream without one
	 * @param toolCalls whether tools were called; several servers say "stop" then
	 * @return the reason
	 */
	static FinishReason of(@Nullable String raw, boolean toolCalls) {
		if (raw == null) {
			return (toolCalls) ? FinishReason.TOOL_CALLS : FinishReason.OTHER;
		}
		return switch (raw.toLowerCase(Locale.ROOT)) {
			case "stop", "eos", "eos_token", "end_turn", "stop_sequence", "completed" ->
				(toolCalls) ? FinishReason.TOOL_CALLS : FinishReason.STOP;
			case "length", "model_length", "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
			case "tool_calls", "function_call", "tool_call", "tool_use" -> FinishReason.TOOL_CALLS;
			case "content_filter", "safety", "sensitive" -> FinishReason.CONTENT_FILTER;
			case "refusal" -> FinishReason.REFUSAL;
			case "error", "insufficient_system_resource", "abort", "network_error" -> FinishReason.ERROR;
			default -> FinishReason.OTHER;
		};
	}

	/**
	 * Whether the answer ended before the model had written what it was about to.
	 * @param raw the server's word, or {@code null} if it ended the stream without one
	 * @return whether it was cut off
	 */
	static boolean isCut(@Nullable String raw) {
		return switch (of(raw, false)) {
			case LENGTH, CONTENT_FILTER, REFUSAL, ERROR -> true;
			default -> false;
		};
	}

}
