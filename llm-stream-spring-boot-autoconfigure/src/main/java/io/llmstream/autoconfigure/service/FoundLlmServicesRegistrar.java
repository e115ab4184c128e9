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

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers the services in the packages of the application, unless it says where they
 * are.
 */
final class FoundLlmServicesRegistrar implements ImportBeanDefinitionRegistrar {

	private final LlmServiceBeans services;

	private final BeanFactory beans;

	FoundLlmServicesRegistrar(Environment environment, ResourceLoader resources, BeanFactory beans) {
		this.services = new LlmServiceBeans(environment, resources, beans);
		this.beans = beans;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		if (!registry.containsBeanDefinition(LlmServiceBeans.MARKER) && AutoConfigurationPackages.has(this.beans)) {
			this.services.scan(AutoConfigurationPackages.get(this.beans), registry);
		}
	}

}
