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

import java.util.List;

import io.llmstream.Token;
import io.llmstream.provider.RequestJson;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns what is told about items into tokens, each thing once.
 */
final class ResponsesOutput {

	private final ResponsesItems items = new ResponsesItems();

	private int calls;

	private int silentItems;

	boolean hasCalls() {
		return this.calls > 0;
	}

	void added(ResponsesEvent event, TokenSink sink) {
		ResponsesItemJson json = new ResponsesItemJson((event.item != null) ? event.item : "{}");
		ResponsesItem item = this.items.add(event.outputIndex, json.id, json.kind());
		item.describe(json);
		sink.progress();
		if (item.kind() == ResponsesKind.CALL && item.isNamed()) {
			item.beginCall(this.calls++, sink);
		}
		silent(item, item.kind() != ResponsesKind.MESSAGE, sink);
	}

	void text(ResponsesEvent event, String delta, TokenSink sink) {
		if (!delta.isEmpty()) {
			message(event).emit(event.contentIndex, delta);
			sink.next(new Token.Text(delta));
		}
	}

	void textDone(ResponsesEvent event, String whole, TokenSink sink) {
		sink.progress();
		emitText(message(event).rest(event.contentIndex, whole), sink);
	}

	void refusal(ResponsesEvent event, String delta, TokenSink sink) {
		if (!delta.isEmpty()) {
			message(event).emit(event.contentIndex, delta);
			sink.next(new Token.Refusal(delta));
		}
	}

	void refusalDone(ResponsesEvent event, String whole, TokenSink sink) {
		sink.progress();
		emitRefusal(message(event).rest(event.contentIndex, whole), sink);
	}

	void reasoning(ResponsesEvent event, String delta, TokenSink sink) {
		if (!delta.isEmpty()) {
			ResponsesItem item = item(event, ResponsesKind.REASONING);
			item.emit(event.contentIndex, delta);
			silent(item, false, sink);
			sink.next(new Token.Reasoning(delta));
		}
	}

	void reasoningDone(ResponsesEvent event, String whole, TokenSink sink) {
		ResponsesItem item = item(event, ResponsesKind.REASONING);
		sink.progress();
		if (!item.hasSummary()) {
			emitReasoning(item.rest(event.contentIndex, whole), sink);
		}
	}

	void summary(ResponsesEvent event, String delta, TokenSink sink) {
		if (!delta.isEmpty()) {
			ResponsesItem item = item(event, ResponsesKind.REASONING);
			item.emitSummary(event.summaryIndex, delta);
			silent(item, false, sink);
			sink.next(new Token.Reasoning(delta));
		}
	}

	void summaryDone(ResponsesEvent event, String whole, TokenSink sink) {
		ResponsesItem item = item(event, ResponsesKind.REASONING);
		sink.progress();
		if (!item.hasContent()) {
			emitReasoning(item.restOfSummary(event.summaryIndex, whole), sink);
		}
		// Between two parts of a summary the model reasons unseen.
		silent(item, !item.isDone(), sink);
	}

	void arguments(ResponsesEvent event, String fragment, TokenSink sink) {
		if (!fragment.isEmpty()) {
			sink.progress();
			item(event, ResponsesKind.CALL).arguments(fragment, sink);
		}
	}

	void argumentsDone(ResponsesEvent event, String whole, TokenSink sink) {
		ResponsesItem item = item(event, ResponsesKind.CALL);
		sink.progress();
		if (item.isNamed() && !whole.isBlank()) {
			call(item, whole, false, sink);
		}
	}

	void annotation(ResponsesEvent event, TokenSink sink) {
		if (event.annotation != null) {
			message(event).countCitation(event.contentIndex);
			sink.next(ResponsesItemJson.citation(event.annotation));
		}
	}

	void partDone(ResponsesEvent event, TokenSink sink) {
		sink.progress();
		ResponsesItemJson.@Nullable Piece piece = (event.part != null) ? ResponsesItemJson.piece(event.part) : null;
		if (piece != null && !piece.type().equals("reasoning_text")) {
			message(message(event), event.contentIndex, piece, sink);
		}
	}

	void done(ResponsesEvent event, TokenSink sink) {
		ResponsesItemJson json = new ResponsesItemJson((event.item != null) ? event.item : "{}");
		done(this.items.get(event.outputIndex, json.id, json.kind()), json, false, sink);
	}

	/**
	 * Take the output of the whole response.
	 * @param output its items
	 * @param cut whether the response was cut off
	 * @param sink receives what was not emitted before
	 */
	void complete(List<String> output, boolean cut, TokenSink sink) {
		List<ResponsesItemJson> jsons = output.stream().map(ResponsesItemJson::new).toList();
		List<ResponsesItem> matched = this.items.match(jsons);
		for (int i = 0; i < jsons.size(); i++) {
			done(matched.get(i), jsons.get(i), cut, sink);
		}
	}

