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

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a model said, in the order in which it said it. A stream is any number
 * of tokens and ends in exactly one way: with a {@link Finish} token and completion, or
 * with an {@link LlmStreamException}.
 * <p>
 * The name is the field's term for what flows; one {@code Token} may carry a piece of
 * text of any length, and not every kind is counted by a provider's tokenizer.
 * <p>
 * All tokens are immutable and may be shared between threads.
 */
public sealed interface Token {

	/**
	 * Whether the token is part of the answer, so that what comes before it cannot be
	 * taken back silently: all are but {@link Other}, {@link StepStart}, {@link Reset}
	 * and {@link Finish}. {@link ReplayState} is, as it belongs to the message that goes
	 * into the conversation.
	 * @return whether it is part of the answer
	 */
	default boolean hasContent() {
		return true;
	}

	/**
	 * A piece of the answer. Concatenate the pieces to get the answer; spaces and line
	 * breaks at either end belong to it.
	 *
	 * @param text the piece, never empty; it may end in the middle of a grapheme cluster
	 */
	record Text(String text) implements Token {
	}

	/**
	 * A piece of the model's reasoning, or of a summary of it, for people to read. What
	 * the next request must carry of it comes as {@link ReplayState}.
	 *
	 * @param text the piece, never empty
	 */
	record Reasoning(String text) implements Token {
	}

	/**
	 * A piece of the text with which the model declines to answer.
	 *
	 * @param text the piece, never empty
	 */
	record Refusal(String text) implements Token {
	}

	/**
	 * A fragment of a tool call, as it is written. The whole call follows as a
	 * {@link ToolCall}.
	 *
	 * @param index which call of this answer, counted from 0
	 * @param id the call's id, only on its first fragment
	 * @param name the tool's name, only on the first fragment
	 * @param arguments a fragment of the JSON arguments, may be empty
	 */
	record ToolCallDelta(int index, @Nullable String id, @Nullable String name, String arguments) implements Token {
	}

	/**
	 * A finished tool call: its arguments are complete.
	 *
	 * @param index which call of this answer, counted from 0
	 * @param id the call's id, which the tool's result must repeat; made up where the
	 * provider gives none
	 * @param name the tool's name
	 * @param arguments the arguments as JSON, <code>{}</code> where the model gave none;
	 * not valid JSON, and maybe empty, where the answer was cut off before their end
	 */
	record ToolCall(int index, String id, String name, String arguments) implements Token {
	}

	/**
	 * What a tool answered. Emitted by a tool loop, or by providers that run tools
	 * themselves.
	 *
	 * @param id the id of the call
	 * @param name the tool's name
	 * @param content what the tool answered
	 * @param error whether the tool failed
	 */
	record ToolResult(String id, String name, String content, boolean error) implements Token {
	}

	/**
	 * The tools have answered, and the model goes on: what follows is a message of its
	 * own, made by another call of the model. Emitted by a {@link ToolRunner} before each
	 * step but the first, so never in an answer of one step.
	 *
	 * @param step which step begins, 2 or more
	 */
	record StepStart(int step) implements Token {

		@Override
		public boolean hasContent() {
			return false;
		}

	}

	/**
	 * A source that the answer refers to.
	 *
	 * @param url where the source is, or {@code null} if it has no address
	 * @param title the title of the source, or {@code null}
	 * @param quote the passage that is cited, or {@code null}
	 * @param json the citation as the provider sent it
	 */
	record Citation(@Nullable String url, @Nullable String title, @Nullable String quote,
			String json) implements Token {
	}

	/**
	 * Discard what came so far: the answer begins anew, from another target of a route.
	 * In an answer of several steps only what came since the last {@link StepStart} is
	 * discarded.
	 *
	 * @param reason why, for people to read
	 */
	record Reset(String reason) implements Token {

		@Override
		public boolean hasContent() {
			return false;
		}

	}

	/**
	 * Provider state that the next request of the conversation must carry verbatim, such
	 * as a signature of the reasoning or its encrypted form. Never relayed to a browser
	 * unless asked for.
	 *
	 * @param dialect the dialect that understands it
	 * @param kind the dialect's name for it
	 * @param json the state, as JSON
	 */
	record ReplayState(String dialect, String kind, String json) implements Token {
	}

	/**
	 * An event for which this version has no word, exactly as the provider sent it. Never
	 * relayed to a browser unless asked for.
	 *
	 * @param type the provider's name for it
	 * @param json the provider's JSON
	 */
	record Other(String type, String json) implements Token {

		@Override
		public boolean hasContent() {
			return false;
		}

	}

	/**
	 * The end of a complete answer, always the last token of its stream.
	 *
	 * @param reason why the model stopped
	 * @param rawReason the provider's own word for it, or {@code null} if it gave none
	 * @param usage what the answer used
	 * @param responseId the provider's id of the answer, or {@code null}
	 * @param model the model that answered, as the provider names it, or {@code null}
	 * @param attempts what was tried to get the answer, in the order in which it ended; a
	 * {@link LlmStreamClient} fills it in. Left out where an application writes tokens as
	 * JSON: it names providers, and says what they said
	 */
	record Finish(FinishReason reason, @Nullable String rawReason, Usage usage, @Nullable String responseId,
			@Nullable String model, @JsonIgnore List<StreamAttempt> attempts) implements Token {

		/**
		 * Create a token.
		 */
		public Finish {
			attempts = List.copyOf(attempts);
		}

		/**
		 * Create a token that knows nothing of attempts yet.
		 * @param reason why the model stopped
		 * @param rawReason the provider's own word for it, or {@code null}
		 * @param usage what the answer used
		 * @param responseId the provider's id of the answer, or {@code null}
		 * @param model the model that answered, or {@code null}
		 */
		public Finish(FinishReason reason, @Nullable String rawReason, Usage usage, @Nullable String responseId,
				@Nullable String model) {
			this(reason, rawReason, usage, responseId, model, List.of());
		}

		/**
		 * The same end, with what was tried to get there.
		 * @param attempts the attempts, in the order in which they ended
		 * @return a token with these attempts
		 */
		public Finish withAttempts(List<StreamAttempt> attempts) {
			return new Finish(this.reason, this.rawReason, this.usage, this.responseId, this.model, attempts);
		}

		@Override
		public boolean hasContent() {
			return false;
		}

	}

}
