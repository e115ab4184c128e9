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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.Message;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.conversation.AbstractConversationMemoryTests;
import io.llmstream.conversation.ConversationMemory;
import io.llmstream.conversation.Conversations;
import io.llmstream.databases.DatabaseServer;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JdbcConversationMemory} on H2.
 */
class H2ConversationMemoryTests extends AbstractConversationMemoryTests {

	private final DataSource database = database();

	private final List<JdbcConversationMemory> memories = new ArrayList<>();

	private static DataSource database() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		DatabaseServer.runScript(dataSource, "io/llmstream/conversation/jdbc/schema-h2.sql");
		DatabaseServer.runScript(dataSource, "io/llmstream/conversation/jdbc/schema-h2.sql");
		return dataSource;
	}

	private JdbcConversationMemory built(JdbcConversationMemory.Builder builder) {
		JdbcConversationMemory memory = builder.build();
		this.memories.add(memory);
		return memory;
	}

	@AfterEach
	void close() {
		this.memories.forEach(JdbcConversationMemory::close);
	}

	@Override
	protected ConversationMemory memory() {
		return built(JdbcConversationMemory.builder(this.database));
	}

	@Override
	protected ConversationMemory onAnotherNode(ConversationMemory memory) {
		return memory();
	}

	private int rows(String table) {
		Integer rows = new JdbcTemplate(this.database).queryForObject("SELECT COUNT(*) FROM LLM_STREAM_" + table,
				Integer.class);
		assertThat(rows).isNotNull();
		return rows;
	}

	@Test
	void theNewestMessagesAreReadAndAllAreKept() {
		JdbcConversationMemory memory = built(JdbcConversationMemory.builder(this.database).maxMessages(6));
		List<Message> said = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			memory.append("c", turn(i)).block(LIMIT);
			said.addAll(turn(i));
		}
		assertThat(load(memory, "c")).isEqualTo(said.subList(14, 20));
		assertThat(rows("CONVERSATION_MESSAGE")).isEqualTo(20);
	}

	@Test
	void messagesOfATurnAreKeptAllOrNone() {
		ConversationMemory memory = memory();
		memory.append("c", turn(1)).block(LIMIT);
		new JdbcTemplate(this.database).execute(
				"ALTER TABLE LLM_STREAM_CONVERSATION_MESSAGE ADD CONSTRAINT TEST CHECK (CONTENT NOT LIKE '%answer 2%')");
		StepVerifier.create(memory.append("c", turn(2))).expectError().verify(LIMIT);
		memory.append("c", turn(3)).block(LIMIT);
		List<Message> whole = new ArrayList<>(turn(1));
		whole.addAll(turn(3));
		assertThat(load(memory, "c")).isEqualTo(whole);
	}

	@Test
	void messagesGoWithTheirConversation() {
		ConversationMemory memory = memory();
		memory.append("c", turn(1)).block(LIMIT);
		memory.delete("c").block(LIMIT);
		assertThat(rows("CONVERSATION")).isZero();
		assertThat(rows("CONVERSATION_MESSAGE")).isZero();
	}

	@Test
	void aConversationThatWasNotUsedForItsTimeToLiveIsForgotten() {
		VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
		try (JdbcConversationMemory memory = JdbcConversationMemory.builder(this.database)
			.timeToLive(Duration.ofDays(1))
			.build()) {
			memory.append("old", turn(1)).block(LIMIT);
			time.advanceTimeBy(Duration.ofHours(12));
			memory.append("c", turn(1)).block(LIMIT);
			time.advanceTimeBy(Duration.ofHours(12).plusMillis(1));
			assertThat(load(memory, "old")).isEmpty();
			assertThat(load(memory, "c")).isEqualTo(turn(1));
			// its time begins again
			memory.append("c", turn(2)).block(LIMIT);
			time.advanceTimeBy(Duration.ofHours(23));
			assertThat(load(memory, "c")).hasSize(8);
			assertThat(rows("CONVERSATION")).as("those that have expired are deleted").isEqualTo(1);
			assertThat(rows("CONVERSATION_MESSAGE")).isEqualTo(8);
		}
		finally {
			VirtualTimeScheduler.reset();
		}
	}

	@Test
	void aConversationThatHasExpiredBeginsAnewBeforeItIsDeleted() {
		VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
		try (JdbcConversationMemory memory = JdbcConversationMemory.builder(this.database)
			.timeToLive(Duration.ofSeconds(1))
			.build()) {
			memory.append("c", turn(1)).block(LIMIT);
			time.advanceTimeBy(Duration.ofSeconds(2));
			memory.append("c", turn(2)).block(LIMIT);
			assertThat(load(memory, "c")).isEqualTo(turn(2));
			assertThat(rows("CONVERSATION_MESSAGE")).isEqualTo(4);
		}
		finally {
			VirtualTimeScheduler.reset();
		}
	}

	@Test
	void conversationsThatAreTooOldCanBeDeleted() {
		JdbcConversationMemory memory = built(JdbcConversationMemory.builder(this.database));
		for (int i = 0; i < 3; i++) {
			memory.append("c" + i, turn(i)).block(LIMIT);
		}
		new JdbcTemplate(this.database)
			.update("UPDATE LLM_STREAM_CONVERSATION SET UPDATED_AT = 1000 WHERE CONVERSATION_ID <> 'c1'");
		assertThat(memory.deleteBefore(Instant.ofEpochMilli(1000))).isZero();
		assertThat(memory.deleteBefore(Instant.ofEpochMilli(1001))).isEqualTo(2);
		assertThat(rows("CONVERSATION")).isEqualTo(1);
		assertThat(load(memory, "c1")).isEqualTo(turn(1));
	}

	private static LlmStreamClient client(ConversationMemory memory) {
		return LlmStreamClient
			.builder("test",
					(request) -> Flux.just(new Token.Text("a" + request.messages().size()),
							new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null)))
			.conversations(new Conversations(memory))
			.build();
	}

	/**
	 * A database that takes its time, asked from a thread that must not block.
	 */
	@Test
	void whoAsksIsNotBlocked() {
		DataSource slow = new DelegatingDataSource(this.database) {

			@Override
			public Connection getConnection() throws SQLException {
				assertThat(Thread.currentThread().getName()).startsWith("llm-stream-conversations");
				await(new CountDownLatch(1), 5);
				return super.getConnection();
			}

		};
		LlmStreamClient client = client(built(JdbcConversationMemory.builder(slow)));
		for (String answer : List.of("a1", "a3")) {
			StepVerifier
				.create(Flux.defer(() -> client.prompt("Hi").conversation("c").streamText())
					.subscribeOn(Schedulers.parallel()))
				.expectNext(answer)
				.expectComplete()
				.verify(LIMIT);
		}
	}

	private static boolean await(CountDownLatch latch, long millis) {
		try {
			return latch.await(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A driver that is interrupted may close its connection, and H2 its whole database.
	 */
	@Test
	void whoCancelsDoesNotInterruptTheDatabase() {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		DataSource slow = new DelegatingDataSource(this.database) {

			@Override
			public Connection getConnection() throws SQLException {
				entered.countDown();
				await(go, LIMIT.toMillis());
				return super.getConnection();
			}

		};
		JdbcConversationMemory memory = built(JdbcConversationMemory.builder(slow).threads(1));
		Disposable asked = memory.append("c", turn(1)).subscribe();
		assertThat(await(entered, LIMIT.toMillis())).isTrue();
		asked.dispose();
		go.countDown();
		assertThat(load(memory, "c")).isEqualTo(turn(1));
	}

	@Test
	void whatIsBeingKeptWhenTheMemoryIsClosedIsKept() {
		CountDownLatch entered = new CountDownLatch(1);
		DataSource slow = new DelegatingDataSource(this.database) {

			@Override
			public Connection getConnection() throws SQLException {
				entered.countDown();
				await(new CountDownLatch(1), 50);
				return super.getConnection();
			}

		};
		JdbcConversationMemory memory = JdbcConversationMemory.builder(slow).threads(1).build();
		for (int i = 0; i < 3; i++) {
			memory.append("c", turn(i)).subscribe();
		}
		assertThat(await(entered, LIMIT.toMillis())).isTrue();
		memory.close();
		assertThat(rows("CONVERSATION_MESSAGE")).isEqualTo(12);
		StepVerifier.create(memory.load("c")).expectError().verify(LIMIT);
	}

	@Test
	void aMessageThatCannotBeReadFailsTheRequestAndIsNotQuoted() {
		ConversationMemory memory = memory();
		memory.append("c", turn(1)).block(LIMIT);
		new JdbcTemplate(this.database).update("UPDATE LLM_STREAM_CONVERSATION_MESSAGE SET CONTENT = 'secret'");
		StepVerifier.create(client(memory).prompt("Hi").conversation("c").stream())
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(LlmStreamException.class)
				.hasMessageContaining("the conversation could not be read")
				.hasStackTraceContaining("is not JSON")
				.satisfies((failure) -> assertThat(failure.getCause()).hasMessageNotContaining("secret")))
			.verify(LIMIT);
	}

	@Test
	void settingsThatCannotWorkAreRefused() {
		JdbcConversationMemory.Builder builder = JdbcConversationMemory.builder(this.database);
		assertThatIllegalArgumentException().isThrownBy(() -> builder.maxMessages(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.threads(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.timeToLive(Duration.ZERO));
		builder.tablePrefix("x; DROP TABLE y; --");
		assertThatIllegalArgumentException().isThrownBy(builder::build);
	}

}
