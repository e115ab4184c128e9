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

package io.llmstream.sample;

import java.util.List;

import io.llmstream.Message;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What the page asks: the whole conversation, because the server keeps none.
 *
 * @param provider the name of the client that is to answer
 * @param messages the conversation, oldest first; the last is the user's
 * @param think whether the model should reason before it answers, no if it is missing
 * @param tools whether the model may call tools, yes if it is missing
 */
record ChatQuestion(@Nullable String provider, @Nullable List<Turn> messages, @Nullable Boolean think,
		@Nullable Boolean tools) {

	boolean wantsThought() {
		return Boolean.TRUE.equals(this.think);
	}

	boolean allowsTools() {
		return !Boolean.FALSE.equals(this.tools);
	}

	/**
	 * The conversation in the library's words.
	 * @return the messages, at least one
	 */
	List<Message> toMessages() {
		if (this.messages == null || this.messages.isEmpty()) {
			throw badRequest("The question holds no messages.");
		}
		return this.messages.stream().map(Turn::toMessage).toList();
	}

	private static ResponseStatusException badRequest(String reason) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, reason);
	}

	/**
	 * One message of the conversation. A system message is not taken from a browser.
	 *
	 * @param role {@code user} or {@code assistant}
	 * @param text what was said
	 */
	record Turn(@Nullable String role, @Nullable String text) {

		private Message toMessage() {
			if (this.role == null || this.text == null) {
				throw badRequest("A message needs a role and a text.");
			}
			return switch (this.role) {
				case "user" -> Message.user(this.text);
				case "assistant" -> Message.assistant(this.text);
				default -> throw badRequest("The role of a message is user or assistant.");
			};
		}

	}

}
