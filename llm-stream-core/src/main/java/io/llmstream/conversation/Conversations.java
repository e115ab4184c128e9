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
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The {@link ConversationRunner}: puts what was said before into a request that belongs
 * to a conversation, and keeps the turn when its answer ends. Stands around what runs
 * tools, another runner, so that calls and results are kept as well; system messages are
 * not, as each request brings its own.
 * <p>
 * The {@link Token.Finish} of an answer is emitted when the turn is kept, so that the
 * next request knows of it. An answer that fails or is cancelled is kept as far as it
 * came; if nothing came, neither is what the user said. A memory that cannot be read
 * fails the stream before the model is asked; one that cannot be written is logged, since
 * the answer is there. Two answers in one conversation at the same time are kept in the
 * order in which they end.
 * <p>
 * Safe for use by several threads.
 */
public final class Conversations implements ConversationRunner {

	private final ConversationMemory memory;

	private final List<ConversationWindow> windows;

	private final ToolRunner tools;

	/**
	 * Create a runner.
	 * @param tools runs the tools, inside
	 * @param memory keeps the conversations
	 * @param windows how much of them the model is shown: what fits into all of these;
	 * none for everything
	 */
	public Conversations(ToolRunner tools, ConversationMemory memory, ConversationWindow... windows) {
		this.tools = tools;
		this.memory = memory;
		this.windows = List.of(windows);
	}

	@Override
	public Flux<Token> filter(StreamRequest request, StreamingModel next) {
		return this.tools.filter(request, next);
	}

	@Override
	public Flux<Token> converse(String conversationId, StreamRequest request, StreamingModel model) {
		return Flux.deferContextual((context) -> Mono.defer(() -> this.memory.load(conversationId))
			.defaultIfEmpty(List.of())
			.map((history) -> withHistory(history, request))
			.onErrorMap(Conversations::unreadable)
			.flatMapMany((whole) -> record(model.stream(whole),
					new Recording(conversationId, request, this.memory, context))));
	}

	private static Flux<Token> record(Flux<Token> answer, Recording recording) {
		return answer.filter(recording::add)
			.concatWith(Mono.defer(recording::complete))
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

	@Override
	public List<ToolCallback> toolsOf(Object source) {
		return this.tools.toolsOf(source);
	}

	@Override
	public String toString() {
		return "Conversations[" + this.tools + "]";
	}

}
