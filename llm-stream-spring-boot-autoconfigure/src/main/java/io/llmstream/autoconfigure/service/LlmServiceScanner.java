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

import io.llmstream.service.LlmService;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/**
 * Finds interfaces. Uses what Spring Boot has read of the classes already, so that each
 * class file is read once.
 */
final class LlmServiceScanner extends ClassPathScanningCandidateComponentProvider {

	private static final String SHARED_READERS = "org.springframework.boot.autoconfigure.internalCachingMetadataReaderFactory";

	LlmServiceScanner(Environment environment, ResourceLoader resources, BeanFactory beans) {
		super(false, environment);
		setResourceLoader(resources);
		if (beans.containsBean(SHARED_READERS)) {
			setMetadataReaderFactory(beans.getBean(SHARED_READERS, MetadataReaderFactory.class));
		}
		// not those that implement an annotated interface: they are the application's own
		addIncludeFilter(new AnnotationTypeFilter(LlmService.class, false));
	}

	@Override
	protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
		return definition.getMetadata().isIndependent() && !definition.getMetadata().isAnnotation();
	}

}
