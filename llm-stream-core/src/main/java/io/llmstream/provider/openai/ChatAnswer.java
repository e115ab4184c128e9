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
import org.jspecify.annotations.Nullable;

/**
 * Makes tokens of deltas: first reasoning, then text, then calls. An open stream of plain
 * text holds nothing of what the rest needs.
 */
final class ChatAnswer {

	private final OpenAiProfile profile;

	private @Nullable ReasoningReplay replay;

	private @Nullable ToolCallAssembler toolCalls;

	private @Nullable CitationReader citations;

	private @Nullable JsonReader reader;

	private @Nullable StringBuilder blockText;

	private boolean toolOpen;

	ChatAnswer(OpenAiProfile profile) {
		this.profile = profile;
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
			toolCalls().accept(fragment, sink);
		}
	}

	private void reasoning(ChatDelta delta, TokenSink sink) {
		StringBuilder blockText = this.blockText;
		if (blockText != null) {
			blockText.setLength(0);
		}
		for (ChatDelta.Raw raw : delta.raws()) {
			if (raw.name().equals("reasoning_details") || raw.name().equals("thinking_blocks")) {
				blockText = (blockText != null) ? blockText : new StringBuilder();
				this.blockText = blockText;
				replay().blocks(raw.name(), open(raw.json()), blockText);
			}
		}
		// servers repeat the same piece in several members
		String text = "";
		if (!delta.reasoningContent().isEmpty()) {
			text = delta.reasoningContent();
			replay().text("reasoning_content", text);
		}
		if (!delta.reasoning().isEmpty()) {
			replay().text("reasoning", delta.reasoning());
			text = (text.isEmpty()) ? delta.reasoning() : text;
		}
		if (text.isEmpty() && blockText != null && !blockText.isEmpty()) {
			text = blockText.toString();
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
			case "reference" -> citations().reference(part.json(), sink);
			case "text", "output_text", "" -> text(part.text(), sink);
			default -> sink.next(new Token.Other(part.type(), part.json()));
		}
	}

	private void raw(ChatDelta.Raw raw, TokenSink sink) {
		switch (raw.name()) {
			case "annotations", "citations" -> citations().annotations(raw.json(), sink);
			case ReplayKinds.EXTRA_CONTENT -> replay().extra(raw.json());
			case "reasoning_details", "thinking_blocks" -> {
				// read with the reasoning
			}
			default -> sink.next(new Token.Other(raw.name(), raw.json()));
		}
	}

	private JsonReader open(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		if (this.reader == null) {
			this.reader = new JsonReader();
		}
		this.reader.reset(bytes, 0, bytes.length);
		return this.reader;
	}

	private ReasoningReplay replay() {
		if (this.replay == null) {
			this.replay = new ReasoningReplay(this.profile);
		}
		return this.replay;
	}

	private ToolCallAssembler toolCalls() {
		if (this.toolCalls == null) {
			this.toolCalls = new ToolCallAssembler(this.profile.type());
		}
		return this.toolCalls;
	}

	private CitationReader citations() {
		if (this.citations == null) {
			this.citations = new CitationReader();
		}
		return this.citations;
	}

	private void spoken(TokenSink sink) {
		if (this.toolOpen) {
			this.toolOpen = false;
			sink.silentPhase(false);
		}
	}

	/**
	 * Take a list of sources.
	 * @param raw a list of addresses or objects, as JSON
	 * @param sink receives those that are new
	 */
	void sources(String raw, TokenSink sink) {
		citations().sources(raw, sink);
	}

	/**
	 * Emit what is still open: nothing more comes.
	 * @param cut whether the answer was cut off
	 * @param sink receives the tokens
	 */
	void finish(boolean cut, TokenSink sink) {
		spoken(sink);
		if (this.replay != null) {
			this.replay.finish(sink);
		}
		if (this.toolCalls != null) {
			this.toolCalls.finish(cut, sink);
		}
	}

	boolean hasToolCalls() {
		return this.toolCalls != null && this.toolCalls.hasCalls();
	}

}
