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

import java.time.InstantSource;

import io.llmstream.LlmStreamClient;
import io.llmstream.usage.BudgetListener;
import io.llmstream.usage.BudgetStore;
import io.llmstream.usage.Budgets;
import io.llmstream.usage.UsageLedger;
import io.llmstream.usage.redis.RedisBudgetStore;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/**
 * Auto-configuration of {@link Budgets}: what users, tenants or all may use.
 */
@AutoConfiguration(after = LlmStreamUsageAutoConfiguration.class, before = LlmStreamAutoConfiguration.class,
		afterName = { "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
				"org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration" })
@ConditionalOnClass(LlmStreamClient.class)
@EnableConfigurationProperties(BudgetProperties.class)
public final class LlmStreamBudgetAutoConfiguration {

	/**
	 * Budgets go by what the ledger knows.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(UsageLedger.class)
	@EnableConfigurationProperties(UsageProperties.class)
	static class BudgetConfiguration {

		@Bean
		@ConditionalOnMissingBean
		Budgets llmStreamBudgets(UsageLedger ledger, BudgetProperties properties, UsageProperties usage,
				ObjectProvider<BudgetStore> stores, ObjectProvider<BudgetListener> listeners, Environment environment) {
			OverrideNames.check(environment);
			Budgets.Builder budgets = Budgets.builder(ledger)
				.budgets(BudgetMapper.budgets(properties))
				.zone(usage.getTimeZone())
				.reservedOutputTokens(properties.getReservedOutputTokens())
				.storeFailurePolicy(properties.getOnStoreFailure())
				.listeners(listeners.orderedStream().toList());
			BudgetStore store = stores.getIfAvailable();
			if (store != null) {
				budgets.store(store);
			}
			else if (properties.getStore() == BudgetProperties.Store.REDIS) {
				throw new InvalidLlmStreamConfigurationException(
						"The property llm-stream.budgets.store is redis, but Spring Data Redis is not on the classpath.",
						"Add the dependency org.springframework.boot:spring-boot-starter-data-redis, or remove the property.");
			}
			return budgets.build();
		}

	}

	/**
	 * Budgets that nodes count together.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ReactiveRedisConnectionFactory.class)
	@ConditionalOnProperty(name = "llm-stream.budgets.store", havingValue = "redis")
	@ImportRuntimeHints(RedisRuntimeHints.class)
	static class RedisConfiguration {

		@Bean
		@ConditionalOnMissingBean(BudgetStore.class)
		RedisBudgetStore llmStreamBudgetStore(ObjectProvider<ReactiveRedisConnectionFactory> connections,
				BudgetProperties properties) {
			PropertyChecks checks = new PropertyChecks("llm-stream.budgets.redis.");
			BudgetProperties.Redis redis = properties.getRedis();
			checks.positive("timeout", redis.getTimeout(), "1s");
			checks.positive("lease", redis.getLease(), "15m");
			checks.check(!redis.getKeyPrefix().isBlank(), "key-prefix", "empty", "must not be", "llm-stream:budgets");
			ReactiveRedisConnectionFactory factory = connections.getIfAvailable(() -> {
				throw new InvalidLlmStreamConfigurationException(
						"The property llm-stream.budgets.store is redis, but there is no ReactiveRedisConnectionFactory.",
						"Use Lettuce (spring.data.redis.client-type=lettuce), or define a bean of that type, or remove the property.");
			});
			RedisBudgetStore store = new RedisBudgetStore(factory, redis.getKeyPrefix().strip(), redis.getTimeout(),
					redis.getLease(), InstantSource.system());
			// in the background, so that the first streams need not wait for it; if it
			// fails, they try again, and say so
			store.connect().onErrorComplete().subscribe();
			return store;
		}

	}

	/**
	 * Keeps the script in native images.
	 */
	static final class RedisRuntimeHints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("io/llmstream/usage/redis/budgets.lua");
		}

	}

	/**
	 * A budget that nothing keeps would be worse than none.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean({ UsageLedger.class, Budgets.class })
	static class NoLedgerConfiguration {

		NoLedgerConfiguration(BudgetProperties properties) {
			if (!properties.getLimits().isEmpty()) {
				throw new InvalidLlmStreamConfigurationException(
						"The property llm-stream.budgets.limits is set, but the usage ledger, which budgets go by, is switched off.",
						"Set llm-stream.usage.enabled=true, or remove the limits.");
			}
		}

	}

}
