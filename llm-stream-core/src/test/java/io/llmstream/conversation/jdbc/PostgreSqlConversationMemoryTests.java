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

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.Message;
import io.llmstream.conversation.AbstractConversationMemoryTests;
import io.llmstream.conversation.ConversationMemory;
import io.llmstream.usage.jdbc.PostgreSqlServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdbcConversationMemory} on a real PostgreSQL.
 */
class PostgreSqlConversationMemoryTests extends AbstractConversationMemoryTests {

	private static @Nullable PostgreSqlServer server;

	private final List<JdbcConversationMemory> memories = new ArrayList<>();

	@BeforeAll
	static void start() throws Exception {
		server = PostgreSqlServer.start();
		PostgreSqlServer.run(server.dataSource(), "io/llmstream/conversation/jdbc/schema-postgresql.sql");
		PostgreSqlServer.run(server.dataSource(), "io/llmstream/conversation/jdbc/schema-postgresql.sql");
	}

	@AfterAll
	static void stop() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	private static PostgreSqlServer server() {
		assertThat(server).isNotNull();
		return server;
	}

	@AfterEach
	void close() {
		this.memories.forEach(JdbcConversationMemory::close);
		new JdbcTemplate(server().dataSource())
			.execute("TRUNCATE LLM_STREAM_CONVERSATION, LLM_STREAM_CONVERSATION_MESSAGE");
	}

	@Override
	protected ConversationMemory memory() {
		JdbcConversationMemory memory = JdbcConversationMemory.builder(server().dataSource()).build();
		this.memories.add(memory);
		return memory;
	}

	@Override
	protected ConversationMemory onAnotherNode(ConversationMemory memory) {
		return memory();
	}

	@Test
	void aProcessThatIsKilledLeavesWholeTurns() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), KilledTurns.class.getName(), server().url())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		int ended = 0;
		try (BufferedReader lines = process.inputReader()) {
			while (ended < 60) {
				String line = lines.readLine();
				assertThat(line).as("the process's progress").isNotNull();
				ended = Integer.parseInt(line);
			}
			// SIGKILL, while it takes turns
			process.toHandle().destroyForcibly();
			for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
				ended = Math.max(ended, Integer.parseInt(line));
			}
		}
		process.waitFor();
		assertThat(process.exitValue()).isEqualTo(137);
		JdbcConversationMemory memory = JdbcConversationMemory.builder(server().dataSource())
			.maxMessages(100_000)
			.build();
		this.memories.add(memory);
		List<Message> kept = load(memory, KilledTurns.CONVERSATION);
		int turns = kept.size() / 4;
		assertThat(kept).hasSize(turns * 4);
		assertThat(turns).as("each turn whose end was told is kept").isBetween(ended, ended + 1);
		for (int i = 0; i < turns; i++) {
			assertThat(kept.subList(i * 4, i * 4 + 4)).isEqualTo(KilledTurns.kept(i + 1));
		}
		memory.append(KilledTurns.CONVERSATION, turn(0)).block(LIMIT);
		assertThat(load(memory, KilledTurns.CONVERSATION)).hasSize(kept.size() + 4);
	}

}
