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

package io.llmstream.autoconfigure.service;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.llmstream.schema.JsonSchemaGenerator;
import io.llmstream.service.LlmServiceFactory;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Registers a bean for each service. They are plain bean definitions that call a factory
 * method, so that they survive ahead-of-time processing, before which
 * {@link LlmServiceAotProcessor} takes the shortcut to it from them.
 */
final class LlmServiceBeans {

	/** Says that services were registered by hand, so that none are looked for. */
	static final String MARKER = LlmServiceBeans.class.getName() + ".enabled";

	/** From so many services on it is worth a thread to prepare them. */
	private static final int MANY = 10;

	private final Environment environment;

	private final ResourceLoader resources;

	private final BeanFactory beans;

	LlmServiceBeans(Environment environment, ResourceLoader resources, BeanFactory beans) {
		this.environment = environment;
		this.resources = resources;
		this.beans = beans;
	}

	/**
	 * Register what is found in packages.
	 */
	void scan(Collection<String> packages, BeanDefinitionRegistry registry) {
		LlmServiceScanner scanner = new LlmServiceScanner(this.environment, this.resources, this.beans);
		Set<String> names = new LinkedHashSet<>();
		for (String name : packages) {
			for (BeanDefinition candidate : scanner.findCandidateComponents(name)) {
				names.add(String.valueOf(candidate.getBeanClassName()));
			}
		}
		List<Class<?>> services = new ArrayList<>();
		for (String name : names) {
			services.add(ClassUtils.resolveClassName(name, this.resources.getClassLoader()));
		}
		prepare(services);
		services.forEach((service) -> register(service, registry));
	}

	/**
	 * Many services are prepared by another processor before this thread gets to them.
	 */
	private static void prepare(List<Class<?>> services) {
		if (services.size() >= MANY && Runtime.getRuntime().availableProcessors() > 1) {
			Thread thread = new Thread(() -> services.forEach(LlmServiceBeans::prepare), "llm-services");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private static void prepare(Class<?> service) {
		try {
			LlmServiceFactory.prepare(service, JsonSchemaGenerator::surelyDescribes);
		}
		catch (RuntimeException | LinkageError ex) {
			// is found again, and told, when the service is created
		}
	}

	void register(Class<?> service, BeanDefinitionRegistry registry) {
		String simple = StringUtils.uncapitalizeAsProperty(ClassUtils.getShortName(service).replace('.', '_'));
		String name = (registry.containsBeanDefinition(simple)) ? service.getName() : simple;
		if (registry.containsBeanDefinition(name)) {
			return;
		}
		RootBeanDefinition definition = new RootBeanDefinition(service);
		definition.setTargetType(service);
		definition.setFactoryBeanName(LlmStreamServicesAutoConfiguration.FACTORY);
		definition.setFactoryMethodName("create");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, service);
		// does the same without looking for the method and converting its argument
		definition.setInstanceSupplier(() -> create(name, service));
		// one that the application defines by itself goes before
		definition.setFallback(true);
		registry.registerBeanDefinition(name, definition);
	}

	private Object create(String name, Class<?> service) {
		LlmServiceFactory factory = this.beans.getBean(LlmStreamServicesAutoConfiguration.FACTORY,
				LlmServiceFactory.class);
		try {
			return factory.create(service);
		}
		catch (RuntimeException ex) {
			// says what is wrong in the line that is logged, too
			throw new BeanCreationException(name, "No service can be created: " + ex.getMessage(), ex);
		}
	}

}
