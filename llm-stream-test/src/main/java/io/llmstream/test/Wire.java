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

import org.jspecify.annotations.Nullable;

/**
 * A wire that the {@linkplain ScriptedProvider scripted provider} speaks.
 */
public enum Wire {

	/** OpenAI Chat Completions, and all that imitate it. */
	OPENAI_CHAT("/v1/chat/completions", "text/event-stream; charset=utf-8"),

	/** OpenAI Responses. */
	OPENAI_RESPONSES("/v1/responses", "text/event-stream; charset=utf-8"),

	/** Anthropic Messages. */
	ANTHROPIC("/v1/messages", "text/event-stream; charset=utf-8"),

	/** Google Gemini and Vertex, as server-sent events. */
	GEMINI("/v1beta/models/{model}:streamGenerateContent?alt=sse", "text/event-stream"),

	/** Google Gemini and Vertex without {@code alt=sse}: one growing JSON array. */
	GEMINI_ARRAY("/v1beta/models/{model}:streamGenerateContent", "application/json; charset=UTF-8"),

	/** Ollama's own wire: a JSON object on each line. */
	OLLAMA("/api/chat", "application/x-ndjson");

	private final String path;

	private final String contentType;

	Wire(String path, String contentType) {
		this.path = path;
		this.contentType = contentType;
	}

	/**
	 * Where a request of this wire goes.
	 * @param model the model, which is a part of some paths
	 * @return the path, with its query if it needs one
	 */
	public String path(String model) {
		return this.path.replace("{model}", model);
	}

	/**
	 * The content type of a streamed answer.
	 * @return the value of the header
	 */
	public String contentType() {
		return this.contentType;
	}

	/**
	 * Find out which wire a request speaks. Only the end of the path counts, so that any
	 * base address will do.
	 * @param uri the path and query of the request
	 * @return the wire, or {@code null} if no wire has this path
	 */
	static @Nullable Wire ofUri(String uri) {
		int question = uri.indexOf('?');
		String path = (question < 0) ? uri : uri.substring(0, question);
		String query = (question < 0) ? "" : uri.substring(question + 1).toLowerCase(Locale.ROOT);
		if (path.endsWith("/chat/completions")) {
			return OPENAI_CHAT;
		}
		if (path.endsWith("/responses")) {
			return OPENAI_RESPONSES;
		}
		if (path.endsWith("/messages") || path.endsWith(":streamRawPredict")) {
			return ANTHROPIC;
		}
		if (path.endsWith(":streamGenerateContent")) {
			return (query.matches("(.*&)?alt=sse(&.*)?")) ? GEMINI : GEMINI_ARRAY;
		}
		return path.endsWith("/api/chat") ? OLLAMA : null;
	}

	WireWriter newWriter(AnswerFacts facts) {
		return switch (this) {
			case OPENAI_CHAT -> new OpenAiChatWriter(facts);
			case OPENAI_RESPONSES -> new OpenAiResponsesWriter(facts);
			case ANTHROPIC -> new AnthropicWriter(facts);
			case GEMINI -> new GeminiWriter(facts, new SseFraming("\r\n"));
			case GEMINI_ARRAY -> new GeminiWriter(facts, new ArrayFraming());
			case OLLAMA -> new OllamaWriter(facts);
		};
	}

}
