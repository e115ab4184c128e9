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

package io.llmstream.benchmarks.provider;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import io.llmstream.benchmarks.load.TokenText;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one wire, encoded beforehand: only number and time of a token are filled
 * in when it is sent.
 */
public enum WireTemplate {

	/** OpenAI's chat completions. */
	OPENAI("text/event-stream", "\"content\":\"",
			event(null, openai("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}")),
			event(null, openai("\"delta\":{\"content\":\"\u0000\"}")),
			event(null, openai("\"delta\":{}").replace("\"finish_reason\":null", "\"finish_reason\":\"stop\""))
					+ event(null,
							openai("").replaceFirst("\"choices\":\\[.*\\],", "\"choices\":[],")
								.replace("\"usage\":null",
										"\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":#,\"total_tokens\":9}"))
					+ "data: [DONE]\n\n"),

	/** OpenAI's Responses. */
	RESPONSES("text/event-stream", "\"delta\":\"", responsesHead(), event("response.output_text.delta",
			"{\"type\":\"response.output_text.delta\",\"sequence_number\":7,\"item_id\":\"msg_7c2f5ad41be0493f86\","
					+ "\"output_index\":0,\"content_index\":0,\"delta\":\"\u0000\",\"logprobs\":[],\"obfuscation\":\"kX3\"}"),
			event("response.completed",
					"{\"type\":\"response.completed\",\"sequence_number\":9,\"response\":{\"id\":\"resp_5be1\",\"object\":\"response\","
							+ "\"status\":\"completed\",\"model\":\"mock-1\",\"output\":[],\"usage\":{\"input_tokens\":9,"
							+ "\"output_tokens\":#,\"total_tokens\":9}}}")),

	/** Anthropic's messages. */
	ANTHROPIC("text/event-stream", "\"text\":\"", event("message_start",
			"{\"type\":\"message_start\",\"message\":{\"id\":\"msg_01Mock\",\"type\":\"message\",\"role\":\"assistant\","
					+ "\"model\":\"mock-1\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
					+ "\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}")
			+ event("content_block_start",
					"{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"),
			event("content_block_delta",
					"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\u0000\"}}"),
			event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}") + event("message_delta",
					"{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
							+ "\"usage\":{\"output_tokens\":#}}")
					+ event("message_stop", "{\"type\":\"message_stop\"}")),

	/** Google's Gemini. */
	GEMINI("text/event-stream", "\"text\": \"", "", event(null,
			"{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"\u0000\"}],\"role\": \"model\"},\"index\": 0}],"
					+ "\"usageMetadata\": {\"promptTokenCount\": 9,\"totalTokenCount\": 9},"
					+ "\"modelVersion\": \"mock-1\",\"responseId\": \"mock-5be1\"}"),
			event(null,
					"{\"candidates\": [{\"content\": {\"parts\": [],\"role\": \"model\"},\"finishReason\": \"STOP\",\"index\": 0}],"
							+ "\"usageMetadata\": {\"promptTokenCount\": 9,\"candidatesTokenCount\": #,\"totalTokenCount\": 9},"
							+ "\"modelVersion\": \"mock-1\",\"responseId\": \"mock-5be1\"}")),

	/** Ollama's chat. */
	OLLAMA("application/x-ndjson", "\"content\":\"", "",
			"{\"model\":\"mock-1\",\"created_at\":\"2026-11-22T00:00:00.000000Z\",\"message\":{\"role\":\"assistant\","
					+ "\"content\":\"\u0000\"},\"done\":false}\n",
			"{\"model\":\"mock-1\",\"created_at\":\"2026-11-22T00:00:01.000000Z\",\"message\":{\"role\":\"assistant\","
					+ "\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"total_duration\":1,\"prompt_eval_count\":9,"
					+ "\"eval_count\":#}\n");

	private final String contentType;

	private final String marker;

	private final byte[] head;

	private final byte[] chunk;

	private final byte[] framed;

	private final int textOffset;

	private final String tail;

	WireTemplate(String contentType, String marker, String head, String chunk, String tail) {
		this.contentType = contentType;
		this.marker = marker;
		this.head = bytes(head);
		this.textOffset = chunk.indexOf('\0');
		this.chunk = bytes(chunk.replace("\0", " ".repeat(TokenText.LENGTH)));
		this.framed = bytes(Integer.toHexString(this.chunk.length) + "\r\n"
				+ new String(this.chunk, StandardCharsets.US_ASCII) + "\r\n");
		this.tail = tail;
	}

