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

import java.util.List;

import io.llmstream.StreamingModel;
import io.llmstream.observation.ContextPropagation;
import io.llmstream.usage.Budgets;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Keeps clients within the budgets, if there are any.
 */
final class ClientBudgets {

	private static final boolean CONTEXT_PROPAGATION = ClassUtils
		.isPresent("io.micrometer.context.ContextSnapshotFactory", ClientBudgets.class.getClassLoader());

	private ClientBudgets() {
	}

	static StreamingModel guard(ListableBeanFactory beanFactory, String client, List<Budgets.Target> targets,
			StreamingModel model) {
		Budgets budgets = beanFactory.getBeanProvider(Budgets.class).getIfAvailable();
		if (budgets == null || budgets.all().isEmpty()) {
			return model;
		}
		StreamingModel guarded = budgets.guard(client, targets, model);
		// what is bound to the thread that asks; a stream may begin on another one
		return (CONTEXT_PROPAGATION)
				? (request) -> guarded.stream(request).contextWrite((context) -> ContextPropagation.capture(context))
				: guarded;
	}

}
