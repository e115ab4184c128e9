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

import java.util.Map;

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
 * Registers a client per configured provider. The clients are plain bean definitions that
 * call a factory method, so that they survive ahead-of-time processing; which providers
 * there are is then fixed at build time.
 */
final class LlmStreamClientRegistrar implements ImportBeanDefinitionRegistrar {

	private final Environment environment;

	LlmStreamClientRegistrar(Environment environment) {
		this.environment = environment;
	}

	static String beanName(String provider) {
		return provider + "LlmStreamClient";
	}

	static LlmStreamProperties bind(Environment environment) {
		return Binder.get(environment)
			.bind("llm-stream", LlmStreamProperties.class)
			.orElseGet(LlmStreamProperties::new);
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		LlmStreamProperties properties = bind(this.environment);
		Map<String, ProviderProperties> providers = properties.getProviders();
		String defaultClient = properties.getDefaultClient();
		for (String provider : providers.keySet()) {
			BeanDefinition definition = register(provider, registry);
			if (provider.equals(defaultClient)) {
				definition.setPrimary(true);
				definition.setFallback(false);
			}
		}
		if (defaultClient != null && !providers.containsKey(defaultClient)) {
			markPrimary(defaultClient, providers, registry);
		}
	}

	private BeanDefinition register(String provider, BeanDefinitionRegistry registry) {
		String beanName = beanName(provider);
		if (registry.containsBeanDefinition(beanName)) {
			if (!registry.isBeanNameInUse(provider)) {
				registry.registerAlias(beanName, provider);
			}
			return registry.getBeanDefinition(beanName);
		}
		RootBeanDefinition definition = new RootBeanDefinition(LlmStreamClient.class);
		definition.setFactoryBeanName(LlmStreamAutoConfiguration.CLIENT_FACTORY);
		definition.setFactoryMethodName("create");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, provider);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, provider));
		AutowireCandidateQualifier qualifier = new AutowireCandidateQualifier(LlmProvider.class, provider);
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
	private void markPrimary(String defaultClient, Map<String, ProviderProperties> providers,
			BeanDefinitionRegistry registry) {
		for (String beanName : new String[] { beanName(defaultClient), defaultClient }) {
			if (registry.containsBeanDefinition(beanName)) {
				registry.getBeanDefinition(beanName).setPrimary(true);
				return;
			}
		}
		throw new InvalidLlmStreamConfigurationException(
				"The property llm-stream.default-client is '" + defaultClient + "', but there is no such provider."
						+ ((providers.isEmpty()) ? " No provider is configured."
								: " The configured providers are: " + String.join(", ", providers.keySet()) + "."),
				(providers.isEmpty()) ? Examples.provider(defaultClient)
						: Examples.set("llm-stream.default-client", providers.keySet().iterator().next()));
	}

}
