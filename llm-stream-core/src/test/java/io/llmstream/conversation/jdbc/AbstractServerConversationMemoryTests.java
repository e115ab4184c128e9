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

package io.llmstream.conversation.jdbc;

import java.util.ArrayList;
import java.util.List;

import io.llmstream.conversation.AbstractConversationMemoryTests;
import io.llmstream.conversation.ConversationMemory;
import io.llmstream.databases.DatabaseServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdbcConversationMemory} on a real database server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AbstractServerConversationMemoryTests extends AbstractConversationMemoryTests {

	private final List<JdbcConversationMemory> memories = new ArrayList<>();

	private @Nullable DatabaseServer server;

	/**
	 * Start the server; without one, the tests are skipped.
	 */
	abstract DatabaseServer startServer() throws Exception;

	/**
	 * The name of the database in that of its script.
	 */
	abstract String database();

	@BeforeAll
	void start() throws Exception {
		this.server = startServer();
		for (int times = 0; times < 2; times++) {
			DatabaseServer.runScript(this.server.dataSource(),
					"io/llmstream/conversation/jdbc/schema-" + database() + ".sql");
		}
	}

	@AfterAll
	void stop() throws Exception {
		if (this.server != null) {
			this.server.close();
		}
	}

	@AfterEach
	void close() {
		this.memories.forEach(JdbcConversationMemory::close);
		this.memories.clear();
		new JdbcTemplate(server().dataSource()).execute("DELETE FROM LLM_STREAM_CONVERSATION");
	}

	DatabaseServer server() {
		assertThat(this.server).isNotNull();
		return this.server;
	}

	JdbcConversationMemory memory(int maxMessages) {
		JdbcConversationMemory memory = JdbcConversationMemory.builder(server().dataSource())
			.maxMessages(maxMessages)
			.build();
		this.memories.add(memory);
		return memory;
	}

	@Override
	protected ConversationMemory memory() {
		return memory(JdbcConversationMemory.DEFAULT_MAX_MESSAGES);
	}

	@Override
	protected ConversationMemory onAnotherNode(ConversationMemory memory) {
		return memory();
	}

}
