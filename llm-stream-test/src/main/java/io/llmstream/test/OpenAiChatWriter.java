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

import java.util.Locale;

import io.llmstream.FinishReason;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI Chat Completions.
 */
final class OpenAiChatWriter extends WireWriter {

	private final String head;

	private final String tail;

	OpenAiChatWriter(AnswerFacts facts) {
		super(facts, new SseFraming("\n"));
		this.head = "{\"id\":" + Json.quote(facts.id("chatcmpl-"))
				+ ",\"object\":\"chat.completion.chunk\",\"created\":" + AnswerFacts.CREATED + ",\"model\":"
				+ Json.quote(facts.model()) + ",\"choices\":[";
		this.tail = (facts.usageAsked()) ? ",\"usage\":null}" : "}";
	}

	private void delta(String delta, @Nullable String finishReason) {
		frame(null, this.head + "{\"index\":0,\"delta\":{" + delta + "},\"logprobs\":null,\"finish_reason\":"
				+ ((finishReason != null) ? Json.quote(finishReason) : "null") + "}]" + this.tail);
	}

	@Override
	void open() {
		delta("\"role\":\"assistant\",\"content\":\"\"", null);
	}

	@Override
	void text(String piece) {
		delta("\"content\":" + Json.quote(piece), null);
	}

	@Override
	void reasoning(String piece) {
		delta("\"reasoning_content\":" + Json.quote(piece), null);
	}

	@Override
	void refusal(String piece) {
		delta("\"refusal\":" + Json.quote(piece), null);
	}

	@Override
	void toolStart(int index, String id, String name) {
		delta("\"tool_calls\":[{\"index\":" + index + ",\"id\":" + Json.quote(id)
				+ ",\"type\":\"function\",\"function\":{\"name\":" + Json.quote(name) + ",\"arguments\":\"\"}}]", null);
	}

	@Override
	void toolArguments(int index, String fragment) {
		delta("\"tool_calls\":[{\"index\":" + index + ",\"function\":{\"arguments\":" + Json.quote(fragment) + "}}]",
				null);
	}

	@Override
	void toolEnd(int index) {
	}

	@Override
	void finish(FinishReason reason, @Nullable String raw) {
		delta("", (raw != null) ? raw : switch (reason) {
			case STOP, REFUSAL, PAUSE -> "stop";
			default -> reason.name().toLowerCase(Locale.ROOT);
		});
	}

	@Override
	void end() {
		Usage usage = facts().usage();
		if (usage != null && facts().usageAsked()) {
			frame(null, this.head + "],\"usage\":{\"prompt_tokens\":" + usage.inputTokens() + ",\"completion_tokens\":"
					+ usage.outputTokens() + ",\"total_tokens\":" + usage.totalTokens()
					+ ",\"prompt_tokens_details\":{\"cached_tokens\":" + usage.cachedInputTokens()
					+ "},\"completion_tokens_details\":{\"reasoning_tokens\":" + usage.reasoningTokens() + "}}}");
		}
		if (facts().endMark()) {
			frame(null, "[DONE]");
		}
	}

	@Override
	void error(ErrorWords error) {
		frame(null, error.body(Wire.OPENAI_CHAT));
	}

}
