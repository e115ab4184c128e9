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

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.json.JsonKind;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.ErrorBodies;
import io.llmstream.provider.JsonTokenDecoder;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.StrayDocuments;
import io.llmstream.provider.TokenSink;
import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the lines of {@code /api/chat}. The line that says {@code done} is the last and
 * has everything: it may carry content and calls too.
 */
final class OllamaTokenDecoder extends JsonTokenDecoder {

	private final OllamaMessage message = new OllamaMessage();

	private final OllamaCallIds ids = new OllamaCallIds();

	private final OllamaThinking thinking = new OllamaThinking();

	private boolean alone;

	private int calls;

	private @Nullable String doneReason;

	private long input;

	private long output;

	@Override
	public void decode(Frame frame, TokenSink sink) {
		if ("error".equals(frame.event())) {
			throw new ProviderErrorException(ErrorBodies.readInStream(frame.text()));
		}
		super.decode(frame, sink);
	}

	@Override
	protected void decodeDocument(JsonReader json, @Nullable String event, TokenSink sink) {
		this.alone = false;
		if (json.peek() != JsonKind.OBJECT) {
			sink.next(new Token.Other("document", json.raw()));
			return;
		}
		boolean done = false;
		boolean counted = false;
		boolean other = false;
		int messages = 0;
		json.enterObject();
		for (String name = json.nextName(); name != null; name = json.nextName()) {
			switch (name) {
				case "message" -> {
					this.message.read(json);
					emit(this.message, sink);
					messages++;
				}
				case "model" -> model(json.word());
				case "created_at" -> this.ids.answerBegan(json);
				case "done" -> done = json.booleanValue();
				case "done_reason" -> this.doneReason = json.string();
				case "prompt_eval_count" -> {
					this.input = json.longValue(0);
					counted = true;
				}
				case "eval_count" -> {
					this.output = json.longValue(0);
					counted = true;
				}
				case "total_duration", "load_duration", "prompt_eval_duration", "eval_duration", "remote_model",
						"remote_host" ->
					json.skip();
				case "error" -> decodeError(json);
				default -> {
					sink.next(new Token.Other(name, json.raw()));
					other = true;
				}
			}
		}
		this.alone = messages == 1 && !done && !counted && !other && this.doneReason == null;
		if (counted) {
			usage(Usage.reported(this.input, this.output));
		}
		if (done) {
			if (this.calls > 0) {
				this.thinking.emit(sink);
			}
			reach(Phase.DONE);
		}
	}

	@Override
	protected boolean saidOnePiece() {
		return this.alone && this.message.isOnePiece();
	}

	@Override
	protected void sayAgain(String text, TokenSink sink) {
		if (this.message.content.isEmpty()) {
			thought(text, sink);
		}
		else {
			sink.next(new Token.Text(text));
		}
	}

	private static void decodeError(JsonReader json) {
		String error = json.raw();
		if (StrayDocuments.says(error)) {
			throw new ProviderErrorException(ErrorBodies.readInStream("{\"error\":" + error + "}"));
		}
	}

	private void emit(OllamaMessage message, TokenSink sink) {
		if (!message.thinking.isEmpty()) {
			thought(message.thinking, sink);
		}
		if (!message.content.isEmpty()) {
			sink.next(new Token.Text(message.content));
		}
		for (OllamaMessage.Call call : message.calls) {
			int index = this.calls++;
			String id = (call.id().isEmpty()) ? this.ids.makeUp(index) : call.id();
			sink.next(new Token.ToolCallDelta(index, id, call.name(), call.arguments()));
			sink.next(new Token.ToolCall(index, id, call.name(), call.arguments()));
		}
		message.others.forEach((name, value) -> sink.next(new Token.Other(name, value)));
	}

	private void thought(String text, TokenSink sink) {
		this.thinking.add(text);
		sink.next(new Token.Reasoning(text));
	}

	@Override
	public Token.Finish finish() {
		if (phase() == Phase.STREAMING) {
			throw new IllegalStateException("The answer has not finished");
		}
		String raw = (this.doneReason == null || this.doneReason.isEmpty()) ? null : this.doneReason;
		return new Token.Finish(normalise((raw != null) ? raw : "stop"), raw, usage(), responseId(), model());
	}

	private FinishReason normalise(String reason) {
		return switch (reason) {
			case "stop" -> (this.calls > 0) ? FinishReason.TOOL_CALLS : FinishReason.STOP;
			case "length" -> FinishReason.LENGTH;
			default -> FinishReason.OTHER;
		};
	}

}
