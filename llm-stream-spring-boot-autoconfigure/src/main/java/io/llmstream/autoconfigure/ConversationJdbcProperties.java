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

import java.time.Duration;

import javax.sql.DataSource;

import io.llmstream.conversation.jdbc.JdbcConversationMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.init.DatabaseInitializationProperties;

/**
 * Properties of conversations in a database.
 */
@ConfigurationProperties("llm-stream.conversations.jdbc")
public class ConversationJdbcProperties extends DatabaseInitializationProperties {

	private static final String DEFAULT_SCHEMA_LOCATION = "classpath:io/llmstream/conversation/jdbc/schema-@@platform@@.sql";

	/**
	 * What the names of the tables begin with.
	 */
	private String tablePrefix = JdbcConversationMemory.DEFAULT_TABLE_PREFIX;

	/**
	 * How many of the newest messages of a conversation are read from the database. All
	 * are kept.
	 */
	private int maxMessages = JdbcConversationMemory.DEFAULT_MAX_MESSAGES;

	/**
	 * How long a conversation is kept after something was said in it last. Until it is
	 * deleted if it is not set.
	 */
	private @Nullable Duration timeToLive;

	/**
	 * How many threads may wait for the database at a time.
	 */
	private int threads = JdbcConversationMemory.DEFAULT_THREADS;

	@Override
	public String getDefaultSchemaLocation() {
		return DEFAULT_SCHEMA_LOCATION;
	}

	public String getTablePrefix() {
		return this.tablePrefix;
	}

	public void setTablePrefix(String tablePrefix) {
		this.tablePrefix = tablePrefix;
	}

	public int getMaxMessages() {
		return this.maxMessages;
	}

	public void setMaxMessages(int maxMessages) {
		this.maxMessages = maxMessages;
	}

	public @Nullable Duration getTimeToLive() {
		return this.timeToLive;
	}

	public void setTimeToLive(@Nullable Duration timeToLive) {
		this.timeToLive = timeToLive;
	}

	public int getThreads() {
		return this.threads;
	}

	public void setThreads(int threads) {
		this.threads = threads;
	}

	JdbcConversationMemory toMemory(DataSource dataSource) {
		PropertyChecks checks = new PropertyChecks("llm-stream.conversations.jdbc.");
		checks.check(this.tablePrefix.matches("[A-Za-z0-9_.]*"), "table-prefix", this.tablePrefix,
				"must be letters, digits and underscores", JdbcConversationMemory.DEFAULT_TABLE_PREFIX);
		checks.check(this.maxMessages >= 1, "max-messages", this.maxMessages, "must be 1 or more", "200");
		checks.positive("time-to-live", this.timeToLive, "90d");
		checks.check(this.threads >= 1, "threads", this.threads, "must be 1 or more", "8");
		return JdbcConversationMemory.builder(dataSource)
			.tablePrefix(this.tablePrefix)
			.maxMessages(this.maxMessages)
			.timeToLive(this.timeToLive)
			.threads(this.threads)
			.build();
	}

}
