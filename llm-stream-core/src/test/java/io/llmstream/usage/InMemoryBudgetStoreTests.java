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

package io.llmstream.usage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InMemoryBudgetStore}.
 */
class InMemoryBudgetStoreTests extends AbstractBudgetStoreTests {

	private volatile Instant now = Instant.now();

	@Override
	protected InMemoryBudgetStore store() {
		return new InMemoryBudgetStore(() -> this.now);
	}

	@Test
	void countersOfWhichNothingIsLeftAreForgotten() {
		InMemoryBudgetStore store = store();
		BudgetStore.Hold idle = hold(store, 100);
		reserve(idle, 10);
		settle(idle, 0);
		BudgetStore.Hold over = store.hold(List.of(counter("ben")), new long[] { 100 });
		reserve(over, 10);
		assertThat(store.size()).isEqualTo(2);
		this.now = END;
		reserve(store.hold(List.of(new BudgetCounter("other", "", END.plus(1, ChronoUnit.DAYS))), new long[] { 100 }),
				10);
		assertThat(store.size()).isEqualTo(1);
	}

}
