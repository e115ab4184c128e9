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

import io.llmstream.LlmStreamClient;
import io.llmstream.http.HttpExchange;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Auto-configuration of HTTP to the providers, unless the application does HTTP with an
 * {@link HttpExchange} of its own.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration",
		"org.springframework.boot.webclient.autoconfigure.WebClientObservationAutoConfiguration",
		"org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration" })
@ConditionalOnClass({ LlmStreamClient.class, WebClient.class, HttpClient.class, ClientHttpConnectorBuilder.class,
		WebClientCustomizer.class })
@ConditionalOnMissingBean(HttpExchange.class)
@EnableConfigurationProperties(LlmStreamProperties.class)
public final class LlmStreamHttpAutoConfiguration {

	@Bean(name = "llmStreamConnections", destroyMethod = "dispose", defaultCandidate = false)
	@Lazy
	ConnectionProvider llmStreamConnections(LlmStreamProperties properties) {
		LlmStreamProperties.Http http = properties.getHttp();
		ConnectionProvider.Builder builder = ConnectionProvider.builder("llm-stream")
			.maxConnections(http.getMaxConnections())
			.pendingAcquireTimeout(http.getPendingAcquireTimeout())
			.maxIdleTime(http.getMaxIdleTime())
			.evictInBackground(http.getMaxIdleTime())
			// The connection that was used last is the least likely to be stale.
			.lifo();
		PropertyMapper.get().from(http::getMaxLifeTime).to(builder::maxLifeTime);
		return builder.build();
	}

	@Bean
	ReactorNettyExchanges llmStreamHttpExchanges(LlmStreamProperties properties,
			@Qualifier("llmStreamConnections") ObjectProvider<ConnectionProvider> connections,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<WebClientCustomizer> customizers) {
		// Not where the pool is made, which is after the start.
		LlmStreamProperties.Http http = properties.getHttp();
		PropertyChecks checks = new PropertyChecks("llm-stream.http.");
		checks.check(http.getMaxConnections() > 0, "max-connections", http.getMaxConnections(), "must be positive",
				"10000");
		checks.positive("pending-acquire-timeout", http.getPendingAcquireTimeout(), "10s");
		checks.positive("max-idle-time", http.getMaxIdleTime(), "30s");
		checks.positive("max-life-time", http.getMaxLifeTime(), "10m");
		return new ReactorNettyExchanges(connections, sslBundles, customizers);
	}

}
