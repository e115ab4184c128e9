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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
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

	@Bean(destroyMethod = "dispose")
	HttpConnections llmStreamHttpConnections(LlmStreamProperties properties) {
		return new HttpConnections(properties.getHttp());
	}

	@Bean
	ReactorNettyExchanges llmStreamHttpExchanges(HttpConnections connections, ObjectProvider<SslBundles> sslBundles,
			ObjectProvider<WebClientCustomizer> customizers) {
		return new ReactorNettyExchanges(connections, sslBundles, customizers);
	}

}
