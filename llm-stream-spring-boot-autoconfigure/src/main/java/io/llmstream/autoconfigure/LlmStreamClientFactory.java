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

import io.llmstream.ConversationRunner;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamContextContributor;
import io.llmstream.StructuredOutput;
import io.llmstream.ToolRunner;
import io.llmstream.http.HttpExchange;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.resilience.RetryClassifier;
import io.llmstream.usage.Budgets;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Creates the client of a configured provider.
 */
class LlmStreamClientFactory {

	private final Map<String, ProviderProperties> providers;

	private final ProviderDialects dialects;

	private final ProviderSettingsMapper mapper;

	private final ObjectProvider<HttpExchange> exchange;

	private final ObjectProvider<ProviderHttpExchanges> exchanges;

	private final ListableBeanFactory beanFactory;

	private final DefaultLlmStreamProviders states;

	private final RetryPolicies policies;

	LlmStreamClientFactory(LlmStreamProperties properties, LlmStreamConnectionDetails details,
			ListableBeanFactory beanFactory, DefaultLlmStreamProviders states) {
		this.providers = properties.getProviders();
		this.dialects = new ProviderDialects(
				beanFactory.getBeanProvider(ProviderDialect.class).orderedStream().toList());
		this.mapper = new ProviderSettingsMapper(details, properties);
		this.exchange = beanFactory.getBeanProvider(HttpExchange.class);
		this.exchanges = beanFactory.getBeanProvider(ProviderHttpExchanges.class);
		this.beanFactory = beanFactory;
		this.states = states;
		this.policies = new RetryPolicies(beanFactory, this.providers.keySet());
	}

	LlmStreamClient create(String name) {
		ProviderProperties properties = this.providers.get(name);
		if (properties == null) {
			throw new IllegalArgumentException("There is no provider '" + name + "'");
		}
		ProviderDialect dialect = this.dialects.get(name, properties.getType());
		FilterOrders orders = new FilterOrders();
		LlmStreamClientBuilder builder = new LlmStreamClientBuilder(name, dialect.type(),
				this.mapper.settings(name, properties, dialect), orders,
				this.beanFactory.getBeanProvider(BuiltInFilters.class).orderedStream().toList());
		builder.filters((list) -> list.addAll(orders.addBeans(this.beanFactory)));
		resilience(name, properties, builder);
		this.beanFactory.getBeanProvider(ToolRunner.class).ifUnique(builder::tools);
		this.beanFactory.getBeanProvider(ConversationRunner.class).ifUnique(builder::conversations);
		this.beanFactory.getBeanProvider(LlmStreamClientCustomizer.class)
			.orderedStream()
			.forEach((customizer) -> customizer.customize(builder));
		if (!builder.hasExchange()) {
			builder.exchange(exchange(name, properties));
		}
		return builder.build(this.states, this.beanFactory.getBeanProvider(StructuredOutput.class).getIfUnique(),
				this.beanFactory.getBeanProvider(StreamContextContributor.class).orderedStream().toList(),
				(model) -> ClientBudgets.guard(this.beanFactory, name,
						List.of(new Budgets.Target(name, properties.getModel(), false)), model));
	}

	private void resilience(String name, ProviderProperties properties, LlmStreamClientBuilder builder) {
		builder.retry(this.mapper.retry(name, properties.getRetry())).retryPolicy(this.policies.find(name));
		this.beanFactory.getBeanProvider(RetryClassifier.class).ifUnique(builder::retryClassifier);
		ProviderSettingsMapper.circuitBreaker(name, properties.getCircuitBreaker());
		if (properties.getCircuitBreaker().isEnabled()) {
			builder.circuitBreaker(filters(LlmStreamResilienceAutoConfiguration.CIRCUIT_BREAKERS, name,
					"circuit-breaker.enabled", "resilience4j-circuitbreaker")
				.create(name, properties));
		}
		if (this.mapper.limitsStreams(name, properties)) {
			builder.concurrencyLimit(filters(LlmStreamResilienceAutoConfiguration.CONCURRENCY_LIMITS, name,
					"max-concurrent-streams", "resilience4j-bulkhead")
				.create(name, properties));
		}
	}

	private ProviderFilters filters(String bean, String provider, String property, String artifact) {
		if (!this.beanFactory.containsBean(bean)) {
			throw new InvalidLlmStreamConfigurationException(
					"The property llm-stream.providers." + provider + "." + property + " is set, but " + artifact
							+ " is not on the classpath.",
					"Add the dependency io.github.resilience4j:" + artifact + ", or remove the property.");
		}
		return this.beanFactory.getBean(bean, ProviderFilters.class);
	}

	private HttpExchange exchange(String name, ProviderProperties properties) {
		HttpExchange custom = this.exchange.getIfAvailable();
		if (custom != null) {
			return custom;
		}
		ProviderHttpExchanges exchanges = this.exchanges.getIfAvailable();
		if (exchanges == null) {
			throw new InvalidLlmStreamConfigurationException(
					"The provider '" + name + "' cannot be reached, because there is no HTTP client on the classpath.",
					"Add spring-boot-starter-webclient and reactor-netty-http, which llm-stream-spring-boot-starter brings, or define an HttpExchange bean.");
		}
		return exchanges.create(name, properties);
	}

}
