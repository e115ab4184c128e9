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

import reactor.core.publisher.Flux;

/**
 * Keeps the conversations to which
 * {@linkplain LlmStreamClient.PromptSpec#conversation(String) requests belong}. Stands
 * around all that a client does for an answer, what runs tools and what gets objects
 * included, and knows nothing of either.
 */
public interface ConversationRunner {

	/**
	 * Take a turn in a conversation: what was said before is put before the messages of
	 * the request, and what is said now is kept.
	 * @param <T> what the turn yields
	 * @param conversationId the conversation
	 * @param request the request, with the messages that are said now
	 * @param model answers requests, with their tools
	 * @param turn asks the model
	 * @return what the turn yields. Completes, or fails, when the turn is kept;
	 * cancelling cancels the turn and keeps what came of it
	 */
	<T> Flux<T> converse(String conversationId, StreamRequest request, StreamingModel model, Turn<T> turn);

	/**
	 * How the model is asked in a turn: once or, where an answer is not what was wanted,
	 * again. The last answer is the one that is kept.
	 *
	 * @param <T> what the turn yields: tokens, or what becomes of them
	 */
	@FunctionalInterface
	interface Turn<T> {

		/**
		 * Ask.
		 * @param request what to ask, with what was said before
		 * @param model whom to ask
		 * @return what comes of it
		 */
		Flux<T> take(StreamRequest request, StreamingModel model);

	}

}
