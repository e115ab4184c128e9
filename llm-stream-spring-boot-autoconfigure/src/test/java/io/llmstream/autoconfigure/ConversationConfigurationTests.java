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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.llmstream.ConversationRunner;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.Message;
import io.llmstream.StreamFilter;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolRunner;
import io.llmstream.Usage;
import io.llmstream.conversation.ConversationMemory;
import io.llmstream.conversation.Conversations;
import io.llmstream.conversation.InMemoryConversationMemory;
import io.llmstream.conversation.jdbc.JdbcConversationMemory;
import io.llmstream.tool.ToolLoop;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LlmStreamConversationAutoConfiguration}.
 */
class ConversationConfigurationTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmStreamHttpAutoConfiguration.class, LlmStreamAutoConfiguration.class,
				LlmStreamToolAutoConfiguration.class, LlmStreamConversationAutoConfiguration.class))
		.withUserConfiguration(Model.class)
		.withPropertyValues("llm-stream.providers.openai.api-key=key", "llm-stream.providers.openai.model=m");

	private static void say(LlmStreamClient client, String text) {
		assertThat(client.prompt(text).conversation("c").completion().block(LIMIT)).isNotNull();
	}

	@Test
	void clientsKeepConversations() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ToolRunner.class).hasSingleBean(ConversationRunner.class);
			LlmStreamClient client = context.getBean(LlmStreamClient.class);
			say(client, "one");
			say(client, "two");
			assertThat(context.getBean(RecordingModel.class).requests.get(1).messages())
				.containsExactly(Message.user("one"), Message.assistant("answer"), Message.user("two"));
			assertThat(context.getBean(ConversationMemory.class).load("c").block(LIMIT)).hasSize(4);
		});
	}

	@Test
	void routesKeepConversationsOnce() {
		this.runner
			.withPropertyValues("llm-stream.routes.chat.targets[0].provider=openai", "llm-stream.default-client=chat")
			.run((context) -> {
				LlmStreamClient client = context.getBean(LlmStreamClient.class);
				assertThat(client.name()).isEqualTo("chat");
				say(client, "one");
				say(client, "two");
				assertThat(context.getBean(RecordingModel.class).requests.get(1).messages()).hasSize(3);
				assertThat(context.getBean(ConversationMemory.class).load("c").block(LIMIT)).hasSize(4);
			});
	}

	@Test
	void windowIsBoundByMessagesAndTokens() {
		this.runner.withPropertyValues("llm-stream.conversations.max-messages=3").run((context) -> {
			LlmStreamClient client = context.getBean(LlmStreamClient.class);
			List.of("one", "two", "three").forEach((text) -> say(client, text));
			assertThat(context.getBean(RecordingModel.class).requests.get(2).messages())
				.containsExactly(Message.user("two"), Message.assistant("answer"), Message.user("three"));
		});
		this.runner.withPropertyValues("llm-stream.conversations.max-tokens=2").run((context) -> {
			LlmStreamClient client = context.getBean(LlmStreamClient.class);
			List.of("one", "two").forEach((text) -> say(client, text));
			assertThat(context.getBean(RecordingModel.class).requests.get(1).messages())
				.containsExactly(Message.user("two"));
		});
	}

	@Test
	void memoryOfTheApplicationIsUsed() {
		this.runner.withUserConfiguration(OwnMemory.class).run((context) -> {
			assertThat(context).hasSingleBean(ConversationMemory.class);
			say(context.getBean(LlmStreamClient.class), "one");
			assertThat(context.getBean(ConversationMemory.class).load("c").block(LIMIT)).hasSize(2);
		});
	}

	@Test
	void runnerOfToolsOfTheApplicationIsUsedBesideConversations() {
		this.runner.withUserConfiguration(OwnTools.class).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(ConversationRunner.class);
			LlmStreamClient client = context.getBean(LlmStreamClient.class);
			say(client, "one");
			say(client, "two");
			assertThat(context.getBean(OwnRunner.class).asked).isEqualTo(2);
			assertThat(context.getBean(ConversationMemory.class).load("c").block(LIMIT)).containsExactly(
					Message.user("one"), Message.assistant("answer"), Message.user("two"), Message.assistant("answer"));
		});
	}

	@Test
	void runnerOfConversationsOfTheApplicationTakesThePlaceOfOurs() {
		ConversationRunner own = new Conversations(new InMemoryConversationMemory(1, 10));
		this.runner.withBean(ConversationRunner.class, () -> own)
			.run((context) -> assertThat(context).hasSingleBean(ConversationRunner.class)
				.doesNotHaveBean("llmStreamConversations"));
	}

	@Test
	void clientCanBeToldToKeepNone() {
		this.runner.withBean(LlmStreamClientCustomizer.class, () -> (builder) -> builder.conversations(null))
			.run((context) -> assertThatIllegalStateException()
				.isThrownBy(() -> context.getBean(LlmStreamClient.class).prompt("Hi").conversation("c")));
	}

	@Test
	void conversationsInADatabaseSurviveARestart(@TempDir Path folder) {
		JdbcDataSource database = new JdbcDataSource();
		database.setURL("jdbc:h2:file:" + folder.resolve("conversations"));
		ApplicationContextRunner node = this.runner.withBean(DataSource.class, () -> database)
			.withPropertyValues("llm-stream.conversations.store=jdbc",
					"llm-stream.conversations.jdbc.initialize-schema=always",
					"llm-stream.conversations.jdbc.time-to-live=90d");
		node.run((context) -> {
			assertThat(context).hasSingleBean(JdbcConversationMemory.class)
				.doesNotHaveBean(InMemoryConversationMemory.class);
			say(context.getBean(LlmStreamClient.class), "one");
		});
		node.run((context) -> {
			say(context.getBean(LlmStreamClient.class), "two");
			assertThat(context.getBean(RecordingModel.class).requests.get(0).messages())
				.containsExactly(Message.user("one"), Message.assistant("answer"), Message.user("two"));
			ConversationMemory memory = context.getBean(ConversationMemory.class);
			memory.delete("c").block(LIMIT);
			assertThat(memory.load("c").block(LIMIT)).isEmpty();
		});
	}

	@Test
	void tablesAreCreatedInAnEmbeddedDatabase() {
		this.runner.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withPropertyValues("llm-stream.conversations.store=jdbc", "spring.datasource.generate-unique-name=true")
			.run((context) -> {
				say(context.getBean(LlmStreamClient.class), "one");
				Integer messages = new JdbcTemplate(context.getBean(DataSource.class))
					.queryForObject("select count(*) from LLM_STREAM_CONVERSATION_MESSAGE", Integer.class);
				assertThat(messages).isEqualTo(2);
			});
	}

	@Test
	void whoAskedIsKnownBehindADatabase() {
		SecurityContext security = SecurityContextHolder.createEmptyContext();
		security.setAuthentication(new TestingAuthenticationToken("ada", "secret"));
		SecurityContextHolder.setContext(security);
		try {
			this.runner.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
				.withPropertyValues("llm-stream.conversations.store=jdbc",
						"spring.datasource.generate-unique-name=true")
				.run((context) -> {
					say(context.getBean(LlmStreamClient.class), "one");
					assertThat(context.getBean(RecordingModel.class).users).containsExactly("ada");
				});
		}
		finally {
			SecurityContextHolder.clearContext();
		}
	}

	@Test
	void scriptsAreKeptInNativeImages() {
		RuntimeHints hints = new RuntimeHints();
		new JdbcStores.ScriptRuntimeHints().registerHints(hints, null);
		for (String script : List.of("conversation/jdbc/schema-h2", "conversation/jdbc/schema-postgresql",
				"conversation/jdbc/schema-mysql", "conversation/jdbc/schema-mariadb", "usage/jdbc/schema-h2",
				"usage/jdbc/schema-postgresql", "usage/jdbc/schema-mysql")) {
			String path = "io/llmstream/" + script + ".sql";
			assertThat(new ClassPathResource(path).exists()).isTrue();
			assertThat(RuntimeHintsPredicates.resource().forResource(path)).accepts(hints);
		}
	}

	@Test
	void memoryOfTheApplicationGoesBeforeTheDatabase() {
		this.runner.withUserConfiguration(OwnMemory.class)
			.withPropertyValues("llm-stream.conversations.store=jdbc")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ConversationMemory.class)
				.doesNotHaveBean(ConversationSchemaInitializer.class));
	}

	@Test
	void storeThatCannotBeIsExplained() {
		ApplicationContextRunner jdbc = this.runner.withPropertyValues("llm-stream.conversations.store=jdbc");
		jdbc.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(InvalidLlmStreamConfigurationException.class)
			.hasMessageContaining("llm-stream.conversations.store is jdbc, but there is no DataSource"));
		jdbc.withClassLoader(new FilteredClassLoader("org.springframework.boot.jdbc"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidLlmStreamConfigurationException.class)
				.hasMessageContaining("spring-boot-jdbc is not on the classpath"));
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.boot.jdbc"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(InMemoryConversationMemory.class));
	}

	@Test
	void valuesOfADatabaseThatCannotWorkAreRefusedByName() {
		for (String property : List.of("max-messages=0", "threads=0", "time-to-live=0s", "table-prefix=x;y",
				"table-prefix=OTHER_")) {
			this.runner.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
				.withPropertyValues("llm-stream.conversations.store=jdbc",
						"spring.datasource.generate-unique-name=true", "llm-stream.conversations.jdbc." + property)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(InvalidLlmStreamConfigurationException.class)
					.hasMessageContaining("llm-stream.conversations.jdbc." + property.split("=")[0]));
		}
	}

	@Test
	void valuesThatCannotWorkAreRefusedByName() {
		for (String property : List.of("max-messages", "max-tokens", "in-memory.max-conversations",
				"in-memory.max-messages")) {
			this.runner.withPropertyValues("llm-stream.conversations." + property + "=0")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(InvalidLlmStreamConfigurationException.class)
					.hasMessageContaining("llm-stream.conversations." + property));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Model {

		@Bean
		RecordingModel recordingModel() {
			return new RecordingModel();
		}

	}

	static class RecordingModel implements StreamFilter {

		final List<StreamRequest> requests = new ArrayList<>();

		final List<String> users = new ArrayList<>();

		@Override
		public Flux<Token> filter(StreamRequest request, StreamingModel next) {
			this.requests.add(request);
			Authentication user = SecurityContextHolder.getContext().getAuthentication();
			this.users.add((user != null) ? user.getName() : "nobody");
			return Flux.just(new Token.Text("answer"),
					new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTools {

		@Bean
		@Primary
		OwnRunner ownRunner() {
			return new OwnRunner();
		}

		@Bean
		ToolLoop otherRunner() {
			return ToolLoop.create();
		}

	}

	static class OwnRunner implements ToolRunner {

		int asked;

		@Override
		public Flux<Token> filter(StreamRequest request, StreamingModel next) {
			this.asked++;
			return next.stream(request);
		}

		@Override
		public List<ToolCallback> toolsOf(Object source) {
			return List.of();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMemory {

		@Bean
		ConversationMemory memory() {
			InMemoryConversationMemory inner = new InMemoryConversationMemory(1, 10);
			return new ConversationMemory() {

				@Override
				public Mono<List<Message>> load(String conversationId) {
					return inner.load("own-" + conversationId);
				}

				@Override
				public Mono<Void> append(String conversationId, List<Message> messages) {
					return inner.append("own-" + conversationId, messages);
				}

				@Override
				public Mono<Void> delete(String conversationId) {
					return inner.delete("own-" + conversationId);
				}

			};
		}

	}

}
