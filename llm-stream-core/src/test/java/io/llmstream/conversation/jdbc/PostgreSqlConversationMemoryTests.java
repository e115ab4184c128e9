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

import java.util.List;

import io.llmstream.Message;
import io.llmstream.databases.DatabaseServer;
import io.llmstream.databases.KilledProcess;
import io.llmstream.databases.PostgreSqlServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdbcConversationMemory} on a real PostgreSQL.
 */
class PostgreSqlConversationMemoryTests extends AbstractServerConversationMemoryTests {

	@Override
	DatabaseServer startServer() throws Exception {
		return PostgreSqlServer.start();
	}

	@Override
	String database() {
		return "postgresql";
	}

	@Test
	void aProcessThatIsKilledLeavesWholeTurns() throws Exception {
		int ended = Math.toIntExact(KilledProcess.run(KilledTurns.class, 60, server().url()));
		JdbcConversationMemory memory = memory(100_000);
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
