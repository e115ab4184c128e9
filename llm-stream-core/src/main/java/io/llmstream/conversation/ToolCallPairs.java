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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.llmstream.Message;
import io.llmstream.Part;

/**
 * Makes messages such that providers take them: each call of a tool is answered before
 * anything else is said, and no result is without its call. A call that was never
 * answered, because the answer was stopped, is answered with that.
 */
final class ToolCallPairs {

	static final String STOPPED = "The call was stopped before it was answered.";

	private final List<Message> mended = new ArrayList<>();

	private final Map<String, Part.ToolCall> open = new LinkedHashMap<>();

	private ToolCallPairs() {
	}

	static List<Message> mend(List<Message> messages) {
		ToolCallPairs pairs = new ToolCallPairs();
		messages.forEach(pairs::add);
		pairs.answerOpen();
		return pairs.mended;
	}

	private void add(Message message) {
		List<Part> parts = new ArrayList<>();
		boolean results = false;
		for (Part part : message.parts()) {
			if (!(part instanceof Part.ToolResult result)) {
				parts.add(part);
			}
			else if (this.open.remove(result.id()) != null) {
				parts.add(part);
				results = true;
			}
		}
		if (parts.isEmpty() && !message.parts().isEmpty()) {
			return;
		}
		if (!results) {
			answerOpen();
		}
		this.mended.add((parts.size() == message.parts().size()) ? message : new Message(message.role(), parts));
		if (message.role() == Message.Role.ASSISTANT) {
			for (Part part : parts) {
				if (part instanceof Part.ToolCall call) {
					this.open.put(call.id(), call);
				}
			}
		}
	}

	private void answerOpen() {
		if (this.open.isEmpty()) {
			return;
		}
		List<Part> results = new ArrayList<>();
		this.open.values()
			.forEach((call) -> results.add(new Part.ToolResult(call.id(), call.name(), STOPPED, true, null)));
		this.mended.add(new Message(Message.Role.TOOL, results));
		this.open.clear();
	}

}
