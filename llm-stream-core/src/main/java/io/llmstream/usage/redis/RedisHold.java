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

package io.llmstream.usage.redis;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.usage.BudgetCounter;
import io.llmstream.usage.BudgetStore;
import reactor.core.publisher.Mono;

/**
 * What one stream holds in Redis. Each call has a version, so that those that come twice
 * or late change nothing.
 */
final class RedisHold implements BudgetStore.Hold {

	private final RedisBudgetStore store;

	private final String id;

	private final List<BudgetCounter> counters;

	private final long[] limits;

	private final AtomicLong version = new AtomicLong();

	RedisHold(RedisBudgetStore store, String id, List<BudgetCounter> counters, long[] limits) {
		this.store = store;
		this.id = id;
		this.counters = counters;
		this.limits = limits;
	}

	@Override
	public Mono<Integer> reserve(long[] amounts) {
		long number = this.version.incrementAndGet();
		return Mono.defer(() -> this.store.change(true, this.id, number, this.counters, this.limits, amounts));
	}

	@Override
	public Mono<Void> settle(long[] amounts) {
		long number = this.version.incrementAndGet();
		return Mono.defer(() -> this.store.change(false, this.id, number, this.counters, this.limits, amounts)).then();
	}

}
