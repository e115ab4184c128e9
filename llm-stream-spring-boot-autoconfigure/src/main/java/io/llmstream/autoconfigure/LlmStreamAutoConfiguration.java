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

import java.util.LinkedHashSet;
import java.util.Set;

import io.llmstream.LlmStreamClient;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Auto-configuration of a {@link LlmStreamClient} per configured provider and route.
 */
@AutoConfiguration(after = LlmStreamHttpAutoConfiguration.class)
@ConditionalOnClass(LlmStreamClient.class)
@EnableConfigurationProperties(LlmStreamProperties.class)
@Import(LlmStreamClientRegistrar.class)
@ImportRuntimeHints(RoutePropertiesRuntimeHints.class)
public final class LlmStreamAutoConfiguration {

	static final String CLIENT_FACTORY = "llmStreamClientFactory";

	static final String ROUTE_FACTORY = "llmStreamRouteFactory";

	@Bean
	@ConditionalOnMissingBean(LlmStreamConnectionDetails.class)
	PropertiesLlmStreamConnectionDetails llmStreamConnectionDetails(LlmStreamProperties properties) {
		return new PropertiesLlmStreamConnectionDetails(properties);
	}

	@Bean(CLIENT_FACTORY)
	LlmStreamClientFactory llmStreamClientFactory(LlmStreamProperties properties, LlmStreamConnectionDetails details,
			ListableBeanFactory beanFactory, DefaultLlmStreamProviders providers) {
		return new LlmStreamClientFactory(properties, details, beanFactory, providers);
	}

	@Bean
	DefaultLlmStreamProviders llmStreamProviders() {
		return new DefaultLlmStreamProviders();
	}

	@Bean(ROUTE_FACTORY)
	RouteFactory llmStreamRouteFactory(LlmStreamProperties properties, ListableBeanFactory beanFactory,
			LlmStreamProviders providers) {
		return new RouteFactory(properties, beanFactory, providers);
	}

	@Bean
	@ConditionalOnMissingBean
	LlmStreamClients llmStreamClients(ListableBeanFactory beanFactory, LlmStreamProperties properties) {
		Set<String> names = new LinkedHashSet<>(properties.getProviders().keySet());
		names.addAll(properties.getRoutes().keySet());
		return new DefaultLlmStreamClients(beanFactory, names);
	}

}
