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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The statements: plain SQL that all databases understand. A row of the one table is a
 * conversation, with the number of its messages; rows of the other are messages, numbered
 * from 1. Who adds messages changes the conversation's row first, and so holds its lock:
 * others, on whatever node, add theirs afterwards. Blocks.
 */
final class ConversationTables {

	/**
	 * How many times it may happen that another node begins the same conversation, or has
	 * its row locked for too long.
	 */
	private static final int MAX_TRIES = 5;

	private static final int BATCH = 500;

	private final DataSource dataSource;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final String conversations;

	private final String messages;

	ConversationTables(DataSource dataSource, String tablePrefix) {
		if (!tablePrefix.matches("[A-Za-z0-9_.]*")) {
			throw new IllegalArgumentException("tablePrefix must be letters, digits and underscores");
		}
		this.dataSource = dataSource;
		this.jdbc = new JdbcTemplate(dataSource);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		this.conversations = tablePrefix + "CONVERSATION";
		this.messages = tablePrefix + "CONVERSATION_MESSAGE";
	}

	/**
	 * The newest messages of a conversation, oldest first.
	 * @param id the conversation
	 * @param most how many at most
	 * @param usedSince the time before which a conversation is forgotten
	 */
	List<String> newest(String id, int most, long usedSince) {
		return this.jdbc.queryForList(
				"SELECT M.CONTENT FROM " + this.conversations + " C JOIN " + this.messages
						+ " M ON M.CONVERSATION_ID = C.CONVERSATION_ID WHERE C.CONVERSATION_ID = ?"
						+ " AND C.UPDATED_AT >= ? AND M.MESSAGE_NUMBER > C.MESSAGES - ? ORDER BY M.MESSAGE_NUMBER",
				String.class, id, usedSince, most);
	}

	/**
	 * Add messages, all or none.
	 * @param id the conversation
	 * @param contents the messages
	 * @param now the time
	 * @param usedSince the time before which a conversation is forgotten
	 */
	void append(String id, List<String> contents, long now, long usedSince) {
		for (int tries = 1;; tries++) {
			try {
				this.transaction.executeWithoutResult((status) -> insert(id, contents, now, usedSince));
				return;
			}
			catch (DuplicateKeyException | ConcurrencyFailureException ex) {
				if (tries == MAX_TRIES) {
					throw ex;
				}
			}
		}
	}

	private void insert(String id, List<String> contents, long now, long usedSince) {
		long number = count(id, contents.size(), now, usedSince) - contents.size();
		List<Object[]> rows = new ArrayList<>(contents.size());
		for (String content : contents) {
			rows.add(new Object[] { id, ++number, now, content });
		}
		this.jdbc.batchUpdate("INSERT INTO " + this.messages
				+ " (CONVERSATION_ID, MESSAGE_NUMBER, CREATED_AT, CONTENT) VALUES (?, ?, ?, ?)", rows);
	}

	/**
	 * Count messages that are about to be added, and keep others from doing so.
	 * @return how many there are then
	 */
	private long count(String id, int more, long now, long usedSince) {
		int known = this.jdbc.update("UPDATE " + this.conversations + " SET MESSAGES = MESSAGES + ?, UPDATED_AT = ?"
				+ " WHERE CONVERSATION_ID = ? AND UPDATED_AT >= ?", more, now, id, usedSince);
		if (known > 0) {
			Long all = this.jdbc.queryForObject(
					"SELECT MESSAGES FROM " + this.conversations + " WHERE CONVERSATION_ID = ?", Long.class, id);
			return Objects.requireNonNull(all);
		}
		delete(id, usedSince);
		this.jdbc.update(
				"INSERT INTO " + this.conversations
						+ " (CONVERSATION_ID, MESSAGES, CREATED_AT, UPDATED_AT) VALUES (?, ?, ?, ?)",
				id, more, now, now);
		return more;
	}

	// messages go with their conversation: the tables say so

	void delete(String id) {
		this.jdbc.update("DELETE FROM " + this.conversations + " WHERE CONVERSATION_ID = ?", id);
	}

	private int delete(String id, long before) {
		return this.jdbc.update("DELETE FROM " + this.conversations + " WHERE CONVERSATION_ID = ? AND UPDATED_AT < ?",
				id, before);
	}

	/**
	 * Delete conversations that were not used since a time, one by one, so that nobody
	 * waits long.
	 * @return how many
	 */
	int deleteBefore(long before) {
		JdbcTemplate limited = new JdbcTemplate(this.dataSource);
		limited.setMaxRows(BATCH);
		int deleted = 0;
		List<String> ids;
		do {
			ids = limited.queryForList(
					"SELECT CONVERSATION_ID FROM " + this.conversations + " WHERE UPDATED_AT < ? ORDER BY UPDATED_AT",
					String.class, before);
			for (String id : ids) {
				deleted += delete(id, before);
			}
		}
		while (ids.size() == BATCH);
		return deleted;
	}

	@Override
	public String toString() {
		return this.conversations;
	}

}
