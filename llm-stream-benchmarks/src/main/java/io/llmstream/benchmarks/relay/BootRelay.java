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

package io.llmstream.benchmarks.relay;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts a Spring Boot application as a user would write it, with the defaults.
 */
public abstract class BootRelay implements Relay {

	private final WebApplicationType type;

	private final Class<?> application;

	/**
	 * Create a relay.
	 * @param type the web stack
	 * @param application the configuration
	 */
	protected BootRelay(WebApplicationType type, Class<?> application) {
		this.type = type;
		this.application = application;
	}

	@Override
	public final int start(String provider, String... options) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("server.port", "0");
		properties.put("server.address", "127.0.0.1");
		properties.put("benchmark.provider", provider);
		properties.put("llm-stream.providers.mock.type", "openai-compatible");
		properties.put("llm-stream.providers.mock.base-url", provider + "/v1");
		properties.put("llm-stream.providers.mock.model", "mock-1");
		for (String option : options) {
			String[] pair = option.split("=", 2);
			properties.put(pair[0], pair[1]);
		}
		SpringApplication spring = new SpringApplication(this.application);
		spring.setWebApplicationType(this.type);
		spring.setDefaultProperties(properties);
		ConfigurableApplicationContext context = spring.run();
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

}
