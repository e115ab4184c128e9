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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Registers the services that {@link EnableLlmServices} names.
 */
final class LlmServicesRegistrar implements ImportBeanDefinitionRegistrar {

	private final LlmServiceBeans services;

	LlmServicesRegistrar(Environment environment, ResourceLoader resources, BeanFactory beans) {
		this.services = new LlmServiceBeans(environment, resources, beans);
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		AnnotationAttributes attributes = AnnotationAttributes
			.fromMap(metadata.getAnnotationAttributes(EnableLlmServices.class.getName()));
		if (attributes == null) {
			return;
		}
		if (!registry.containsBeanDefinition(LlmServiceBeans.MARKER)) {
			registry.registerBeanDefinition(LlmServiceBeans.MARKER, new RootBeanDefinition(Object.class));
		}
		Set<String> packages = new LinkedHashSet<>(List.of(attributes.getStringArray("basePackages")));
		for (Class<?> type : attributes.getClassArray("basePackageClasses")) {
			packages.add(type.getPackageName());
		}
		Class<?>[] named = attributes.getClassArray("services");
		if (packages.isEmpty() && named.length == 0) {
			packages.add(ClassUtils.getPackageName(metadata.getClassName()));
		}
		for (Class<?> service : named) {
			this.services.register(service, registry);
		}
		this.services.scan(packages, registry);
	}

}
