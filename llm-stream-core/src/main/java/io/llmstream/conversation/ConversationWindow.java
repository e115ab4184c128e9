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

package io.llmstream.conversation;

import java.util.List;
import java.util.function.ToIntFunction;

import io.llmstream.Message;
import io.llmstream.Part;

/**
 * How much of a conversation the model is shown: its newest turns, as many as fit. A turn
 * begins with what the user says and ends before the user speaks again; it is shown whole
 * or not at all, so that no result of a tool loses its call. Immutable.
 */
public final class ConversationWindow {

	private final int most;

	private final ToIntFunction<Message> size;

	private ConversationWindow(int most, String unit, ToIntFunction<Message> size) {
		if (most < 1) {
			throw new IllegalArgumentException("A window must have 1 or more " + unit + ", but has " + most);
		}
		this.most = most;
		this.size = size;
	}

	/**
	 * A window of so many messages, those of tools included.
	 * @param messages the number of messages, 1 or more
	 * @return the window
	 */
	public static ConversationWindow ofMessages(int messages) {
		return new ConversationWindow(messages, "messages", (message) -> 1);
	}

	/**
	 * A window of about so many tokens, estimated from the length of the text: four
	 * characters of ASCII, or one other, are a token.
	 * @param tokens the number of tokens, 1 or more
	 * @return the window
	 */
	public static ConversationWindow ofTokens(int tokens) {
		return ofTokens(tokens, MessageEstimates::tokens);
	}

	/**
	 * A window of so many tokens.
	 * @param tokens the number of tokens, 1 or more
	 * @param counter tells how many tokens a message has; must be safe for use by several
	 * threads, and must not block
	 * @return the window
	 */
	public static ConversationWindow ofTokens(int tokens, ToIntFunction<Message> counter) {
		return new ConversationWindow(tokens, "tokens", counter);
	}

	/**
	 * The newest turns of a conversation that fit.
	 * @param messages the conversation, oldest first
	 * @return the end of it, which begins with what a user says; empty if not even the
	 * newest turn fits
	 */
	public List<Message> select(List<Message> messages) {
		long used = 0;
		int start = messages.size();
		for (int i = messages.size() - 1; i >= 0; i--) {
			Message message = messages.get(i);
			used += this.size.applyAsInt(message);
			if (used > this.most) {
				break;
			}
			if (beginsTurn(message)) {
				start = i;
			}
		}
		return List.copyOf(messages.subList(start, messages.size()));
	}

	private static boolean beginsTurn(Message message) {
		return message.role() == Message.Role.USER
				&& message.parts().stream().noneMatch(Part.ToolResult.class::isInstance);
	}

}
