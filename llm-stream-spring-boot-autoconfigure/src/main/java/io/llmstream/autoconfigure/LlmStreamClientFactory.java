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

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamFilter;
import io.llmstream.http.HttpExchange;
import io.llmstream.provider.ProviderDialect;

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

	private final ObjectProvider<StreamFilter> filters;

	private final ObjectProvider<LlmStreamClientCustomizer> customizers;

	LlmStreamClientFactory(LlmStreamProperties properties, LlmStreamConnectionDetails details,
			ObjectProvider<ProviderDialect> dialects, ObjectProvider<HttpExchange> exchange,
			ObjectProvider<ProviderHttpExchanges> exchanges, ObjectProvider<StreamFilter> filters,
			ObjectProvider<LlmStreamClientCustomizer> customizers) {
		this.providers = properties.getProviders();
		this.dialects = new ProviderDialects(dialects.orderedStream().toList());
		this.mapper = new ProviderSettingsMapper(details, properties);
		this.exchange = exchange;
		this.exchanges = exchanges;
		this.filters = filters;
		this.customizers = customizers;
	}

	LlmStreamClient create(String name) {
		ProviderProperties properties = this.providers.get(name);
		if (properties == null) {
			throw new IllegalArgumentException("There is no provider '" + name + "'");
		}
		ProviderDialect dialect = this.dialects.get(name, properties.getType());
		LlmStreamClientBuilder builder = new LlmStreamClientBuilder(name, dialect.type(),
				this.mapper.settings(name, properties, dialect));
		builder.retry(this.mapper.retry(name, properties.getRetry()));
		List<StreamFilter> ordered = this.filters.orderedStream().toList();
		builder.filters((list) -> list.addAll(ordered));
		this.customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		if (!builder.hasExchange()) {
			builder.exchange(exchange(name, properties));
		}
		return builder.build();
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
