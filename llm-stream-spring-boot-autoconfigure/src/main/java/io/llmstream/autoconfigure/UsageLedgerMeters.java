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
import io.llmstream.usage.UsageLedger;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters that say how the usage ledger keeps up.
 */
final class UsageLedgerMeters implements MeterBinder {

	private final UsageLedger ledger;

	UsageLedgerMeters(UsageLedger ledger) {
		this.ledger = ledger;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder(OwnName.LEDGER_PENDING, this.ledger, (ledger) -> ledger.state().pending())
			.description("Entries of the usage ledger that wait to be stored")
			.register(registry);
		FunctionCounter.builder(OwnName.LEDGER_FAILED_WRITES, this.ledger, (ledger) -> ledger.state().failedWrites())
			.description("How often the store of the usage ledger failed")
			.register(registry);
		FunctionCounter.builder(OwnName.LEDGER_MERGED, this.ledger, (ledger) -> ledger.state().merged())
			.description("Entries of the usage ledger that were added up with others, because too many waited")
			.register(registry);
		FunctionCounter.builder(OwnName.LEDGER_LOST, this.ledger, (ledger) -> ledger.state().lost())
			.description("Entries of the usage ledger that are lost")
			.register(registry);
	}

}
