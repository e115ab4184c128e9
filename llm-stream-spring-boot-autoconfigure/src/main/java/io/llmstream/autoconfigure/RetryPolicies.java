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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.core.retry.RetryPolicy;

/**
 * The {@link RetryPolicy} beans of the application, which take the place of the
 * properties: one that is qualified by, or named like, a provider is this provider's;
 * another one, if it is the only one or the primary one, is for all the others.
 */
final class RetryPolicies {

	private final ListableBeanFactory beanFactory;

	private final Collection<String> providers;

	RetryPolicies(ListableBeanFactory beanFactory, Collection<String> providers) {
		this.beanFactory = beanFactory;
		this.providers = Set.copyOf(providers);
	}

	@Nullable RetryPolicy find(String provider) {
		List<String> general = new ArrayList<>();
		for (String name : this.beanFactory.getBeanNamesForType(RetryPolicy.class)) {
			if (isFor(provider, name)) {
				return this.beanFactory.getBean(name, RetryPolicy.class);
			}
			if (this.providers.stream().noneMatch((other) -> isFor(other, name))) {
				general.add(name);
			}
		}
		if (general.size() == 1) {
			return this.beanFactory.getBean(general.get(0), RetryPolicy.class);
		}
		RetryPolicy primary = this.beanFactory.getBeanProvider(RetryPolicy.class).getIfUnique();
		boolean isGeneral = general.stream().anyMatch((name) -> this.beanFactory.getBean(name) == primary);
		return (isGeneral) ? primary : null;
	}

	private boolean isFor(String provider, String beanName) {
		BeanFactory factory = this.beanFactory;
		return BeanFactoryAnnotationUtils.isQualifierMatch(provider::equals, beanName, factory);
	}

}
