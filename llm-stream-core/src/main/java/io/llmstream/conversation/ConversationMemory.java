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

import java.util.List;

import io.llmstream.Message;
import reactor.core.publisher.Mono;

/**
 * Keeps the messages of conversations. Holds what users and models say: whoever
 * implements it decides where, and for how long.
 * <p>
 * Must be safe for use by several threads. Nothing may happen before a result is
 * subscribed to, and nothing may block the thread that subscribes.
 */
public interface ConversationMemory {

	/**
	 * The messages of a conversation, as far as they are kept. They may begin anywhere,
	 * such as with the result of a tool whose call is forgotten: {@link Conversations}
	 * leaves out what cannot be sent.
	 * @param conversationId the conversation
	 * @return the messages, oldest first; an empty list for a conversation that is not
	 * known
	 */
	Mono<List<Message>> load(String conversationId);

	/**
	 * Add messages to a conversation, which begins with them if it is not known.
	 * @param conversationId the conversation
	 * @param messages the messages, oldest first, at least one; all of them are kept, or
	 * none
	 * @return completes when they are kept; is not cancelled
	 */
	Mono<Void> append(String conversationId, List<Message> messages);

	/**
	 * Forget a conversation.
	 * @param conversationId the conversation
	 * @return completes when it is forgotten, also if it was not known
	 */
	Mono<Void> delete(String conversationId);

}
