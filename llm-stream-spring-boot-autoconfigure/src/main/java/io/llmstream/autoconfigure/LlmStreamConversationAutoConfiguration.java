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
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
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

	@Bean
	@ConditionalOnMissingBean(ConversationRunner.class)
	Conversations llmStreamConversations(ObjectProvider<ConversationMemory> memory, ConversationProperties properties) {
		return new Conversations(memory.getIfAvailable(() -> {
			throw new InvalidLlmStreamConfigurationException(
					"The property llm-stream.conversations.store is jdbc, but spring-boot-jdbc is not on the classpath.",
					"Add the dependency org.springframework.boot:spring-boot-starter-jdbc and the driver of your database, or remove the property.");
		}), properties.toWindows());
	}

	/**
	 * Conversations in memory.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "llm-stream.conversations.store", havingValue = "memory", matchIfMissing = true)
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
	@ConditionalOnProperty(name = "llm-stream.conversations.store", havingValue = "jdbc")
	@ConditionalOnMissingBean(ConversationMemory.class)
	@EnableConfigurationProperties(ConversationJdbcProperties.class)
	@ImportRuntimeHints(SchemaRuntimeHints.class)
	static class JdbcConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ConversationSchemaInitializer llmStreamConversationSchemaInitializer(ObjectProvider<DataSource> dataSource,
				ConversationJdbcProperties properties) {
			return new ConversationSchemaInitializer(dataSource(dataSource), properties);
		}

		@Bean
		@DependsOnDatabaseInitialization
		JdbcConversationMemory llmStreamConversationMemory(ObjectProvider<DataSource> dataSource,
				ConversationJdbcProperties properties) {
			return properties.toMemory(dataSource(dataSource));
		}

		private static DataSource dataSource(ObjectProvider<DataSource> dataSource) {
			return dataSource.getIfAvailable(() -> {
				throw new InvalidLlmStreamConfigurationException(
						"The property llm-stream.conversations.store is jdbc, but there is no DataSource.",
						"Set spring.datasource.url, or define a DataSource bean, or remove the property.");
			});
		}

	}

	/**
	 * Keeps the scripts in native images.
	 */
	static final class SchemaRuntimeHints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("io/llmstream/conversation/jdbc/schema-*.sql");
		}

	}

}
