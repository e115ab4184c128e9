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

package io.llmstream.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.conversation.ConversationWindow;
import io.llmstream.conversation.InMemoryConversationMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How conversations are kept, and how much of them models are shown.
 */
@ConfigurationProperties("llm-stream.conversations")
public class ConversationProperties {

	/**
	 * Where they are kept.
	 */
	private Store store = Store.MEMORY;

	/**
	 * How many messages of a conversation the model is shown, those of tools included.
	 * Turns are shown whole or not at all.
	 */
	private int maxMessages = 100;

	/**
	 * About how many tokens of a conversation the model is shown, estimated from the
	 * length of the text. No limit if it is not set.
	 */
	private @Nullable Integer maxTokens;

	private final InMemory inMemory = new InMemory();

	public Store getStore() {
		return this.store;
	}

	public void setStore(Store store) {
		this.store = store;
	}

	public int getMaxMessages() {
		return this.maxMessages;
	}

	public void setMaxMessages(int maxMessages) {
		this.maxMessages = maxMessages;
	}

	public @Nullable Integer getMaxTokens() {
		return this.maxTokens;
	}

	public void setMaxTokens(@Nullable Integer maxTokens) {
		this.maxTokens = maxTokens;
	}

	public InMemory getInMemory() {
		return this.inMemory;
	}

	InMemoryConversationMemory toMemory() {
		PropertyChecks checks = new PropertyChecks("llm-stream.conversations.in-memory.");
		InMemory memory = this.inMemory;
		checks.check(memory.maxConversations >= 1, "max-conversations", memory.maxConversations, "must be 1 or more",
				"1000");
		checks.check(memory.maxMessages >= 1, "max-messages", memory.maxMessages, "must be 1 or more", "200");
		return new InMemoryConversationMemory(memory.maxConversations, memory.maxMessages);
	}

	ConversationWindow[] toWindows() {
		PropertyChecks checks = new PropertyChecks("llm-stream.conversations.");
		List<ConversationWindow> windows = new ArrayList<>();
		checks.check(this.maxMessages >= 1, "max-messages", this.maxMessages, "must be 1 or more", "100");
		windows.add(ConversationWindow.ofMessages(this.maxMessages));
		Integer tokens = this.maxTokens;
		if (tokens != null) {
			checks.check(tokens >= 1, "max-tokens", tokens, "must be 1 or more", "16000");
			windows.add(ConversationWindow.ofTokens(tokens));
		}
		return windows.toArray(ConversationWindow[]::new);
	}

	/**
	 * Where conversations can be kept.
	 */
	public enum Store {

		/** In memory, so many of them, until the application ends. */
		MEMORY,

		/** In a database. */
		JDBC

	}

	/**
	 * What is kept in memory.
	 */
	public static class InMemory {

		/**
		 * How many conversations are kept in memory. The one that was not used for the
		 * longest time is forgotten first.
		 */
		private int maxConversations = 1000;

		/**
		 * How many messages of a conversation are kept in memory.
		 */
		private int maxMessages = 200;

		public int getMaxConversations() {
			return this.maxConversations;
		}

		public void setMaxConversations(int maxConversations) {
			this.maxConversations = maxConversations;
		}

		public int getMaxMessages() {
			return this.maxMessages;
		}

		public void setMaxMessages(int maxMessages) {
			this.maxMessages = maxMessages;
		}

	}

}
