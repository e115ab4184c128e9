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
import java.util.Objects;

import javax.sql.DataSource;

import io.llmstream.conversation.jdbc.JdbcConversationMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of conversations in a database.
 */
@ConfigurationProperties("llm-stream.conversations.jdbc")
public class ConversationJdbcProperties extends JdbcStoreProperties {

	/**
	 * How many of the newest messages of a conversation are read from the database; as
	 * many as the model is shown if it is not set. All are kept.
	 */
	private @Nullable Integer maxMessages;

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
		// asked before fields are set
		return "classpath:io/llmstream/conversation/jdbc/schema-@@platform@@.sql";
	}

	public @Nullable Integer getMaxMessages() {
		return this.maxMessages;
	}

	public void setMaxMessages(@Nullable Integer maxMessages) {
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

	JdbcConversationMemory toMemory(DataSource dataSource, int shown) {
		PropertyChecks checks = new PropertyChecks("llm-stream.conversations.jdbc.");
		checkTablePrefix(checks, dataSource);
		int read = Objects.requireNonNullElse(this.maxMessages, shown);
		checks.check(read >= 1, "max-messages", read, "must be 1 or more", "100");
		checks.positive("time-to-live", this.timeToLive, "90d");
		checks.check(this.threads >= 1, "threads", this.threads, "must be 1 or more", "8");
		return JdbcConversationMemory.builder(dataSource)
			.tablePrefix(getTablePrefix())
			.maxMessages(read)
			.timeToLive(this.timeToLive)
			.threads(this.threads)
			.build();
	}

}
