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

import io.llmstream.observation.OwnName;
import io.llmstream.usage.Budgets;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Says how the store keeps up that nodes count budgets in.
 */
final class BudgetStoreMeters implements MeterBinder {

	private final Budgets budgets;

	BudgetStoreMeters(Budgets budgets) {
		this.budgets = budgets;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		FunctionCounter.builder(OwnName.BUDGET_STORE_FAILURES, this.budgets, Budgets::storeFailures)
			.description("How often the store of the budgets failed")
			.register(registry);
	}

}
