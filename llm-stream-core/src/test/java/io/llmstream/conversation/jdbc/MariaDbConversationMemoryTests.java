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

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.llmstream.databases.DatabaseServer;
import io.llmstream.databases.MariaDbServer;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdbcConversationMemory} on a real MariaDB.
 */
class MariaDbConversationMemoryTests extends AbstractServerConversationMemoryTests {

	@Override
	DatabaseServer startServer() throws Exception {
		return MariaDbServer.start();
	}

	@Override
	String database() {
		return "mariadb";
	}

	@Test
	void theScriptOfMySqlDiffersInTheNameOfTheCollationAlone() throws Exception {
		assertThat(script("mysql").replace("utf8mb4_0900_bin", "utf8mb4_nopad_bin")).isEqualTo(script("mariadb"));
	}

	private static String script(String database) throws IOException {
		return new ClassPathResource("io/llmstream/conversation/jdbc/schema-" + database + ".sql")
			.getContentAsString(StandardCharsets.UTF_8);
	}

}
