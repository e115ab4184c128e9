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

package io.llmstream.provider.responses;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.ErrorBodies;
import io.llmstream.provider.EventTokenDecoder;
import io.llmstream.provider.ProviderError;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the events of one response. Everything comes up to four times: in pieces, as a
 * finished part, as a finished item, and in the whole response at the end.
 */
final class ResponsesTokenDecoder extends EventTokenDecoder {

	private final ResponsesEvent event = new ResponsesEvent();

	private final ResponsesOutput output = new ResponsesOutput();

	private @Nullable String status;

	private @Nullable String incompleteReason;

	@Override
	protected void decodeDocument(JsonReader json, @Nullable String name, TokenSink sink) {
		ResponsesEvent event = this.event;
		event.read(json);
		String type = (event.type != null) ? event.type : String.valueOf(name);
		if (type.equals("error") || event.error) {
			throw new ProviderErrorException(ErrorBodies.readInStream(json.document()));
		}
		if (!delta(type, sink) && !whole(type, sink) && !response(type, json, sink)) {
			other(type, json, sink);
		}
	}

	@Override
	protected boolean saidOnePiece() {
		if (this.event.type == null || this.event.delta == null || this.event.delta.isEmpty()) {
			return false;
		}
		return switch (this.event.type) {
			case "response.output_text.delta", "response.reasoning_text.delta",
					"response.reasoning_summary_text.delta" ->
				true;
			default -> false;
		};
	}

	@Override
	protected void sayAgain(String text, TokenSink sink) {
		this.event.delta = text;
		delta(String.valueOf(this.event.type), sink);
	}

	@Override
	public void end(TokenSink sink) {
		if (phase() != Phase.STREAMING) {
			this.output.closeAll(isCut(), sink);
		}
	}

	@Override
	public Token.Finish finish() {
		if (phase() == Phase.STREAMING) {
			throw new IllegalStateException("The response has not ended");
		}
		String raw = this.status;
		FinishReason reason = (this.output.hasCalls()) ? FinishReason.TOOL_CALLS : FinishReason.STOP;
		if (isCut()) {
			raw = Objects.requireNonNullElse(this.incompleteReason, "incomplete");
			reason = switch (raw) {
				case "max_output_tokens" -> FinishReason.LENGTH;
				case "content_filter" -> FinishReason.CONTENT_FILTER;
				default -> FinishReason.OTHER;
			};
		}
		return new Token.Finish(reason, raw, usage(), responseId(), model());
	}

	private boolean delta(String type, TokenSink sink) {
		ResponsesEvent event = this.event;
		String delta = Objects.requireNonNullElse(event.delta, "");
		switch (type) {
			case "response.output_text.delta", "response.content_part.delta" -> this.output.text(event, delta, sink);
			case "response.refusal.delta" -> this.output.refusal(event, delta, sink);
			case "response.reasoning_text.delta" -> this.output.reasoning(event, delta, sink);
			case "response.reasoning_summary_text.delta" -> this.output.summary(event, delta, sink);
			case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta" ->
				this.output.arguments(event, delta, sink);
			// What these write comes whole with their items.
			case "response.code_interpreter_call_code.delta", "response.mcp_call_arguments.delta",
					"response.shell_call_command.delta" ->
				sink.progress();
			case "ping", "keepalive", "response.keepalive" -> {
			}
			default -> {
				return false;
			}
		}
		return true;
	}

	private boolean whole(String type, TokenSink sink) {
		ResponsesEvent event = this.event;
		String whole = Objects.requireNonNullElse(event.whole, "");
		switch (type) {
			case "response.output_item.added" -> this.output.added(event, sink);
			case "response.output_item.done" -> this.output.done(event, sink);
			case "response.output_text.annotation.added" -> this.output.annotation(event, sink);
			case "response.output_text.done" -> this.output.textDone(event, whole, sink);
			case "response.refusal.done" -> this.output.refusalDone(event, whole, sink);
			case "response.reasoning_text.done" -> this.output.reasoningDone(event, whole, sink);
			case "response.reasoning_summary_text.done" -> this.output.summaryDone(event, whole, sink);
			case "response.function_call_arguments.done", "response.custom_tool_call_input.done" ->
				this.output.argumentsDone(event, whole, sink);
			case "response.content_part.done" -> this.output.partDone(event, sink);
			case "response.content_part.added", "response.reasoning_part.added", "response.reasoning_part.done",
					"response.reasoning_summary_part.added", "response.reasoning_summary_part.done",
					"response.code_interpreter_call_code.done", "response.mcp_call_arguments.done",
					"response.shell_call_command.added", "response.shell_call_command.done" ->
				sink.progress();
			default -> {
				return false;
			}
		}
		return true;
	}

	private boolean response(String type, JsonReader json, TokenSink sink) {
		ResponsesSnapshot response = this.event.response;
		switch (type) {
			case "response.created", "response.queued", "response.in_progress" -> note(response);
			case "response.completed", "response.incomplete", "response.failed", "response.cancelled" ->
				end(type.substring(type.indexOf('.') + 1), response, sink);
			case "response.done" -> end(Objects.requireNonNullElse(response.status, "completed"), response, sink);
			default -> {
				if (!this.event.isResponse) {
					return false;
				}
				ResponsesSnapshot document = snapshot(json.document());
				end(Objects.requireNonNullElse(document.status, "completed"), document, sink);
			}
		}
		return true;
	}

	private boolean isCut() {
		return "incomplete".equals(this.status);
	}

	private static ResponsesSnapshot snapshot(String document) {
		byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
		JsonReader reader = new JsonReader();
		reader.reset(bytes, 0, bytes.length);
		ResponsesSnapshot snapshot = new ResponsesSnapshot();
		snapshot.read(reader);
		return snapshot;
	}

	private void other(String type, JsonReader json, TokenSink sink) {
		if (this.event.type == null && stray(json.document(), type)) {
			return;
		}
		sink.next(new Token.Other(type, json.document()));
	}

	private void note(ResponsesSnapshot response) {
		responseId(response.id);
		model(response.model);
		if (response.usage != null) {
			usage(response.usage);
		}
		if (response.error != null) {
			throw new ProviderErrorException(ErrorBodies.readInStream("{\"error\":" + response.error + "}"));
		}
	}

	private void end(String event, ResponsesSnapshot response, TokenSink sink) {
		note(response);
		// gateways call the last event "completed" or "done" whatever became of the
		// response
		String said = Objects.requireNonNullElse(response.status, event);
		String status = switch (said) {
			case "incomplete", "failed", "cancelled" -> said;
			default -> event;
		};
		if (status.equals("failed") || status.equals("cancelled")) {
			throw new ProviderErrorException(
					new ProviderError(ErrorKind.SERVER_ERROR, status, "the response was " + status, null));
		}
		this.status = status;
		this.output.complete(List.copyOf(response.output), isCut(), sink);
		this.output.closeAll(isCut(), sink);
		this.incompleteReason = response.incompleteReason;
		reach(Phase.DONE);
	}

}
