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

import io.llmstream.Message;
import io.llmstream.Part;

/**
 * About how many tokens a message has, whatever the model: four characters of ASCII are
 * one, any other character is one of its own. Rather too many than too few.
 */
final class MessageEstimates {

	/** What a message costs besides its parts. */
	private static final int FRAME = 4;

	/** About what providers count for an image of a usual size. */
	private static final int IMAGE = 1000;

	private MessageEstimates() {
	}

	static int tokens(Message message) {
		int tokens = FRAME;
		for (Part part : message.parts()) {
			tokens += tokens(part);
		}
		return tokens;
	}

	private static int tokens(Part part) {
		if (part instanceof Part.Text text) {
			return tokens(text.text());
		}
		if (part instanceof Part.ToolCall call) {
			return FRAME + tokens(call.name()) + tokens(call.arguments());
		}
		if (part instanceof Part.ToolResult result) {
			return FRAME + tokens(result.name()) + tokens(result.content());
		}
		if (part instanceof Part.ReplayState state) {
			return tokens(state.json());
		}
		return IMAGE;
	}

	private static int tokens(String text) {
		int ascii = 0;
		for (int i = 0; i < text.length(); i++) {
			ascii += (text.charAt(i) < 128) ? 1 : 0;
		}
		return (ascii + 3) / 4 + text.length() - ascii;
	}

}
