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
 * Google Gemini, in either framing.
 */
final class GeminiWriter extends WireWriter {

	private final StringBuilder arguments = new StringBuilder();

	private String call = "";

	GeminiWriter(AnswerFacts facts, BodyFraming framing) {
		super(facts, framing);
	}

	private void part(String part, @Nullable String finishReason, boolean usageKnown) {
		frame(null,
				"{\"candidates\":[{\"content\":{\"parts\":[{" + part + "}],\"role\":\"model\"},"
						+ ((finishReason != null) ? "\"finishReason\":" + Json.quote(finishReason) + "," : "")
						+ "\"index\":0}]," + usage(usageKnown) + "\"modelVersion\":" + Json.quote(facts().model())
						+ ",\"responseId\":" + Json.quote(facts().id("gen-")) + "}");
	}

	private String usage(boolean known) {
		Usage usage = facts().usage();
		if (usage == null) {
			return "";
		}
		StringBuilder json = new StringBuilder("\"usageMetadata\":{\"promptTokenCount\":").append(usage.inputTokens());
		if (usage.cachedInputTokens() > 0) {
			json.append(",\"cachedContentTokenCount\":").append(usage.cachedInputTokens());
		}
		if (known) {
			json.append(",\"candidatesTokenCount\":").append(usage.outputTokens() - usage.reasoningTokens());
			if (usage.reasoningTokens() > 0) {
				json.append(",\"thoughtsTokenCount\":").append(usage.reasoningTokens());
			}
		}
		return json.append(",\"totalTokenCount\":")
			.append((known) ? usage.totalTokens() : usage.inputTokens())
			.append("},")
			.toString();
	}

	@Override
	void open() {
	}

	@Override
	void text(String piece) {
		part("\"text\":" + Json.quote(piece), null, false);
	}

	@Override
	void reasoning(String piece) {
		part("\"text\":" + Json.quote(piece) + ",\"thought\":true", null, false);
	}

	@Override
	void signature(String signature) {
		part("\"text\":\"\",\"thoughtSignature\":" + Json.quote(signature), null, false);
	}

	@Override
	void toolStart(int index, String id, String name) {
		this.call = "\"functionCall\":{\"id\":" + Json.quote(id) + ",\"name\":" + Json.quote(name) + ",\"args\":";
		this.arguments.setLength(0);
	}

	@Override
	void toolArguments(int index, String fragment) {
		this.arguments.append(fragment);
	}

	@Override
	void toolEnd(int index) {
		part(this.call + ((this.arguments.isEmpty()) ? "{}" : this.arguments) + "}", null, false);
	}

	@Override
	void finish(FinishReason reason, @Nullable String raw) {
		part("\"text\":\"\"", (raw != null) ? raw : switch (reason) {
			case STOP, TOOL_CALLS -> "STOP";
			case LENGTH -> "MAX_TOKENS";
			case CONTENT_FILTER -> "SAFETY";
			case REFUSAL -> "PROHIBITED_CONTENT";
			case PAUSE, ERROR, OTHER -> "OTHER";
		}, true);
	}

	@Override
	void end() {
	}

	@Override
	void error(ErrorWords error) {
		frame(null, error.body(Wire.GEMINI));
	}

}
