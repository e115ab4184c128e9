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

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.llmstream.LlmStreamClient;
import io.llmstream.resilience.CircuitBreakerFilter;
import io.llmstream.resilience.CircuitBreakerSettings;
import io.llmstream.resilience.ConcurrencyLimitFilter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of what stands on Resilience4j: the circuit breaker and the limit on
 * open streams. Their instances are called {@code llm-stream.<provider>} and come from
 * the registries of the application where it has them, so that its metrics see them.
 */
@AutoConfiguration(before = LlmStreamAutoConfiguration.class)
@ConditionalOnClass(LlmStreamClient.class)
public final class LlmStreamResilienceAutoConfiguration {

	static final String CIRCUIT_BREAKERS = "llmStreamCircuitBreakers";

	static final String CONCURRENCY_LIMITS = "llmStreamConcurrencyLimits";

	private static String instance(String provider) {
		return "llm-stream." + provider;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CircuitBreaker.class)
	static class CircuitBreakerConfiguration {

		@Bean(CIRCUIT_BREAKERS)
		@ConditionalOnMissingBean(name = CIRCUIT_BREAKERS)
		ProviderFilters llmStreamCircuitBreakers(ObjectProvider<CircuitBreakerRegistry> registries) {
			return (provider, properties) -> {
				CircuitBreakerSettings settings = ProviderSettingsMapper.circuitBreaker(provider,
						properties.getCircuitBreaker());
				CircuitBreakerConfig config = settings.toConfig().build();
				CircuitBreakerRegistry registry = registries.getIfUnique();
				return new CircuitBreakerFilter(provider,
						(registry != null) ? registry.circuitBreaker(instance(provider), config)
								: CircuitBreaker.of(instance(provider), config));
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Bulkhead.class)
	static class ConcurrencyLimitConfiguration {

		@Bean(CONCURRENCY_LIMITS)
		@ConditionalOnMissingBean(name = CONCURRENCY_LIMITS)
		ProviderFilters llmStreamConcurrencyLimits(ObjectProvider<BulkheadRegistry> registries) {
			return (provider, properties) -> {
				Integer most = properties.getMaxConcurrentStreams();
				BulkheadConfig config = ConcurrencyLimitFilter.config((most != null) ? most : Integer.MAX_VALUE)
					.build();
				BulkheadRegistry registry = registries.getIfUnique();
				return new ConcurrencyLimitFilter(provider, (registry != null)
						? registry.bulkhead(instance(provider), config) : Bulkhead.of(instance(provider), config),
						properties.getMaxConcurrentStreamsWait());
			};
		}

	}

}
