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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Collects tokens into a {@link Completion}, at a cost that is linear in the length of
 * the answer. For one answer and one thread at a time.
 */
public final class CompletionCollector {

	private final StringBuilder text = new StringBuilder();

	private final StringBuilder reasoning = new StringBuilder();

	private final StringBuilder refusal = new StringBuilder();

	private final List<Part> parts = new ArrayList<>();

	private final List<Token.Citation> citations = new ArrayList<>();

	private int textInParts;

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
	 * What was collected so far, as the parts of an assistant message. Also usable after
	 * a failure or a stop.
	 * @return the parts
	 */
	public List<Part> parts() {
		closeText();
		return List.copyOf(this.parts);
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
				this.citations, end);
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

	private void reset() {
		this.text.setLength(0);
		this.reasoning.setLength(0);
		this.refusal.setLength(0);
		this.parts.clear();
		this.citations.clear();
		this.textInParts = 0;
		this.finish = null;
	}

}