	void closeAll(boolean cut, TokenSink sink) {
		for (ResponsesItem item : this.items.all()) {
			if (item.kind() == ResponsesKind.CALL && !item.isCalled()) {
				call(item, null, cut, sink);
			}
			silent(item, false, sink);
		}
	}

	private void done(ResponsesItem item, ResponsesItemJson json, boolean cut, TokenSink sink) {
		item.describe(json);
		sink.progress();
		switch (item.kind()) {
			case MESSAGE -> {
				for (int i = 0; i < json.content.size(); i++) {
					message(item, item.contentIndex(i, json.content.size()), json.content.get(i), sink);
				}
			}
			case REASONING -> reasoning(item, json, sink);
			// of a response that was cut off, what is complete says so
			case CALL -> call(item, json.arguments,
					"incomplete".equals(json.status) || (cut && !"completed".equals(json.status)), sink);
			case OTHER -> other(item, json, sink);
		}
		item.setDone();
		silent(item, false, sink);
	}

	private static void message(ResponsesItem item, int index, ResponsesItemJson.Piece piece, TokenSink sink) {
		String rest = item.rest(index, piece.text());
		if (piece.type().equals("refusal")) {
			emitRefusal(rest, sink);
		}
		else {
			emitText(rest, sink);
		}
		for (int i = item.citations(index); i < piece.annotations().size(); i++) {
			item.countCitation(index);
			sink.next(ResponsesItemJson.citation(piece.annotations().get(i)));
		}
	}

	private static void reasoning(ResponsesItem item, ResponsesItemJson json, TokenSink sink) {
		for (int i = 0; i < json.summary.size() && !item.hasContent(); i++) {
			emitReasoning(item.restOfSummary(i, json.summary.get(i).text()), sink);
		}
		for (int i = 0; i < json.content.size() && !item.hasSummary(); i++) {
			emitReasoning(item.rest(item.contentIndex(i, json.content.size()), json.content.get(i).text()), sink);
		}
		// Only the encrypted form means something to a provider that stored nothing.
		if (!item.isDone() && json.encryptedContent != null && !json.encryptedContent.isEmpty()) {
			sink.next(new Token.ReplayState(ResponsesDialect.TYPE, json.type, replay(json.json)));
		}
	}

	/*
	 * The members that the documentation lists for reasoning that is sent back; others,
	 * such as the status, are rejected by some versions of the API.
	 */
	private static String replay(String json) {
		ObjectNode state = RequestJson.object();
		if (RequestJson.parse(json, "The item") instanceof ObjectNode item) {
			for (String member : List.of("type", "id", "summary", "encrypted_content")) {
				if (item.has(member)) {
					state.set(member, item.get(member));
				}
			}
		}
		if (!state.has("summary")) {
			state.putArray("summary");
		}
		return state.toString();
	}

	private void other(ResponsesItem item, ResponsesItemJson json, TokenSink sink) {
		if (item.isDone()) {
			return;
		}
		if (json.type.equals("compaction")) {
			sink.next(new Token.ReplayState(ResponsesDialect.TYPE, json.type, json.json));
		}
		else {
			sink.next(new Token.Other(json.type, json.json));
		}
	}

	private void call(ResponsesItem item, @Nullable String arguments, boolean cut, TokenSink sink) {
		if (item.isCalled()) {
			return;
		}
		if (!item.hasBegun()) {
			item.beginCall(this.calls++, sink);
		}
		item.endCall(arguments, cut, sink);
		silent(item, false, sink);
	}

	private static void emitText(String text, TokenSink sink) {
		if (!text.isEmpty()) {
			sink.next(new Token.Text(text));
		}
	}

	private static void emitRefusal(String text, TokenSink sink) {
		if (!text.isEmpty()) {
			sink.next(new Token.Refusal(text));
		}
	}

	private static void emitReasoning(String text, TokenSink sink) {
		if (!text.isEmpty()) {
			sink.next(new Token.Reasoning(text));
		}
	}

	private ResponsesItem message(ResponsesEvent event) {
		return item(event, ResponsesKind.MESSAGE);
	}

	private ResponsesItem item(ResponsesEvent event, ResponsesKind kind) {
		return this.items.get(event.outputIndex, event.itemId, kind);
	}

	private void silent(ResponsesItem item, boolean silent, TokenSink sink) {
		if (item.isSilent() == silent) {
			return;
		}
		item.setSilent(silent);
		this.silentItems += (silent) ? 1 : -1;
		if (this.silentItems == ((silent) ? 1 : 0)) {
			sink.silentPhase(silent);
		}
	}

}
