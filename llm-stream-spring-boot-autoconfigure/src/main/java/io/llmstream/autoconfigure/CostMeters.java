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

import java.math.BigDecimal;

import io.llmstream.observation.OwnName;
import io.llmstream.usage.UsageEntry;
import io.llmstream.usage.UsageListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Counts what attempts cost, as the usage ledger prices them. What has no price is
 * counted by itself, so that it does not pass for what is free.
 */
final class CostMeters implements UsageListener {

	private static final String RESPONSE_MODEL = "gen_ai.response.model";

	private static final String NONE = "none";

	private final MeterRegistry registry;

	CostMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void recorded(UsageEntry entry) {
		if (entry.kind() != UsageEntry.Kind.ATTEMPT) {
			return;
		}
		Tags tags = Tags.of(OwnName.CLIENT, entry.route(), OwnName.PROVIDER, entry.provider(), RESPONSE_MODEL,
				(entry.model() != null) ? entry.model() : NONE);
		BigDecimal cost = entry.cost();
		if (cost != null) {
			Counter.builder(OwnName.COST)
				.description("What attempts cost, in US dollars")
				.baseUnit("usd")
				.tags(tags)
				.register(this.registry)
				.increment(cost.doubleValue());
		}
		Counter.builder(OwnName.UNPRICED)
			.description("Attempts that used tokens for which there is no price")
			.tags(tags)
			.register(this.registry)
			.increment((entry.unpriced()) ? entry.count() : 0);
	}

}
