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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.llmstream.Message;
import io.llmstream.conversation.ConversationMemory;
import io.llmstream.conversation.MessageJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps conversations in a database, so that they survive a restart and are the same on
 * all nodes that share it. The tables are those of
 * {@code io/llmstream/conversation/jdbc/schema-*.sql}, with a row for each message, in
 * the form of {@link MessageJson}.
 * <p>
 * Messages are added, and never written again. Those of one turn are added in one
 * transaction, all or none, after those that are there: turns that end at the same time,
 * on one node or on several, are kept one after the other, and neither is lost. A process
 * that is killed loses the turns that have not ended, and leaves whole ones.
 * <p>
 * What blocks does so on threads of its own, and what follows happens on others, so that
 * nobody keeps those busy. They are not interrupted when somebody cancels, as drivers
 * take that for a broken connection. Safe for use by several threads.
 */
public final class JdbcConversationMemory implements ConversationMemory, AutoCloseable {

	/** What the names of the tables begin with, where nothing else is said. */
	public static final String DEFAULT_TABLE_PREFIX = "LLM_STREAM_";

	/** How many of the newest messages are read, where nothing else is said. */
	public static final int DEFAULT_MAX_MESSAGES = 200;

	/** How many threads there are, where nothing else is said. */
	public static final int DEFAULT_THREADS = 8;

	private static final Logger logger = LoggerFactory.getLogger(JdbcConversationMemory.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private static final int MAX_WAITING = 10_000;

	private final ConversationTables tables;

	private final int maxMessages;

	private final @Nullable Duration timeToLive;

	private final Scheduler threads;

	private final Disposable cleaning;

	private JdbcConversationMemory(Builder builder) {
		this.tables = new ConversationTables(builder.dataSource, builder.tablePrefix);
		this.maxMessages = builder.maxMessages;
		this.timeToLive = builder.timeToLive;
		this.threads = Schedulers.newBoundedElastic(builder.threads, MAX_WAITING, "llm-stream-conversations", 60, true);
		this.cleaning = (this.timeToLive != null) ? clean(this.timeToLive) : Disposables.disposed();
	}

	/**
	 * Begin.
	 * @param dataSource the database, mostly a pool of connections
	 * @return a builder
	 */
	public static Builder builder(DataSource dataSource) {
		return new Builder(dataSource);
	}

	private Disposable clean(Duration timeToLive) {
		long pause = Math.max(TimeUnit.MINUTES.toMillis(1),
				Math.min(TimeUnit.HOURS.toMillis(1), timeToLive.toMillis() / 10));
		return Schedulers.parallel()
			.schedulePeriodically(() -> this.threads.schedule(this::deleteExpired), pause, pause,
					TimeUnit.MILLISECONDS);
	}

	private void deleteExpired() {
		try {
			int deleted = this.tables.deleteBefore(usedSince());
			logger.debug("{} conversations have expired", deleted);
		}
		catch (RuntimeException ex) {
			logger.warn("Conversations that have expired could not be deleted; trying again later", ex);
		}
	}

	private long now() {
		return this.threads.now(TimeUnit.MILLISECONDS);
	}

	private long usedSince() {
		return (this.timeToLive != null) ? now() - this.timeToLive.toMillis() : Long.MIN_VALUE;
	}

	@Override
	public Mono<List<Message>> load(String conversationId) {
		return Mono.<List<Message>>create((sink) -> {
			AtomicBoolean cancelled = new AtomicBoolean();
			sink.onCancel(() -> cancelled.set(true));
			run(sink, () -> (cancelled.get()) ? List.of() : read(conversationId));
		}).publishOn(Schedulers.parallel());
	}

	private List<Message> read(String conversationId) {
		return this.tables.newest(conversationId, this.maxMessages, usedSince())
			.stream()
			.map(MessageJson::read)
			.toList();
	}

	@Override
	public Mono<Void> append(String conversationId, List<Message> messages) {
		return run(() -> this.tables.append(conversationId, messages.stream().map(MessageJson::write).toList(), now(),
				usedSince()));
	}

	@Override
	public Mono<Void> delete(String conversationId) {
		return run(() -> this.tables.delete(conversationId));
	}

	private Mono<Void> run(Runnable action) {
		return Mono.<Void>create((sink) -> run(sink, () -> {
			action.run();
			return null;
		})).publishOn(Schedulers.parallel());
	}

	private <T> void run(MonoSink<T> sink, Supplier<@Nullable T> action) {
		this.threads.schedule(() -> {
			try {
				sink.success(action.get());
			}
			catch (RuntimeException | Error ex) {
				sink.error(ex);
			}
		});
	}

	/**
	 * Delete conversations to which nothing was added since a moment. Blocks.
	 * @param before the moment
	 * @return how many were deleted
	 */
	public int deleteBefore(Instant before) {
		return this.tables.deleteBefore(before.toEpochMilli());
	}

	/**
	 * End the threads, once what they were asked to do is done; waits ten seconds for
	 * that.
	 */
	@Override
	public void close() {
		this.cleaning.dispose();
		try {
			this.threads.disposeGracefully().block(CLOSE_TIMEOUT);
		}
		catch (RuntimeException ex) {
			logger.warn("Turns of conversations may be lost, as the database has not answered in time");
		}
		this.threads.dispose();
	}

	@Override
	public String toString() {
		return "JdbcConversationMemory[" + this.tables + "]";
	}

	/**
	 * Builds a {@link JdbcConversationMemory}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final DataSource dataSource;

		private String tablePrefix = DEFAULT_TABLE_PREFIX;

		private int maxMessages = DEFAULT_MAX_MESSAGES;

		private @Nullable Duration timeToLive;

		private int threads = DEFAULT_THREADS;

		private Builder(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		/**
		 * Set what the names of the tables begin with.
		 * @param tablePrefix letters, digits, underscores, and a dot after a schema
		 * @return this builder
		 */
		public Builder tablePrefix(String tablePrefix) {
			this.tablePrefix = tablePrefix;
			return this;
		}

		/**
		 * Set how much of a conversation is read: so many of its newest messages. All are
		 * kept.
		 * @param maxMessages the number of messages, 1 or more
		 * @return this builder
		 */
		public Builder maxMessages(int maxMessages) {
			if (maxMessages < 1) {
				throw new IllegalArgumentException("maxMessages must be 1 or more, but is " + maxMessages);
			}
			this.maxMessages = maxMessages;
			return this;
		}

		/**
		 * Set how long a conversation is kept after something was added to it last. It is
		 * not read any more from then on, and deleted within an hour.
		 * @param timeToLive the time, or {@code null} to keep conversations until they
		 * are deleted
		 * @return this builder
		 */
		public Builder timeToLive(@Nullable Duration timeToLive) {
			if (timeToLive != null && (timeToLive.isZero() || timeToLive.isNegative())) {
				throw new IllegalArgumentException("timeToLive must be longer than zero, but is " + timeToLive);
			}
			this.timeToLive = timeToLive;
			return this;
		}

		/**
		 * Set how many threads may wait for the database at a time. More than it has
		 * connections are of no use.
		 * @param threads the number of threads, 1 or more
		 * @return this builder
		 */
		public Builder threads(int threads) {
			if (threads < 1) {
				throw new IllegalArgumentException("threads must be 1 or more, but is " + threads);
			}
			this.threads = threads;
			return this;
		}

		/**
		 * Build the memory.
		 * @return the memory, to be closed
		 */
		public JdbcConversationMemory build() {
			return new JdbcConversationMemory(this);
		}

	}

}
