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

import java.time.ZoneId;

import javax.sql.DataSource;

import io.llmstream.usage.jdbc.JdbcUsageStore;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of the usage ledger in a database.
 */
@ConfigurationProperties("llm-stream.usage.jdbc")
public class UsageJdbcProperties extends JdbcStoreProperties {

	@Override
	public String getDefaultSchemaLocation() {
		// asked before fields are set
		return "classpath:io/llmstream/usage/jdbc/schema-@@platform@@.sql";
	}

	JdbcUsageStore toStore(DataSource dataSource, ZoneId timeZone) {
		checkTablePrefix(new PropertyChecks("llm-stream.usage.jdbc."), dataSource);
		return new JdbcUsageStore(dataSource, getTablePrefix(), timeZone);
	}

}
