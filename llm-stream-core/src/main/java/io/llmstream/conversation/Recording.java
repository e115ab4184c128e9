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
import java.util.List;
import java.util.function.Function;

import io.llmstream.CompletionCollector;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps one turn: what the user said, and what came of the answer. The stream and who
 * cancels it may do so at the same time; the turn is kept once.
 */
final class Recording {

	private final List<Message> turn = new ArrayList<>();

	private final Function<List<Message>, Mono<Void>> memory;

	private CompletionCollector collector = new CompletionCollector();

	private boolean ended;

	private boolean kept;

	/**
	 * Create a recording.
	 * @param request what the user says
	 * @param memory begins to keep messages; cancelling what it returns does not stop it
	 */
	Recording(StreamRequest request, Function<List<Message>, Mono<Void>> memory) {
		this.memory = memory;
		for (Message message : request.messages()) {
			if (message.role() != Message.Role.SYSTEM) {
				this.turn.add(message);
			}
		}
	}

	/**
	 * Take what a model answers. Where it is asked again, its last answer counts.
	 */
	StreamingModel around(StreamingModel model) {
		return (request) -> Flux.defer(() -> {
			begin();
			return model.stream(request).doOnNext(this::add);
		});
	}

	private synchronized void begin() {
		this.collector = new CompletionCollector();
		this.ended = false;
	}

	private synchronized void add(Token token) {
		if (token instanceof Token.Finish) {
			this.ended = true;
		}
		else if (!this.kept) {
			this.collector.add(token);
		}
	}

	/**
	 * Keep what came so far, unless that was done before.
	 * @return completes when it is kept, or cannot be. Cancelling does not stop it
	 */
	Mono<Void> keep() {
		List<Message> messages = take();
		return (messages.isEmpty()) ? Mono.empty() : this.memory.apply(messages);
	}

	private synchronized List<Message> take() {
		if (this.kept) {
			return List.of();
		}
		this.kept = true;
		List<Message> said = new ArrayList<>(this.collector.messages());
		if (!this.ended && !said.isEmpty()) {
			said.addAll(withoutUnfinishedState(said.remove(said.size() - 1)));
		}
		if (said.isEmpty()) {
			return List.of();
		}
		this.turn.addAll(said);
		return List.copyOf(this.turn);
	}

	/**
	 * Of a message that broke off its text alone: a provider's state belongs to a whole
	 * one. What called tools is whole up to there.
	 */
	private static List<Message> withoutUnfinishedState(Message message) {
		if (message.role() != Message.Role.ASSISTANT
				|| message.parts().stream().anyMatch(Part.ToolCall.class::isInstance)) {
			return List.of(message);
		}
		List<Part> text = message.parts().stream().filter(Part.Text.class::isInstance).toList();
		return (text.isEmpty()) ? List.of() : List.of(new Message(Message.Role.ASSISTANT, text));
	}

}
