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

/**
 * A message of a conversation.
 *
 * @param role who speaks
 * @param parts what is said, in order
 */
public record Message(Role role, List<Part> parts) {

	/**
	 * Create a message.
	 */
	public Message {
		parts = List.copyOf(parts);
	}

	/**
	 * A system message.
	 * @param text what it says
	 * @return the message
	 */
	public static Message system(String text) {
		return of(Role.SYSTEM, new Part.Text(text));
	}

	/**
	 * A user's message.
	 * @param text what it says
	 * @return the message
	 */
	public static Message user(String text) {
		return of(Role.USER, new Part.Text(text));
	}

	/**
	 * A user's message of several parts.
	 * @param parts what it says
	 * @return the message
	 */
	public static Message user(Part... parts) {
		return of(Role.USER, parts);
	}

	/**
	 * A message of the model.
	 * @param text what it said
	 * @return the message
	 */
	public static Message assistant(String text) {
		return of(Role.ASSISTANT, new Part.Text(text));
	}

	/**
	 * A message that carries the result of a tool call.
	 * @param result the result
	 * @return the message
	 */
	public static Message tool(Part.ToolResult result) {
		return of(Role.TOOL, result);
	}

	/**
	 * A message of some parts.
	 * @param role who speaks
	 * @param parts what is said
	 * @return the message
	 */
	public static Message of(Role role, Part... parts) {
		return new Message(role, List.of(parts));
	}

	/**
	 * The text of this message: its text parts, joined.
	 * @return the text, empty if there is none
	 */
	public String text() {
		StringBuilder text = new StringBuilder();
		for (Part part : this.parts) {
			if (part instanceof Part.Text piece) {
				text.append(piece.text());
			}
		}
		return text.toString();
	}

	/**
	 * Who speaks.
	 */
	public enum Role {

		/** The developer of the application. */
		SYSTEM,

		/** The person who asks. */
		USER,

		/** The model. */
		ASSISTANT,

		/** A tool that the model called. */
		TOOL

	}

}
