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

import javax.sql.DataSource;

import io.llmstream.ConversationRunner;
import io.llmstream.LlmStreamClient;
import io.llmstream.conversation.ConversationMemory;
import io.llmstream.conversation.Conversations;
import io.llmstream.conversation.InMemoryConversationMemory;
import io.llmstream.conversation.jdbc.JdbcConversationMemory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.PropertiesBasedDataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Auto-configuration of what keeps conversations, around all that clients do for an
 * answer.
 */
@AutoConfiguration(afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		before = LlmStreamAutoConfiguration.class)
@ConditionalOnClass(LlmStreamClient.class)
@EnableConfigurationProperties(ConversationProperties.class)
public final class LlmStreamConversationAutoConfiguration {

	private static final String STORE = "llm-stream.conversations.store";

	@Bean
	@ConditionalOnMissingBean(ConversationRunner.class)
	Conversations llmStreamConversations(ObjectProvider<ConversationMemory> memory, ConversationProperties properties) {
		return new Conversations(memory.getIfAvailable(JdbcStores.unavailable(STORE)), properties.toWindows());
	}

	/**
	 * Conversations in memory.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = STORE, havingValue = "memory", matchIfMissing = true)
	static class MemoryConfiguration {

		@Bean
		@ConditionalOnMissingBean(ConversationMemory.class)
		InMemoryConversationMemory llmStreamConversationMemory(ConversationProperties properties) {
			return properties.toMemory();
		}

	}

	/**
	 * Conversations in a database.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ JdbcTemplate.class, PropertiesBasedDataSourceScriptDatabaseInitializer.class })
	@ConditionalOnProperty(name = STORE, havingValue = "jdbc")
	@ConditionalOnMissingBean(ConversationMemory.class)
	@EnableConfigurationProperties(ConversationJdbcProperties.class)
	@ImportRuntimeHints(JdbcStores.ScriptRuntimeHints.class)
	static class JdbcConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ConversationSchemaInitializer llmStreamConversationSchemaInitializer(ObjectProvider<DataSource> dataSource,
				ConversationJdbcProperties properties) {
			return new ConversationSchemaInitializer(JdbcStores.dataSource(dataSource, STORE), properties);
		}

		@Bean
		@DependsOnDatabaseInitialization
		JdbcConversationMemory llmStreamConversationMemory(ObjectProvider<DataSource> dataSource,
				ConversationJdbcProperties properties, ConversationProperties conversations) {
			return properties.toMemory(JdbcStores.dataSource(dataSource, STORE),
					Math.max(1, conversations.getMaxMessages()));
		}

	}

}
