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

package io.llmstream.test;

import io.llmstream.FinishReason;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic Messages.
 */
final class AnthropicWriter extends WireWriter {

	private int block = -1;

	private @Nullable String open;

	AnthropicWriter(AnswerFacts facts) {
		super(facts, new SseFraming("\n"));
	}

	private void event(String type, String members) {
		frame(type, "{\"type\":" + Json.quote(type) + members + "}");
	}

	@Override
	void open() {
		Usage usage = facts().usage();
		event("message_start",
				",\"message\":{\"id\":" + Json.quote(facts().id("msg_"))
						+ ",\"type\":\"message\",\"role\":\"assistant\",\"model\":" + Json.quote(facts().model())
						+ ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null"
						+ ((usage != null) ? ",\"usage\":{" + input(usage) + ",\"output_tokens\":1}" : "") + "}");
		event("ping", "");
	}

	private static String input(Usage usage) {
		return "\"input_tokens\":" + Json.uncached(usage) + ",\"cache_creation_input_tokens\":"
				+ usage.cacheWriteInputTokens() + ",\"cache_read_input_tokens\":" + usage.cachedInputTokens();
	}

	@Override
	void keepAlive(String text) {
		event("ping", "");
	}

	@Override
	void text(String piece) {
		delta("text", "\"text\":\"\"", "\"type\":\"text_delta\",\"text\":" + Json.quote(piece));
	}

	@Override
	void reasoning(String piece) {
		delta("thinking", "\"thinking\":\"\",\"signature\":\"\"",
				"\"type\":\"thinking_delta\",\"thinking\":" + Json.quote(piece));
	}

	@Override
	void signature(String signature) {
		delta("thinking", "\"thinking\":\"\",\"signature\":\"\"",
				"\"type\":\"signature_delta\",\"signature\":" + Json.quote(signature));
	}

	@Override
	void toolStart(int index, String id, String name) {
		closeBlock();
		openBlock("tool_use", "\"id\":" + Json.quote(id) + ",\"name\":" + Json.quote(name) + ",\"input\":{}");
		delta("tool_use", "", "\"type\":\"input_json_delta\",\"partial_json\":\"\"");
	}

	@Override
	void toolArguments(int index, String fragment) {
		delta("tool_use", "", "\"type\":\"input_json_delta\",\"partial_json\":" + Json.quote(fragment));
	}

	@Override
	void toolEnd(int index) {
		closeBlock();
	}

	private void delta(String type, String start, String delta) {
		if (!type.equals(this.open)) {
			closeBlock();
			openBlock(type, start);
		}
		event("content_block_delta", ",\"index\":" + this.block + ",\"delta\":{" + delta + "}");
	}

	private void openBlock(String type, String members) {
		this.open = type;
		this.block++;
		event("content_block_start",
				",\"index\":" + this.block + ",\"content_block\":{\"type\":" + Json.quote(type) + "," + members + "}");
	}

	private void closeBlock() {
		if (this.open != null) {
			this.open = null;
			event("content_block_stop", ",\"index\":" + this.block);
		}
	}

	@Override
	void finish(FinishReason reason, @Nullable String raw) {
		closeBlock();
		String word = (raw != null) ? raw : switch (reason) {
			case STOP -> "end_turn";
			case LENGTH -> "max_tokens";
			case TOOL_CALLS -> "tool_use";
			case CONTENT_FILTER, REFUSAL -> "refusal";
			case PAUSE -> "pause_turn";
			case ERROR -> "error";
			case OTHER -> "other";
		};
		Usage usage = facts().usage();
		event("message_delta",
				",\"delta\":{\"stop_reason\":" + Json.quote(word) + ",\"stop_sequence\":null}" + ((usage != null)
						? ",\"usage\":{" + input(usage) + ",\"output_tokens\":" + usage.outputTokens()
								+ ",\"output_tokens_details\":{\"thinking_tokens\":" + usage.reasoningTokens() + "}}"
						: ""));
	}

	@Override
	void end() {
		event("message_stop", "");
	}

	@Override
	void error(ErrorWords error) {
		frame("error", error.body(Wire.ANTHROPIC));
	}

}
