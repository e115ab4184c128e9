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

import java.util.Map;

import javax.sql.DataSource;

import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.boot.jdbc.init.PropertiesBasedDataSourceScriptDatabaseInitializer;

/**
 * Creates the tables of conversations, in an embedded database unless told otherwise.
 * MariaDB has a script of its own: what tells apart names that end with blanks has
 * another name there than in MySQL.
 */
public class ConversationSchemaInitializer
		extends PropertiesBasedDataSourceScriptDatabaseInitializer<ConversationJdbcProperties> {

	/**
	 * Create an initializer.
	 * @param dataSource the database
	 * @param properties which script is run, and when
	 */
	public ConversationSchemaInitializer(DataSource dataSource, ConversationJdbcProperties properties) {
		super(dataSource, properties, Map.of(DatabaseDriver.MARIADB, "mariadb"));
	}

}
