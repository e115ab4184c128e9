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

package io.llmstream.engine;

import java.time.Duration;
import java.util.stream.Stream;

import io.llmstream.StreamingModel;
import io.llmstream.http.HttpExchange;
import io.llmstream.http.WebClientHttpExchange;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Models that ask a server on this machine, over real HTTP.
 */
final class Loopback {

	static final Duration LIMIT = Duration.ofSeconds(20);

	static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

	private Loopback() {
	}

	static StreamingModel model(String type, String baseUrl) {
		return model(type, baseUrl, 16, StreamTimeouts.defaults(), "test-model");
	}

	static StreamingModel model(String type, String baseUrl, ExchangeFilterFunction filter) {
		return model(type, baseUrl, 16, StreamTimeouts.defaults(), "test-model", filter);
	}

	static StreamingModel model(String type, String baseUrl, int maxConnections, StreamTimeouts timeouts,
			String model) {
		return model(type, baseUrl, maxConnections, timeouts, model, (request, next) -> next.exchange(request));
	}

	private static StreamingModel model(String type, String baseUrl, int maxConnections, StreamTimeouts timeouts,
			String model, ExchangeFilterFunction filter) {
		ConnectionProvider connections = ConnectionProvider.builder("loopback")
			.maxConnections(maxConnections)
			.pendingAcquireMaxCount(-1)
			.build();
		return model(type, baseUrl, exchange(connections, filter), timeouts, model);
	}

	/**
	 * What models share that take their connections from one pool.
	 */
	static HttpExchange exchange(ConnectionProvider connections) {
		return exchange(connections, (request, next) -> next.exchange(request));
	}

	private static HttpExchange exchange(ConnectionProvider connections, ExchangeFilterFunction filter) {
		return new WebClientHttpExchange(WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(HttpClient.create(connections)))
			.filter(filter)
			.build());
	}

	static StreamingModel model(String type, String baseUrl, HttpExchange exchange, StreamTimeouts timeouts,
			String model) {
		ProviderSettings settings = ProviderSettings.builder(type, BuiltInDialects.find(type))
			.baseUrl(baseUrl + path(type))
			.apiKey(() -> "sk-test-secret")
			.defaultModel(model)
			.timeouts(timeouts)
			.maxFrameBytes(MAX_FRAME_BYTES)
			.build();
		return new ProviderStreamingModel(settings, exchange);
	}

	private static String path(String type) {
		return switch (type) {
			case "gemini" -> "/v1beta";
			case "anthropic", "ollama" -> "";
			default -> "/v1";
		};
	}

	static Stream<String> wires() {
		return Stream.of("openai", "openai-responses", "anthropic", "gemini", "ollama");
	}

}
