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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.llmstream.Message;
import reactor.core.publisher.Mono;

/**
 * Keeps conversations in the memory of this process, so many at most: the one that was
 * not used for the longest time is forgotten first, and of a long one its oldest turns.
 * Safe for use by several threads.
 */
public final class InMemoryConversationMemory implements ConversationMemory {

	private final Map<String, List<Message>> conversations;

	private final ConversationWindow kept;

	/**
	 * Create a memory.
	 * @param maxConversations how many conversations are kept, 1 or more
	 * @param maxMessages how many messages of a conversation are kept, 1 or more
	 */
	public InMemoryConversationMemory(int maxConversations, int maxMessages) {
		if (maxConversations < 1) {
			throw new IllegalArgumentException("maxConversations must be 1 or more, but is " + maxConversations);
		}
		this.kept = ConversationWindow.ofMessages(maxMessages);
		this.conversations = new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, List<Message>> eldest) {
				return size() > maxConversations;
			}

		};
	}

	@Override
	public Mono<List<Message>> load(String conversationId) {
		return Mono.fromSupplier(() -> {
			synchronized (this.conversations) {
				List<Message> messages = this.conversations.get(conversationId);
				return (messages != null) ? messages : List.of();
			}
		});
	}

	@Override
	public Mono<Void> append(String conversationId, List<Message> messages) {
		return Mono.fromRunnable(() -> {
			synchronized (this.conversations) {
				List<Message> before = this.conversations.getOrDefault(conversationId, List.of());
				this.conversations.put(conversationId,
						this.kept.select(Stream.concat(before.stream(), messages.stream()).toList()));
			}
		});
	}

	@Override
	public Mono<Void> delete(String conversationId) {
		return Mono.fromRunnable(() -> {
			synchronized (this.conversations) {
				this.conversations.remove(conversationId);
			}
		});
	}

}
