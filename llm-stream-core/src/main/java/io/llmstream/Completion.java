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
 * A whole answer, for work that needs no stream. Where tools were run and the model went
 * on with their results, this is what it said last; {@link #messages()} has all of it.
 *
 * @param text the answer, may be empty
 * @param reasoning the reasoning that the provider showed, may be empty
 * @param refusal the text with which the model declined, may be empty
 * @param parts what was said, in order, as the parts of an assistant message: text, tool
 * calls and replay state
 * @param citations the sources that the answer refers to
 * @param finish how the answer ended, with usage, response id and model
 * @param messages all that was said, as the messages that go into the conversation: those
 * of the model, and the results of tools between them
 */
public record Completion(String text, String reasoning, String refusal, List<Part> parts,
		List<Token.Citation> citations, Token.Finish finish, List<Message> messages) {

	/**
	 * Create a completion.
	 */
	public Completion {
		parts = List.copyOf(parts);
		citations = List.copyOf(citations);
		messages = List.copyOf(messages);
	}

	/**
	 * The tool calls that the model made.
	 * @return the calls, may be empty
	 */
	public List<Part.ToolCall> toolCalls() {
		List<Part.ToolCall> calls = new ArrayList<>();
		for (Part part : this.parts) {
			if (part instanceof Part.ToolCall call) {
				calls.add(call);
			}
		}
		return calls;
	}

	/**
	 * Why the model stopped.
	 * @return the reason
	 */
	public FinishReason finishReason() {
		return this.finish.reason();
	}

	/**
	 * What the answer used.
	 * @return the usage
	 */
	public Usage usage() {
		return this.finish.usage();
	}

	/**
	 * The model that answered.
	 * @return the model, or {@code null} if the provider does not say
	 */
	public @Nullable String model() {
		return this.finish.model();
	}

	/**
	 * This answer as a message, to go on with the conversation. Carries what the provider
	 * needs to see again. Where tools were run, {@link #messages()} go into the
	 * conversation instead.
	 * @return the assistant message
	 */
	public Message toMessage() {
		return new Message(Message.Role.ASSISTANT, this.parts);
	}

}
