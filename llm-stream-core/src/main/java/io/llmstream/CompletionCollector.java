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

package io.llmstream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Collects tokens into a {@link Completion}, at a cost that is linear in the length of
 * the answer. Where tools are run, each {@link Token.StepStart} closes the message so
 * far. For one answer and one thread at a time.
 */
public final class CompletionCollector {

	private final StringBuilder text = new StringBuilder();

	private final StringBuilder reasoning = new StringBuilder();

	private final StringBuilder refusal = new StringBuilder();

	private final List<Part> parts = new ArrayList<>();

	private final List<Token.Citation> citations = new ArrayList<>();

	private final List<Message> messages = new ArrayList<>();

	/** The results of this message's calls; {@code null} as long as there is none. */
	private final Map<String, Part.@Nullable ToolResult> results = new LinkedHashMap<>();

	private int textInParts;

	private int citationsBefore;

	private Token.@Nullable Finish finish;

	/**
	 * Take the next token.
	 * @param token the token
	 * @return this collector
	 */
	public CompletionCollector add(Token token) {
		if (token instanceof Token.Text piece) {
			this.text.append(piece.text());
		}
		else if (token instanceof Token.Reasoning piece) {
			this.reasoning.append(piece.text());
		}
		else if (token instanceof Token.Refusal piece) {
			this.refusal.append(piece.text());
		}
		else if (token instanceof Token.ToolCall call) {
			part(new Part.ToolCall(call.id(), call.name(), call.arguments()));
			this.results.put(call.id(), null);
		}
		else if (token instanceof Token.ToolResult result) {
			// what a provider's own tools answered is in its replay state
			if (this.results.containsKey(result.id())) {
				this.results.put(result.id(),
						new Part.ToolResult(result.id(), result.name(), result.content(), result.error(), null));
			}
		}
		else if (token instanceof Token.StepStart) {
			closeMessages(this.messages);
			clear();
			this.citationsBefore = this.citations.size();
		}
		else if (token instanceof Token.ReplayState state) {
			part(new Part.ReplayState(state.dialect(), state.kind(), state.json()));
		}
		else if (token instanceof Token.Citation citation) {
			this.citations.add(citation);
		}
		else if (token instanceof Token.Reset) {
			reset();
		}
		else if (token instanceof Token.Finish end) {
			this.finish = end;
		}
		return this;
	}

	/**
	 * What was collected so far of the message that is being said, as the parts of an
	 * assistant message. Also usable after a failure or a stop.
	 * @return the parts
	 */
	public List<Part> parts() {
		closeText();
		return List.copyOf(this.parts);
	}

	/**
	 * What was collected so far, as messages of a conversation: those of the model, and
	 * the results of tools between them. Also usable after a failure or a stop; a call
	 * whose result did not come has none then.
	 * @return the messages
	 */
	public List<Message> messages() {
		List<Message> all = new ArrayList<>(this.messages);
		closeMessages(all);
		return List.copyOf(all);
	}

	/**
	 * The answer.
	 * @return the answer
	 * @throws IllegalStateException if there was no {@link Token.Finish}
	 */
	public Completion toCompletion() {
		Token.Finish end = this.finish;
		if (end == null) {
			throw new IllegalStateException("The answer has not finished");
		}
		return new Completion(this.text.toString(), this.reasoning.toString(), this.refusal.toString(), parts(),
				this.citations, end, messages());
	}

	private void part(Part part) {
		closeText();
		this.parts.add(part);
	}

	private void closeText() {
		if (this.text.length() > this.textInParts) {
			this.parts.add(new Part.Text(this.text.substring(this.textInParts)));
			this.textInParts = this.text.length();
		}
	}

	private void closeMessages(List<Message> target) {
		closeText();
		if (!this.parts.isEmpty()) {
			target.add(new Message(Message.Role.ASSISTANT, this.parts));
		}
		List<Part> known = new ArrayList<>();
		for (Part.ToolResult result : this.results.values()) {
			if (result != null) {
				known.add(result);
			}
		}
		if (!known.isEmpty()) {
			target.add(new Message(Message.Role.TOOL, known));
		}
	}

	private void reset() {
		clear();
		while (this.citations.size() > this.citationsBefore) {
			this.citations.remove(this.citations.size() - 1);
		}
	}

	private void clear() {
		this.text.setLength(0);
		this.reasoning.setLength(0);
		this.refusal.setLength(0);
		this.parts.clear();
		this.results.clear();
		this.textInParts = 0;
		this.finish = null;
	}

}
