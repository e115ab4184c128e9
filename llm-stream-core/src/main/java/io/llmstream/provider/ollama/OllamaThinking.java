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

package io.llmstream.provider.ollama;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.Token;
import io.llmstream.provider.RequestJson;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * What a model thought before it called tools. The next request carries it, as
 * <a href="https://docs.ollama.com/capabilities/streaming">the documentation asks
 * for</a>; without calls nobody needs it again.
 */
final class OllamaThinking {

	private static final String DIALECT = "ollama";

	private static final String KIND = "thinking";

	private @Nullable StringBuilder text;

	void add(String piece) {
		if (this.text == null) {
			this.text = new StringBuilder();
		}
		this.text.append(piece);
	}

	void emit(TokenSink sink) {
		if (this.text != null && !this.text.isEmpty()) {
			sink.next(new Token.ReplayState(DIALECT, KIND, StringNode.valueOf(this.text.toString()).toString()));
			this.text.setLength(0);
		}
	}

	/**
	 * The thinking that a message carries.
	 * @return the text, empty if there is none
	 */
	static String of(Message message) {
		StringBuilder text = new StringBuilder();
		for (Part part : message.parts()) {
			if (part instanceof Part.ReplayState state && state.dialect().equals(DIALECT)
					&& state.kind().equals(KIND)) {
				JsonNode json = RequestJson.parse(state.json(), "The replay state");
				text.append(json.asString(""));
			}
		}
		return text.toString();
	}

}
