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

import io.llmstream.ConversationRunner;
import io.llmstream.ErrorKind;
import io.llmstream.Message;
import io.llmstream.StreamAdmission;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.ThreadScope;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * The {@link ConversationRunner}: puts what was said before into a request that belongs
 * to a conversation, and keeps the turn when its answer ends, with the calls and results
 * of tools; system messages are not kept, as each request brings its own.
 * <p>
 * The {@link Token.Finish} of an answer is emitted when the turn is kept, so that the
 * next request knows of it; a request that comes while a turn of its conversation is
 * being kept here waits for that; neither waits for a memory that does not answer longer
 * than ten seconds. An answer that fails or is cancelled is kept as far as it came; if
 * nothing came, neither is what the user said. Where the model is asked again because an
 * answer could not be used, the last answer is kept alone. A memory that cannot be read
 * fails the stream before the model is asked; one that cannot be written is logged, since
 * the answer is there. Two answers in one conversation at the same time do not know of
 * each other, and are kept in the order in which they end.
 * <p>
 * The model is asked on whatever thread the memory answers on, and knows there what the
 * thread that subscribed knew ({@link ThreadScope}). Safe for use by several threads.
 */
public final class Conversations implements ConversationRunner {

	private static final Logger logger = LoggerFactory.getLogger(Conversations.class);

	private final ConversationMemory memory;

	private final List<ConversationWindow> windows;

	private final PendingTurns pending = new PendingTurns();

	/**
	 * Create a runner.
	 * @param memory keeps the conversations
	 * @param windows how much of them the model is shown: what fits into all of these;
	 * none for everything
	 */
	public Conversations(ConversationMemory memory, ConversationWindow... windows) {
		this.memory = memory;
		this.windows = List.of(windows);
	}

	@Override
	public <T> Flux<T> converse(String conversationId, StreamRequest request, StreamingModel model, Turn<T> turn) {
		return Flux.deferContextual((context) -> {
			ThreadScope scope = ThreadScope.capture(context);
			Recording recording = new Recording(request, (messages) -> keep(conversationId, messages, context));
			return StreamAdmission.awaiting(load(conversationId).map((history) -> withHistory(history, request)))
				.flatMapMany((whole) -> scope
					.around(Flux.defer(() -> record(turn.take(whole, recording.around(model)), recording))));
		});
	}

	private Mono<List<Message>> load(String conversationId) {
		return this.pending.settled(conversationId)
			.then(Mono.defer(() -> this.memory.load(conversationId)).timeout(PendingTurns.MAX_WAIT))
			.onErrorMap(Conversations::unreadable)
			.defaultIfEmpty(List.of());
	}

	private Mono<Void> keep(String conversationId, List<Message> turn, ContextView context) {
		return this.pending.add(conversationId,
				Mono.defer(() -> this.memory.append(conversationId, turn))
					.doOnError(Conversations::report)
					.onErrorComplete()
					.contextWrite(context));
	}

	private static <T> Flux<T> record(Flux<T> yielded, Recording recording) {
		LastToken<T> last = new LastToken<>();
		return yielded.filter(last::passes)
			.concatWith(Mono.defer(() -> recording.keep().then(last.release())))
			.onErrorResume((error) -> recording.keep().then(Mono.error(error)))
			.doOnCancel(recording::keep);
	}

	/**
	 * System messages first, then what was said before, then what is said now.
	 */
	private StreamRequest withHistory(List<Message> history, StreamRequest request) {
		List<Message> shown = history;
		for (ConversationWindow window : this.windows) {
			shown = window.select(shown);
		}
		List<Message> said = new ArrayList<>(shown);
		List<Message> all = new ArrayList<>();
		for (Message message : request.messages()) {
			((message.role() == Message.Role.SYSTEM) ? all : said).add(message);
		}
		all.addAll(ToolCallPairs.mend(said));
		return request.mutate().changeMessages((messages) -> {
			messages.clear();
			messages.addAll(all);
		}).build();
	}

	private static Throwable unreadable(Throwable error) {
		return StreamFailure.of(ErrorKind.SERVER_ERROR, "memory", "the conversation could not be read")
			.cause(error)
			.toException();
	}

	// its message may quote the turn
	private static void report(Throwable error) {
		logger.error("A turn of a conversation could not be kept: {}", error.getClass().getName());
		logger.debug("A turn of a conversation could not be kept", error);
	}

	@Override
	public String toString() {
		return "Conversations[" + this.memory + "]";
	}

	/**
	 * Holds back the end of an answer, where a turn yields tokens.
	 */
	private static final class LastToken<T> {

		private @Nullable T held;

		boolean passes(T each) {
			if (each instanceof Token.Finish) {
				this.held = each;
				return false;
			}
			return true;
		}

		Mono<T> release() {
			return Mono.justOrEmpty(this.held);
		}

	}

}
