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

import io.llmstream.CompletionCollector;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Keeps one turn: what the user said, and what came of the answer. The stream and who
 * cancels it may do so at the same time; the turn is kept once.
 */
final class Recording {

	private static final Logger logger = LoggerFactory.getLogger(Conversations.class);

	private final String id;

	private final ConversationMemory memory;

	private final List<Message> turn = new ArrayList<>();

	private final ContextView context;

	private final CompletionCollector collector = new CompletionCollector();

	private Token.@Nullable Finish finish;

	private boolean kept;

	Recording(String id, StreamRequest request, ConversationMemory memory, ContextView context) {
		this.id = id;
		this.memory = memory;
		this.context = context;
		for (Message message : request.messages()) {
			if (message.role() != Message.Role.SYSTEM) {
				this.turn.add(message);
			}
		}
	}

	/**
	 * Take a token.
	 * @return whether it is to be passed on now: the end waits until the turn is kept
	 */
	synchronized boolean add(Token token) {
		if (token instanceof Token.Finish end) {
			this.finish = end;
			return false;
		}
		if (!this.kept) {
			this.collector.add(token);
		}
		return true;
	}

	/**
	 * The end of the answer, once the turn is kept.
	 */
	Mono<Token> complete() {
		return keep().then(Mono.fromSupplier(this::finish));
	}

	private synchronized @Nullable Token finish() {
		return this.finish;
	}

	/**
	 * Keep what came so far, unless that was done before.
	 * @return completes when it is kept, or cannot be. Cancelling does not stop it
	 */
	Mono<Void> keep() {
		List<Message> messages = take();
		if (messages.isEmpty()) {
			return Mono.empty();
		}
		Mono<Void> kept = Mono.defer(() -> this.memory.append(this.id, messages))
			.doOnError(Recording::report)
			.onErrorComplete()
			.contextWrite(this.context)
			.cache();
		kept.subscribe();
		return kept;
	}

	private synchronized List<Message> take() {
		if (this.kept) {
			return List.of();
		}
		this.kept = true;
		List<Message> said = new ArrayList<>(this.collector.messages());
		if (this.finish == null && !said.isEmpty()) {
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

	// its message may quote the turn
	private static void report(Throwable error) {
		logger.error("A turn of a conversation could not be kept: {}", error.getClass().getName());
		logger.debug("A turn of a conversation could not be kept", error);
	}

}
