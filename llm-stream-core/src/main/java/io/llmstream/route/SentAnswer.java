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

package io.llmstream.route;

import io.llmstream.Token;

/**
 * What of an answer was handed to the subscriber since the last reset.
 */
final class SentAnswer {

	private final boolean keepText;

	private final StringBuilder text = new StringBuilder();

	private boolean content;

	private boolean hasText;

	private boolean refusal;

	private boolean toolCallOpen;

	private boolean toolCall;

	private boolean toolResult;

	private boolean reasoningLast;

	/**
	 * Create what nothing was sent of.
	 * @param keepText whether the text itself will be asked for
	 */
	SentAnswer(boolean keepText) {
		this.keepText = keepText;
	}

	void add(Token token) {
		this.content |= token.hasContent();
		if (token instanceof Token.Text piece) {
			this.hasText = true;
			this.reasoningLast = false;
			if (this.keepText) {
				this.text.append(piece.text());
			}
		}
		else if (token instanceof Token.Reasoning) {
			this.reasoningLast = true;
		}
		else if (token instanceof Token.Refusal) {
			this.refusal = true;
		}
		else if (token instanceof Token.ToolCallDelta) {
			this.toolCallOpen = true;
		}
		else if (token instanceof Token.ToolCall) {
			this.toolCall = true;
		}
		else if (token instanceof Token.ToolResult) {
			this.toolResult = true;
		}
	}

	void reset() {
		this.text.setLength(0);
		this.content = false;
		this.hasText = false;
		this.refusal = false;
		this.toolCallOpen = false;
		this.toolCall = false;
		this.toolResult = false;
		this.reasoningLast = false;
	}

	/**
	 * Whether anything was sent that cannot be taken back silently.
	 */
	boolean hasContent() {
		return this.content;
	}

	boolean hasText() {
		return this.hasText;
	}

	String text() {
		return this.text.toString();
	}

	/**
	 * Whether the answer may be discarded: what a tool does cannot be taken back.
	 * @param toolStarted whether a tool that was called has been started
	 */
	boolean canRestart(boolean toolStarted) {
		return !this.toolResult && !(this.toolCall && toolStarted);
	}

	/**
	 * Whether another attempt can go on where the text ends. Reasoning cannot be carried
	 * on: its signature belongs to the whole of it.
	 */
	boolean canContinue() {
		return this.hasText && !this.refusal && !this.reasoningLast && !hasTools();
	}

	/**
	 * Whether all that was sent leads to the answer, and nothing is of the answer itself.
	 */
	boolean isBeforeAnswer() {
		return !this.hasText && !this.refusal && !hasTools();
	}

	private boolean hasTools() {
		return this.toolCallOpen || this.toolCall || this.toolResult;
	}

}
