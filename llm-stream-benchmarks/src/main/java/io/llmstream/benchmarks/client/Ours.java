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

package io.llmstream.benchmarks.client;

import java.util.LinkedHashMap;
import java.util.Map;

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.provider.WireTemplate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * Ours, as an application with the actuator and Prometheus gets it injected: with
 * everything that is on by default.
 */
public class Ours implements Contestant {

	private @Nullable LlmStreamClient client;

	@Override
	public void start(String provider, WireTemplate wire) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("llm-stream.providers.mock.type", OursBare.type(wire));
		properties.put("llm-stream.providers.mock.base-url", OursBare.baseUrl(provider, wire));
		properties.put("llm-stream.providers.mock.api-key", "none");
		properties.put("llm-stream.providers.mock.model", "mock-1");
		properties.putAll(properties());
		SpringApplication spring = new SpringApplication(Application.class);
		spring.setWebApplicationType(WebApplicationType.NONE);
		spring.setDefaultProperties(properties);
		this.client = spring.run().getBean(LlmStreamClient.class);
	}

	/**
	 * What is not as it is by default.
	 */
	Map<String, Object> properties() {
		return Map.of();
	}

	@Override
	public void ask(Workload workload, Answer answer) {
		if (this.client != null) {
			read(this.client.stream(StreamRequest.of(workload.prompt())), answer);
		}
	}

	static void read(Flux<Token> tokens, Answer answer) {
		tokens.subscribe((token) -> {
			if (token instanceof Token.Text text) {
				answer.text(text.text());
			}
		}, answer::end, () -> answer.end(null));
	}

	/**
	 * An application without a web server.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
