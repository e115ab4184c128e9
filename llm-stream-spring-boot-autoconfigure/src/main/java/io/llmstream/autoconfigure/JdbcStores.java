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

import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;

/**
 * What all stores in a database have in common.
 */
final class JdbcStores {

	private JdbcStores() {
	}

	/**
	 * Fails where a store is missing because what it needs is.
	 * @param property the property that asks for the store, with its value {@code jdbc}
	 */
	static <T> Supplier<T> unavailable(String property) {
		return () -> {
			throw new InvalidLlmStreamConfigurationException(
					"The property " + property + " is jdbc, but spring-boot-jdbc is not on the classpath.",
					"Add the dependency org.springframework.boot:spring-boot-starter-jdbc and the driver of your database, or remove the property.");
		};
	}

	/**
	 * The application's database.
	 * @param dataSource where it comes from
	 * @param property the property that asks for the store, with its value {@code jdbc}
	 */
	static DataSource dataSource(ObjectProvider<DataSource> dataSource, String property) {
		return dataSource.getIfAvailable(() -> {
			throw new InvalidLlmStreamConfigurationException(
					"The property " + property + " is jdbc, but there is no DataSource.",
					"Set spring.datasource.url, or define a DataSource bean, or remove the property.");
		});
	}

	/**
	 * Keeps the scripts of the tables in native images.
	 */
	static final class ScriptRuntimeHints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("io/llmstream/conversation/jdbc/schema-*.sql");
			hints.resources().registerPattern("io/llmstream/usage/jdbc/schema-*.sql");
		}

	}

}
