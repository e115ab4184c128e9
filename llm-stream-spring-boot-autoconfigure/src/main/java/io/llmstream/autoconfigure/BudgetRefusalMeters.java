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

import java.util.Locale;

import io.llmstream.observation.OwnName;
import io.llmstream.usage.Budget;
import io.llmstream.usage.BudgetListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts the streams that budgets refuse or end.
 */
final class BudgetRefusalMeters implements BudgetListener {

	private final MeterRegistry registry;

	BudgetRefusalMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void refused(String client, Budget budget, Reason reason) {
		Counter.builder(OwnName.BUDGET_REFUSALS)
			.description("Streams that budgets refused or ended")
			.tag(OwnName.CLIENT, client)
			.tag(OwnName.BUDGET, budget.name())
			.tag(OwnName.BUDGET_REASON, reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.register(this.registry)
			.increment();
	}

}
