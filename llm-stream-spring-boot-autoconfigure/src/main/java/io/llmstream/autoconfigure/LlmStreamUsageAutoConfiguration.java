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

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.knuddels.jtokkit.api.EncodingRegistry;
import io.llmstream.LlmStreamClient;
import io.llmstream.usage.InMemoryUsageStore;
import io.llmstream.usage.JTokkitTokenEstimator;
import io.llmstream.usage.TokenEstimator;
import io.llmstream.usage.TokenPrices;
import io.llmstream.usage.UsageLedger;
import io.llmstream.usage.UsageListener;
import io.llmstream.usage.UsageStore;
import io.llmstream.usage.UsageTagResolver;
import io.llmstream.usage.jdbc.JdbcUsageStore;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
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
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Auto-configuration of the {@link UsageLedger}: what streams use, cost and take.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration" },
		before = LlmStreamAutoConfiguration.class)
@ConditionalOnClass(LlmStreamClient.class)
@ConditionalOnBooleanProperty(name = "llm-stream.usage.enabled", matchIfMissing = true)
@EnableConfigurationProperties({ UsageProperties.class, LlmStreamProperties.class })
public final class LlmStreamUsageAutoConfiguration {

	private static final String STORE = "llm-stream.usage.store";

	@Bean
	@ConditionalOnMissingBean
	UsageLedger llmStreamUsageLedger(UsageProperties properties, LlmStreamProperties providers,
			ObjectProvider<UsageStore> stores, ObjectProvider<TokenPrices> prices,
			ObjectProvider<TokenEstimator> estimator, ObjectProvider<UsageTagResolver> resolvers,
			ObjectProvider<UsageListener> listeners) {
		PropertyChecks checks = new PropertyChecks("llm-stream.usage.");
		checks.check(properties.getBufferSize() > 0, "buffer-size", properties.getBufferSize(), "must be positive",
				"10000");
		checks.check(properties.getBatchSize() > 0, "batch-size", properties.getBatchSize(), "must be positive", "500");
		checks.positive("flush-interval", properties.getFlushInterval(), "1s");
		checks.notNegative("shutdown-timeout", properties.getShutdownTimeout(), "5s");
		UsageStore store = stores.getIfAvailable(JdbcStores.unavailable(STORE));
		TokenPrices known = UsagePrices.of(properties, types(providers.getProviders()));
		List<TokenPrices> own = prices.orderedStream().toList();
		for (int i = own.size() - 1; i >= 0; i--) {
			known = own.get(i).orElse(known);
		}
		return UsageLedger.builder(store)
			.prices(known)
			.estimator(estimator.getIfAvailable(TokenEstimator::byLength))
			.tagResolvers(resolvers.orderedStream().toList())
			.listeners(listeners.orderedStream().toList())
			.bufferSize(properties.getBufferSize())
			.batchSize(properties.getBatchSize())
			.flushInterval(properties.getFlushInterval())
			.shutdownTimeout(properties.getShutdownTimeout())
			.build();
	}

	private static UnaryOperator<String> types(Map<String, ProviderProperties> providers) {
		return (name) -> {
			ProviderProperties provider = providers.get(name);
			String type = (provider != null) ? provider.getType() : null;
			return (type != null) ? type : name;
		};
	}

	/**
	 * The ledger in memory.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = STORE, havingValue = "memory", matchIfMissing = true)
	static class MemoryConfiguration {

		@Bean
		@ConditionalOnMissingBean(UsageStore.class)
		InMemoryUsageStore llmStreamUsageStore(UsageProperties properties) {
			PropertyChecks checks = new PropertyChecks("llm-stream.usage.memory.");
			UsageProperties.Memory memory = properties.getMemory();
			checks.check(memory.getMaxSums() > 0, "max-sums", memory.getMaxSums(), "must be positive", "20000");
			checks.check(memory.getMaxEntries() >= 0, "max-entries", memory.getMaxEntries(), "must not be negative",
					"1000");
			return new InMemoryUsageStore(memory.getMaxSums(), memory.getMaxEntries(), properties.getTimeZone());
		}

	}

	/**
	 * The ledger in a database.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ JdbcTemplate.class, PropertiesBasedDataSourceScriptDatabaseInitializer.class })
	@ConditionalOnProperty(name = STORE, havingValue = "jdbc")
	@ConditionalOnMissingBean(UsageStore.class)
	@EnableConfigurationProperties(UsageJdbcProperties.class)
	@ImportRuntimeHints(JdbcStores.ScriptRuntimeHints.class)
	static class JdbcConfiguration {

		@Bean
		@ConditionalOnMissingBean
		UsageSchemaInitializer llmStreamUsageSchemaInitializer(ObjectProvider<DataSource> dataSource,
				UsageJdbcProperties properties) {
			return new UsageSchemaInitializer(JdbcStores.dataSource(dataSource, STORE), properties);
		}

		@Bean
		@DependsOnDatabaseInitialization
		JdbcUsageStore llmStreamUsageStore(ObjectProvider<DataSource> dataSource, UsageJdbcProperties properties,
				UsageProperties usage) {
			return properties.toStore(JdbcStores.dataSource(dataSource, STORE), usage.getTimeZone());
		}

	}

	/**
	 * Tokens are counted with JTokkit where it is there.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(EncodingRegistry.class)
	static class JTokkitConfiguration {

		@Bean
		@ConditionalOnMissingBean(TokenEstimator.class)
		JTokkitTokenEstimator llmStreamTokenEstimator() {
			return new JTokkitTokenEstimator();
		}

	}

	/**
	 * Streams are tagged with who is logged in where Spring Security is there.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityContextHolder.class)
	static class SecurityConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "llmStreamPrincipalTagResolver")
		UsageTagResolver llmStreamPrincipalTagResolver(UsageProperties properties) {
			String tag = properties.getPrincipalTag();
			return (tag.isBlank()) ? (route, request) -> Mono.empty() : new PrincipalTagResolver(tag.strip());
		}

	}

}