	private static String event(@Nullable String name, String data) {
		return ((name != null) ? "event: " + name + "\n" : "") + "data: " + data + "\n\n";
	}

	private static String openai(String delta) {
		return "{\"id\":\"chatcmpl-C7mock5be1a94d0f2c86e37\",\"object\":\"chat.completion.chunk\",\"created\":1795305600,"
				+ "\"model\":\"mock-1-2026-11-22\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_3d8f60c1aa\","
				+ "\"choices\":[{\"index\":0," + delta + ",\"logprobs\":null,\"finish_reason\":null}],"
				+ "\"usage\":null,\"obfuscation\":\"pQ7d\"}";
	}

	private static String responsesHead() {
		String item = "\"output_index\":0,\"item\":{\"id\":\"msg_7c2f5ad41be0493f86\",\"type\":\"message\","
				+ "\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}}";
		return event("response.created",
				"{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_5be1\",\"object\":\"response\","
						+ "\"status\":\"in_progress\",\"model\":\"mock-1\",\"output\":[]}}")
				+ event("response.output_item.added",
						"{\"type\":\"response.output_item.added\",\"sequence_number\":1," + item);
	}

	private static byte[] bytes(String ascii) {
		return ascii.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Find the wire of a request.
	 * @param path the request's path
	 * @return the wire
	 */
	static WireTemplate of(String path) {
		if (path.contains("/messages")) {
			return ANTHROPIC;
		}
		if (path.contains("/responses")) {
			return RESPONSES;
		}
		if (path.contains("treamGenerateContent")) {
			return GEMINI;
		}
		return (path.contains("/api/chat")) ? OLLAMA : OPENAI;
	}

	/**
	 * Where requests of this wire go.
	 * @return a path
	 */
	public String path() {
		return switch (this) {
			case OPENAI -> "/v1/chat/completions";
			case RESPONSES -> "/v1/responses";
			case ANTHROPIC -> "/v1/messages";
			case GEMINI -> "/v1beta/models/mock-1:streamGenerateContent?alt=sse";
			case OLLAMA -> "/api/chat";
		};
	}

	/**
	 * What stands directly before the text of a token.
	 * @return some ASCII text
	 */
	public String marker() {
		return this.marker;
	}

	/**
	 * What stands behind the text of a token.
	 * @return a number of bytes
	 */
	public int afterText() {
		return this.chunk.length - this.textOffset - TokenText.LENGTH;
	}

	/**
	 * What one token costs on the wire, without the framing of HTTP.
	 * @return a number of bytes
	 */
	public int bytesPerToken() {
		return this.chunk.length;
	}

	/**
	 * How long the body of an answer is.
	 * @param tokens how many tokens it has
	 * @return a number of bytes
	 */
	public long bodyBytes(int tokens) {
		return this.head.length + (long) tokens * this.chunk.length + tail(tokens).length;
	}

	String contentType() {
		return this.contentType;
	}

	/**
	 * What an answer begins with.
	 * @return the bytes
	 */
	public byte[] head() {
		return this.head.clone();
	}

	/**
	 * What an answer ends with.
	 * @param tokens how many tokens it has
	 * @return the bytes
	 */
	public byte[] tail(int tokens) {
		return bytes(this.tail.replace("#", Integer.toString(tokens)));
	}

	/**
	 * Write tokens, each in a chunk of HTTP of its own, as providers do.
	 * @param first the number of the first one
	 * @param count how many
	 * @param micros the time
	 * @param out receives them
	 */
	void writeChunks(int first, int count, long micros, ByteBuf out) {
		write(this.framed, first, count, micros, out);
	}

	/**
	 * Write tokens without the framing of HTTP.
	 * @param first the number of the first one
	 * @param count how many
	 * @param micros the time
	 * @param out receives them
	 */
	public void write(int first, int count, long micros, ByteBuf out) {
		write(this.chunk, first, count, micros, out);
	}

	private void write(byte[] template, int first, int count, long micros, ByteBuf out) {
		byte[] text = new byte[TokenText.LENGTH];
		int offset = (template == this.chunk) ? this.textOffset
				: template.length - 2 - this.chunk.length + this.textOffset;
		for (int i = 0; i < count; i++) {
			int start = out.writerIndex();
			out.writeBytes(template);
			TokenText.write(first + i, micros, text, 0);
			out.setBytes(start + offset, text);
		}
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
