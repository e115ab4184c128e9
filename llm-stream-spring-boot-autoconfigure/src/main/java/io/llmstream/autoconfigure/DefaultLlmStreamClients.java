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

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.llmstream.LlmStreamClient;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * The {@link LlmStreamClients} of a bean factory. The clients are looked up late, so that
 * a filter or customizer, which is part of a client, can have this injected.
 */
final class DefaultLlmStreamClients implements LlmStreamClients {

	private final SingletonSupplier<Map<String, LlmStreamClient>> clients;

	DefaultLlmStreamClients(ListableBeanFactory beanFactory, Collection<String> names) {
		this.clients = SingletonSupplier.of(() -> find(beanFactory, names));
	}

	private static Map<String, LlmStreamClient> find(ListableBeanFactory beanFactory, Collection<String> names) {
		Map<String, LlmStreamClient> beans = new LinkedHashMap<>(beanFactory.getBeansOfType(LlmStreamClient.class));
		Map<String, LlmStreamClient> clients = new LinkedHashMap<>();
		for (String name : names) {
			LlmStreamClient client = beans.remove(LlmStreamClientRegistrar.beanName(name));
			if (client != null) {
				clients.put(name, client);
			}
		}
		beans.values().forEach((client) -> clients.putIfAbsent(client.name(), client));
		return Collections.unmodifiableMap(clients);
	}

	@Override
	public Set<String> names() {
		return this.clients.obtain().keySet();
	}

	@Override
	public LlmStreamClient get(String name) {
		LlmStreamClient client = this.clients.obtain().get(name);
		if (client == null) {
			throw new IllegalArgumentException("There is no client named '" + name + "'. "
					+ ((names().isEmpty()) ? "No provider is configured: set llm-stream.providers.<name>.api-key"
							: "The clients are: " + String.join(", ", names())));
		}
		return client;
	}

}
