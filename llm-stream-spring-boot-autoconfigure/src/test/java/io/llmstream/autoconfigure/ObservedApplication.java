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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.llmstream.LlmStreamClient;
import io.llmstream.test.ScriptedProvider;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An application with the actuator and two scripted providers behind a route.
 */
final class ObservedApplication implements AutoCloseable {

	private static final HttpClient http = HttpClient.newHttpClient();

	final ScriptedProvider first = ScriptedProvider.start();

	final ScriptedProvider second = ScriptedProvider.start();

	private final ConfigurableApplicationContext context;

	ObservedApplication(WebApplicationType type, String... more) {
		List<String> properties = List.of("server.port=0", "spring.main.web-application-type=" + type,
				"spring.main.banner-mode=off", "llm-stream.default-client=chat",
				"llm-stream.providers.first.type=openai", "llm-stream.providers.first.model=m1",
				"llm-stream.providers.first.api-key=secret-key-1",
				"llm-stream.providers.first.base-url=" + this.first.baseUrl() + "/v1",
				"llm-stream.providers.first.retry.max-retries=0", "llm-stream.providers.second.type=anthropic",
				"llm-stream.providers.second.model=m2", "llm-stream.providers.second.api-key=secret-key-2",
				"llm-stream.providers.second.base-url=" + this.second.baseUrl(),
				"llm-stream.routes.chat.targets=first,second", "llm-stream.providers.alone.type=ollama",
				"llm-stream.providers.alone.model=m3", "llm-stream.providers.alone.base-url=http://127.0.0.1:1",
				"llm-stream.providers.alone.retry.max-retries=0", "management.endpoints.web.exposure.include=*",
				"management.endpoint.health.show-details=always", "management.prometheus.metrics.export.enabled=true",
				"llm-stream.dashboard.enabled=true", "llm-stream.usage.prices[0].model=m1",
				"llm-stream.usage.prices[0].input=2", "llm-stream.usage.prices[0].output=10");
		this.context = new SpringApplicationBuilder(Application.class).properties(properties.toArray(String[]::new))
			.run(Arrays.stream(more).map((property) -> "--" + property).toArray(String[]::new));
	}

	LlmStreamClient client(String name) {
		return this.context.getBean(LlmStreamClients.class).get(name);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	HttpResponse<String> send(String method, String path) {
		String port = this.context.getEnvironment().getProperty("local.server.port");
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.timeout(Duration.ofSeconds(10))
			.method(method, HttpRequest.BodyPublishers.noBody())
			.build();
		try {
			return http.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	String get(String path) {
		return send("GET", path).body();
	}

	JsonNode json(String path) {
		return JsonMapper.shared().readTree(get(path));
	}

	@Override
	public void close() {
		this.context.close();
		this.first.close();
		this.second.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
