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

import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.jdbc.init.DatabaseInitializationProperties;
import org.springframework.boot.sql.init.DatabaseInitializationMode;

/**
 * Properties of a store in a database.
 */
public abstract class JdbcStoreProperties extends DatabaseInitializationProperties {

	private static final String DEFAULT_TABLE_PREFIX = "LLM_STREAM_";

	/**
	 * What the names of the tables begin with.
	 */
	private String tablePrefix = DEFAULT_TABLE_PREFIX;

	JdbcStoreProperties() {
	}

	public String getTablePrefix() {
		return this.tablePrefix;
	}

	public void setTablePrefix(String tablePrefix) {
		this.tablePrefix = tablePrefix;
	}

	/**
	 * Fail if the prefix cannot be one, or is not that of the tables that are created.
	 */
	void checkTablePrefix(PropertyChecks checks, DataSource dataSource) {
		checks.check(this.tablePrefix.matches("[A-Za-z0-9_.]*"), "table-prefix", this.tablePrefix,
				"must be letters, digits and underscores", DEFAULT_TABLE_PREFIX);
		checks.check(this.tablePrefix.equals(DEFAULT_TABLE_PREFIX) || !createsDefaultTables(dataSource), "table-prefix",
				this.tablePrefix,
				"must be " + DEFAULT_TABLE_PREFIX
						+ " where the default script creates the tables; set schema to a script of yours, or "
						+ "initialize-schema to never",
				DEFAULT_TABLE_PREFIX);
	}

	private boolean createsDefaultTables(DataSource dataSource) {
		boolean creates = getInitializeSchema() == DatabaseInitializationMode.ALWAYS
				|| (getInitializeSchema() == DatabaseInitializationMode.EMBEDDED
						&& EmbeddedDatabaseConnection.isEmbedded(dataSource));
		return creates && getDefaultSchemaLocation().equals(getSchema());
	}

}
