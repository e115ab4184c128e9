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

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.usage.BudgetCounter;
import io.llmstream.usage.BudgetStore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/**
 * Counts budgets in Redis, so that all nodes of an application keep them together. All
 * counters of a stream are changed by one script, or none of them is. What a stream
 * reserves is a lease that ends after a time, so that a node that dies gives it back; an
 * answer that is written renews it with each step that it reserves, and one that outlives
 * it is counted at its end all the same.
 * <p>
 * All keys begin with one prefix, which makes them one hash slot of a cluster, and are
 * gone a minute after the end of their period at the latest. Values of tags are part of
 * them as they are. Needs Redis 5 or newer.
 * <p>
 * Safe for use by several threads; blocks none of them.
 */
public final class RedisBudgetStore implements BudgetStore {

	/**
	 * For so long it can be told again what a stream used in the end: longer than
	 * {@link io.llmstream.usage.Budgets} try.
	 */
	private static final Duration SETTLED_KEPT = Duration.ofMinutes(20);

	/** For so long it is known that a stream used nothing, which is not told again. */
	private static final Duration UNUSED_KEPT = Duration.ofMinutes(1);

	/** For so long counters outlive their period, whose end nodes see differently. */
	private static final Duration COUNTERS_KEPT = Duration.ofMinutes(1);

	/**
	 * How many counters one call of the script reads, during which Redis does nothing
	 * else.
	 */
	private static final int READ_AT_ONCE = 50;

	private final BudgetScript script;

	private final String prefix;

	private final Duration timeout;

	private final Duration lease;

	private final InstantSource clock;

	/** Tells the streams of this node from those of all others. */
	private final String node = HexFormat.of().formatHex(new SecureRandom().generateSeed(12));

	private final AtomicLong count = new AtomicLong();

	/**
	 * Create a store.
	 * @param connections where Redis is
	 * @param keyPrefix what the keys begin with, the same on all nodes
	 * @param timeout how long Redis may take to answer
	 * @param lease for how long a stream holds what it has reserved, which should be
	 * longer than it takes
	 * @param clock tells the time, as that of the ledger does
	 */
	public RedisBudgetStore(ReactiveRedisConnectionFactory connections, String keyPrefix, Duration timeout,
			Duration lease, InstantSource clock) {
		this.script = new BudgetScript(connections);
		this.prefix = (keyPrefix.contains("{")) ? keyPrefix : "{" + keyPrefix + "}";
		this.timeout = timeout;
		this.lease = lease;
		this.clock = clock;
	}

	/**
	 * Connect, so that no stream waits for that.
	 * @return completes when there is a connection, and fails if there is none; streams
	 * try it again
	 */
	public Mono<Void> connect() {
		return this.script.connect();
	}

	@Override
	public Hold hold(List<BudgetCounter> counters, long[] limits) {
		String id = this.node + "." + Long.toString(this.count.incrementAndGet(), Character.MAX_RADIX);
		return new RedisHold(this, id, counters, limits);
	}

	@Override
	public Mono<Amounts> read(BudgetCounter counter) {
		return read(List.of(counter)).single();
	}

	@Override
	public Flux<Amounts> list(String budget, Instant end, int limit) {
		BudgetCounter all = new BudgetCounter(budget, "", end);
		return run(List.of(key(all, "values")), List.of("values", Integer.toString(limit)))
			.map((value) -> new BudgetCounter(budget, value, end))
			.buffer(READ_AT_ONCE)
			.concatMap(this::read)
			.filter((amounts) -> amounts.used() != 0 || amounts.reserved() != 0);
	}

	private Flux<Amounts> read(List<BudgetCounter> counters) {
		List<String> keys = new ArrayList<>();
		for (BudgetCounter counter : counters) {
			keys.add(key(counter, "sums"));
			keys.add(key(counter, "leases"));
		}
		return run(keys, List.of("read")).map(Long::parseLong)
			.buffer(2)
			.zipWithIterable(counters, (sums, counter) -> new Amounts(counter.value(), sums.get(0), sums.get(1)));
	}

	/**
	 * Change what a stream holds.
	 * @param id the stream's id
	 * @param version orders the changes
	 * @return the number of the counter that has too little room, or {@link #GRANTED}
	 */
	Mono<Integer> change(boolean reserve, String id, long version, List<BudgetCounter> counters, long[] limits,
			long[] amounts) {
		List<String> keys = new ArrayList<>(3 * counters.size());
		List<String> arguments = new ArrayList<>(4 + 4 * counters.size());
		arguments.addAll(List.of((reserve) ? "reserve" : "settle", id, Long.toString(version),
				Long.toString(lease(reserve, amounts).toMillis())));
		Instant now = this.clock.instant();
		for (int i = 0; i < amounts.length; i++) {
			BudgetCounter counter = counters.get(i);
			keys.addAll(List.of(key(counter, "sums"), key(counter, "leases"),
					key(new BudgetCounter(counter.budget(), "", counter.end()), "values")));
			// relative, since Redis may have another time
			long kept = Duration.between(now, counter.end()).plus(COUNTERS_KEPT).toMillis();
			arguments.addAll(
					List.of(Long.toString(amounts[i]), Long.toString(limits[i]), Long.toString(kept), counter.value()));
		}
		return run(keys, arguments).single().map(Integer::valueOf);
	}

	private Duration lease(boolean reserve, long[] amounts) {
		if (reserve) {
			return this.lease;
		}
		return (Arrays.stream(amounts).allMatch((amount) -> amount == 0)) ? UNUSED_KEPT : SETTLED_KEPT;
	}

	/**
	 * What Redis answers, on a thread that is not one of its connections.
	 */
	private Flux<String> run(List<String> keys, List<String> arguments) {
		return this.script.run(keys, arguments)
			.collectList()
			.timeout(this.timeout)
			.publishOn(Schedulers.parallel())
			.flatMapIterable((answer) -> answer);
	}

	private String key(BudgetCounter counter, String kind) {
		return this.prefix + ":" + counter.budget() + ":" + counter.end().getEpochSecond() + ":" + kind + ":"
				+ counter.value();
	}

	@Override
	public String toString() {
		return "RedisBudgetStore[" + this.prefix + "]";
	}

}
