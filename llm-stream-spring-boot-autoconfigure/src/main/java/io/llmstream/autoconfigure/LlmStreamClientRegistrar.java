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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.llmstream.LlmStreamClient;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a client per configured provider and route. The clients are plain bean
 * definitions that call a factory method, so that they survive ahead-of-time processing;
 * which providers and routes there are is then fixed at build time.
 */
final class LlmStreamClientRegistrar implements ImportBeanDefinitionRegistrar {

	private final Environment environment;

	LlmStreamClientRegistrar(Environment environment) {
		this.environment = environment;
	}

	static String beanName(String client) {
		return client + "LlmStreamClient";
	}

	static LlmStreamProperties bind(Environment environment) {
		return Binder.get(environment)
			.bind("llm-stream", LlmStreamProperties.class)
			.orElseGet(LlmStreamProperties::new);
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		LlmStreamProperties properties = bind(this.environment);
		Map<String, String> factories = new LinkedHashMap<>();
		for (String provider : properties.getProviders().keySet()) {
			factories.put(provider, LlmStreamAutoConfiguration.CLIENT_FACTORY);
		}
		for (String route : properties.getRoutes().keySet()) {
			if (factories.put(route, LlmStreamAutoConfiguration.ROUTE_FACTORY) != null) {
				throw new InvalidLlmStreamConfigurationException(
						"The route llm-stream.routes." + route + " has the name of a provider.",
						"Give the route a name of its own, such as chat.");
			}
		}
		String defaultClient = properties.getDefaultClient();
		factories.forEach((client, factory) -> {
			BeanDefinition definition = register(client, factory, registry);
			if (client.equals(defaultClient)) {
				definition.setPrimary(true);
				definition.setFallback(false);
			}
		});
		if (defaultClient != null && !factories.containsKey(defaultClient)) {
			markPrimary(defaultClient, properties, registry);
		}
	}

	private BeanDefinition register(String client, String factory, BeanDefinitionRegistry registry) {
		String beanName = beanName(client);
		if (registry.containsBeanDefinition(beanName)) {
			if (!registry.isBeanNameInUse(client)) {
				registry.registerAlias(beanName, client);
			}
			return registry.getBeanDefinition(beanName);
		}
		RootBeanDefinition definition = new RootBeanDefinition(LlmStreamClient.class);
		definition.setFactoryBeanName(factory);
		definition.setFactoryMethodName("create");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, client);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, client));
		AutowireCandidateQualifier qualifier = new AutowireCandidateQualifier(LlmProvider.class, client);
		// Qualifiers are equal if their attributes are, and ahead-of-time processing
		// takes those that are equal for one.
		qualifier.setAttribute("annotation", LlmProvider.class.getSimpleName());
		definition.addQualifier(qualifier);
		// A client that the application defines goes before ours where none is named.
		definition.setFallback(true);
		registry.registerBeanDefinition(beanName, definition);
		return definition;
	}

	/**
	 * The default may be a client that the application defines.
	 */
	private void markPrimary(String defaultClient, LlmStreamProperties properties, BeanDefinitionRegistry registry) {
		for (String beanName : new String[] { beanName(defaultClient), defaultClient }) {
			if (registry.containsBeanDefinition(beanName)) {
				registry.getBeanDefinition(beanName).setPrimary(true);
				return;
			}
		}
		Set<String> providers = properties.getProviders().keySet();
		Set<String> routes = properties.getRoutes().keySet();
		throw new InvalidLlmStreamConfigurationException(
				"The property llm-stream.default-client is '" + defaultClient + "', but there is no such provider"
						+ ((routes.isEmpty()) ? "."
								: " or route. The configured routes are: " + String.join(", ", routes) + ".")
						+ ((providers.isEmpty()) ? " No provider is configured."
								: " The configured providers are: " + String.join(", ", providers) + "."),
				(providers.isEmpty()) ? Examples.provider(defaultClient) : Examples.set("llm-stream.default-client",
						((routes.isEmpty()) ? providers : routes).iterator().next()));
	}

}
