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

import java.util.ArrayList;
import java.util.List;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;

/**
 * How a target is asked for the rest of an answer.
 */
enum Continuation {

	/** The text is the beginning of the model's own message. */
	PREFILL {

		@Override
		StreamRequest request(StreamRequest request, String partialText, ContinuationSettings settings) {
			String beginning = partialText.stripTrailing();
			return request.mutate().changeMessages((messages) -> answer(messages, beginning)).build();
		}

		@Override
		TextJoin join(String partialText, ContinuationSettings settings) {
			return new WhitespaceJoin(partialText);
		}

	},

	/** The text is a whole message, and a user's message asks to go on with it. */
	PROMPT {

		@Override
		StreamRequest request(StreamRequest request, String partialText, ContinuationSettings settings) {
			String words = settings.prompt().text(request, partialText);
			return request.mutate()
				.changeMessages((messages) -> answer(messages, partialText))
				.message(Message.user(words))
				.build();
		}

		@Override
		TextJoin join(String partialText, ContinuationSettings settings) {
			return new OverlapJoin(partialText, settings.minOverlap(), settings.maxOverlap());
		}

	},

	/** The text is white space alone: the same request is sent again. */
	AGAIN {

		@Override
		StreamRequest request(StreamRequest request, String partialText, ContinuationSettings settings) {
			return request;
		}

		@Override
		TextJoin join(String partialText, ContinuationSettings settings) {
			return new WhitespaceJoin(partialText);
		}

	};

	abstract StreamRequest request(StreamRequest request, String partialText, ContinuationSettings settings);

	abstract TextJoin join(String partialText, ContinuationSettings settings);

	/**
	 * Say the text as the model's own. A conversation that ends with the model's words
	 * already gets it there: servers take no two messages of the same role in a row.
	 */
	private static void answer(List<Message> messages, String text) {
		int last = messages.size() - 1;
		if (last < 0 || messages.get(last).role() != Message.Role.ASSISTANT) {
			messages.add(Message.assistant(text));
			return;
		}
		List<Part> parts = new ArrayList<>(messages.get(last).parts());
		int end = parts.size() - 1;
		if (end >= 0 && parts.get(end) instanceof Part.Text before) {
			parts.set(end, new Part.Text(before.text() + text, before.cache()));
		}
		else {
			parts.add(new Part.Text(text));
		}
		messages.set(last, new Message(Message.Role.ASSISTANT, parts));
	}

}
