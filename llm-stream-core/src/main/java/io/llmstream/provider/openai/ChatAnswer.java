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

package io.llmstream.provider.openai;

import java.nio.charset.StandardCharsets;

import io.llmstream.Token;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.TokenSink;

/**
 * Makes tokens of deltas: first reasoning, then text, then calls.
 */
final class ChatAnswer {

	private final String dialect;

	private final ReasoningReplay replay;

	private final ToolCallAssembler toolCalls;

	private final CitationReader citations;

	private final JsonReader reader = new JsonReader();

	private final StringBuilder blockText = new StringBuilder();

	private boolean toolOpen;

	ChatAnswer(OpenAiProfile profile, CitationReader citations) {
		this.dialect = profile.type();
		this.replay = new ReasoningReplay(profile);
		this.toolCalls = new ToolCallAssembler(this.dialect);
		this.citations = citations;
	}

	/**
	 * Take a delta.
	 * @param delta the delta
	 * @param sink receives its tokens
	 */
	void accept(ChatDelta delta, TokenSink sink) {
		reasoning(delta, sink);
		text(delta.content(), sink);
		for (ContentPart part : delta.parts()) {
			part(part, sink);
		}
		if (!delta.refusal().isEmpty()) {
			spoken(sink);
			sink.next(new Token.Refusal(delta.refusal()));
		}
		for (ChatDelta.Raw raw : delta.raws()) {
			raw(raw, sink);
		}
		for (ToolCallFragment fragment : delta.fragments()) {
			this.toolOpen = true;
			this.toolCalls.accept(fragment, sink);
		}
	}

	private void reasoning(ChatDelta delta, TokenSink sink) {
		this.blockText.setLength(0);
		for (ChatDelta.Raw raw : delta.raws()) {
			if (raw.name().equals("reasoning_details") || raw.name().equals("thinking_blocks")) {
				this.replay.blocks(raw.name(), open(raw.json()), this.blockText);
			}
		}
		// servers repeat the same piece in several members
		String text = "";
		if (!delta.reasoningContent().isEmpty()) {
			text = delta.reasoningContent();
			this.replay.text("reasoning_content", text);
		}
		if (!delta.reasoning().isEmpty()) {
			this.replay.text("reasoning", delta.reasoning());
			text = (text.isEmpty()) ? delta.reasoning() : text;
		}
		if (text.isEmpty() && !this.blockText.isEmpty()) {
			text = this.blockText.toString();
		}
		if (!text.isEmpty()) {
			spoken(sink);
			sink.next(new Token.Reasoning(text));
		}
	}

	/**
	 * Take a piece of the text.
	 * @param text the piece
	 * @param sink receives its token
	 */
	void text(String text, TokenSink sink) {
		if (!text.isEmpty()) {
			spoken(sink);
			sink.next(new Token.Text(text));
		}
	}

	private void part(ContentPart part, TokenSink sink) {
		switch (part.type()) {
			case "thinking" -> {
				if (!part.text().isEmpty()) {
					spoken(sink);
					sink.next(new Token.Reasoning(part.text()));
				}
			}
			case "refusal" -> {
				if (!part.text().isEmpty()) {
					sink.next(new Token.Refusal(part.text()));
				}
			}
			case "reference" -> this.citations.reference(part.json(), sink);
			case "text", "output_text", "" -> text(part.text(), sink);
			default -> sink.next(new Token.Other(part.type(), part.json()));
		}
	}

	private void raw(ChatDelta.Raw raw, TokenSink sink) {
		switch (raw.name()) {
			case "annotations", "citations" -> this.citations.annotations(raw.json(), sink);
			case ReplayKinds.EXTRA_CONTENT -> this.replay.extra(raw.json());
			case "reasoning_details", "thinking_blocks" -> {
				// read with the reasoning
			}
			default -> sink.next(new Token.Other(raw.name(), raw.json()));
		}
	}

	private JsonReader open(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		this.reader.reset(bytes, 0, bytes.length);
		return this.reader;
	}

	private void spoken(TokenSink sink) {
		if (this.toolOpen) {
			this.toolOpen = false;
			sink.silentPhase(false);
		}
	}

	/**
	 * Emit what is still open: nothing more comes.
	 * @param cut whether the answer was cut off
	 * @param sink receives the tokens
	 */
	void finish(boolean cut, TokenSink sink) {
		spoken(sink);
		this.replay.finish(sink);
		this.toolCalls.finish(cut, sink);
	}

	boolean hasToolCalls() {
		return this.toolCalls.hasCalls();
	}

}
