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
 * Ollama's own wire.
 */
final class OllamaWriter extends WireWriter {

	private final String head;

	private final StringBuilder arguments = new StringBuilder();

	private String call = "";

	OllamaWriter(AnswerFacts facts) {
		super(facts, new LineFraming());
		this.head = "{\"model\":" + Json.quote(facts.model())
				+ ",\"created_at\":\"2026-09-21T13:46:40.123456789Z\",\"message\":{\"role\":\"assistant\",\"content\":";
	}

	private void message(String content, String members) {
		frame(null, this.head + Json.quote(content) + members + "},\"done\":false}");
	}

	@Override
	void open() {
	}

	@Override
	void text(String piece) {
		message(piece, "");
	}

	@Override
	void reasoning(String piece) {
		message("", ",\"thinking\":" + Json.quote(piece));
	}

	@Override
	void toolStart(int index, String id, String name) {
		this.call = ",\"tool_calls\":[{\"id\":" + Json.quote(id) + ",\"function\":{\"index\":" + index + ",\"name\":"
				+ Json.quote(name) + ",\"arguments\":";
		this.arguments.setLength(0);
	}

	@Override
	void toolArguments(int index, String fragment) {
		this.arguments.append(fragment);
	}

	@Override
	void toolEnd(int index) {
		message("", this.call + ((this.arguments.isEmpty()) ? "{}" : this.arguments) + "}}]");
	}

	@Override
	void finish(FinishReason reason, @Nullable String raw) {
		Usage usage = facts().usage();
		frame(null,
				this.head + "\"\"},\"done\":true,\"done_reason\":"
						+ Json.quote((raw != null) ? raw : (reason == FinishReason.LENGTH) ? "length" : "stop")
						+ ",\"total_duration\":21000000,\"load_duration\":1000000"
						+ ((usage != null) ? ",\"prompt_eval_count\":" + usage.inputTokens() + ",\"eval_count\":"
								+ usage.outputTokens() + ",\"eval_duration\":20000000" : "")
						+ "}");
	}

	@Override
	void end() {
	}

	@Override
	void error(ErrorWords error) {
		frame(null, error.body(Wire.OLLAMA));
	}

}
