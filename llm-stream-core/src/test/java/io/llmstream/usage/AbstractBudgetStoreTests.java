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

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what each {@link BudgetStore} must do.
 */
public abstract class AbstractBudgetStoreTests {

	/** How long a store may take. */
	protected static final Duration LIMIT = Duration.ofSeconds(20);

	/** When the period ends. */
	protected static final Instant END = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.DAYS);

	/**
	 * An empty store.
	 * @return the store
	 */
	protected abstract BudgetStore store();

	/**
	 * A counter of a test.
	 * @param value the tag's value
	 * @return the counter
	 */
	protected static BudgetCounter counter(String value) {
		return new BudgetCounter("tokens:day:user:test", value, END);
	}

	/**
	 * Hold something of one counter.
	 * @param store the store
	 * @param limit the counter's limit
	 * @return what is held
	 */
	protected static BudgetStore.Hold hold(BudgetStore store, long limit) {
		return store.hold(List.of(counter("anna")), new long[] { limit });
	}

	/**
	 * Wait for an answer.
	 * @param <T> its type
	 * @param answer the answer
	 * @return the answer
	 */
	protected static <T> T get(Mono<T> answer) {
		T value = answer.block(LIMIT);
		assertThat(value).isNotNull();
		return value;
	}

	/**
	 * Reserve.
	 * @param hold what is held
	 * @param amounts how much
	 * @return which counter refuses
	 */
	protected static int reserve(BudgetStore.Hold hold, long... amounts) {
		return get(hold.reserve(amounts));
	}

	/**
	 * Settle.
	 * @param hold what is held
	 * @param amounts how much
	 */
	protected static void settle(BudgetStore.Hold hold, long... amounts) {
		hold.settle(amounts).block(LIMIT);
	}

	private static BudgetStore.Amounts amounts(long used, long reserved) {
		return new BudgetStore.Amounts("anna", used, reserved);
	}

	@Test
	void whatIsReservedIsThereUntilItIsSettled() {
		BudgetStore store = store();
		BudgetStore.Hold hold = hold(store, 100);
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(0, 0));
		assertThat(reserve(hold, 60)).isEqualTo(BudgetStore.GRANTED);
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(0, 60));
		assertThat(reserve(hold(store, 100), 41)).isZero();
		assertThat(reserve(hold(store, 100), 40)).isEqualTo(BudgetStore.GRANTED);
		settle(hold, 25);
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(25, 40));
		assertThat(reserve(hold(store, 100), 36)).isZero();
		assertThat(reserve(hold(store, 100), 35)).isEqualTo(BudgetStore.GRANTED);
	}

	@Test
	void moreCanBeReservedOnTopAndTheLastAmountIsWhatCounts() {
		BudgetStore store = store();
		BudgetStore.Hold hold = hold(store, 100);
		assertThat(reserve(hold, 60)).isEqualTo(BudgetStore.GRANTED);
		assertThat(reserve(hold, 100)).isEqualTo(BudgetStore.GRANTED);
		assertThat(reserve(hold, 101)).isZero();
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(0, 100));
	}

	@Test
	void whatWasUsedMayBeMoreThanThereIsAndIsToldAgainWhenMoreIsKnown() {
		BudgetStore store = store();
		BudgetStore.Hold hold = hold(store, 100);
		assertThat(reserve(hold, 60)).isEqualTo(BudgetStore.GRANTED);
		settle(hold, 130);
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(130, 0));
		assertThat(reserve(hold(store, 100), 1)).isZero();
		settle(hold, 0);
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(0, 0));
		settle(hold, 7);
		settle(hold, 7);
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(7, 0));
	}

	@Test
	void whatWasNeverReservedIsCountedTooWhenItIsSettled() {
		BudgetStore store = store();
		settle(hold(store, 100), 30);
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(30, 0));
	}

	@Test
	void ofSeveralCountersAllMustHaveRoomAndARefusalTakesNothing() {
		BudgetStore store = store();
		List<BudgetCounter> counters = List.of(counter("all"), counter("anna"), counter("search"));
		BudgetStore.Hold hold = store.hold(counters, new long[] { 100, 20, 100 });
		assertThat(reserve(hold, 30, 30, 30)).isEqualTo(1);
		assertThat(get(store.read(counter("all")))).isEqualTo(new BudgetStore.Amounts("all", 0, 0));
		assertThat(reserve(hold, 10, 20, 30)).isEqualTo(BudgetStore.GRANTED);
		settle(hold, 1, 2, 3);
		assertThat(get(store.list("tokens:day:user:test", END, 10).collectList())).containsExactlyInAnyOrder(
				new BudgetStore.Amounts("all", 1, 0), new BudgetStore.Amounts("anna", 2, 0),
				new BudgetStore.Amounts("search", 3, 0));
		assertThat(get(store.list("tokens:day:user:test", END, 2).collectList())).hasSize(2);
		assertThat(get(store.list("tokens:day:user:other", END, 10).collectList())).isEmpty();
	}

	@Test
	void aPeriodHasACounterOfItsOwn() {
		BudgetStore store = store();
		assertThat(reserve(hold(store, 100), 100)).isEqualTo(BudgetStore.GRANTED);
		BudgetCounter next = new BudgetCounter("tokens:day:user:test", "anna", END.plus(1, ChronoUnit.DAYS));
		assertThat(reserve(store.hold(List.of(next), new long[] { 100 }), 100)).isEqualTo(BudgetStore.GRANTED);
	}

	@Test
	void largeAmountsAreCountedExactly() {
		BudgetStore store = store();
		long large = Long.MAX_VALUE / 4 - 1;
		BudgetStore.Hold hold = hold(store, Long.MAX_VALUE / 4);
		assertThat(reserve(hold, large)).isEqualTo(BudgetStore.GRANTED);
		settle(hold(store, 1), 1);
		settle(hold, large - 2);
		assertThat(get(store.read(counter("anna")))).isEqualTo(amounts(large - 1, 0));
	}

	@Test
	void manyThreadsReserveNoMoreThanThereIs() throws Exception {
		BudgetStore store = store();
		ExecutorService pool = Executors.newFixedThreadPool(8);
		try {
			CountDownLatch start = new CountDownLatch(1);
			List<Future<Integer>> answers = new ArrayList<>();
			for (int i : IntStream.range(0, 200).toArray()) {
				answers.add(pool.submit(() -> {
					start.await();
					BudgetStore.Hold hold = hold(store, 1_500);
					int refusing = reserve(hold, 15);
					if (refusing == BudgetStore.GRANTED && i % 2 == 0) {
						settle(hold, 15);
					}
					return refusing;
				}));
			}
			start.countDown();
			int granted = 0;
			for (Future<Integer> answer : answers) {
				granted += (answer.get(20, TimeUnit.SECONDS) == BudgetStore.GRANTED) ? 1 : 0;
			}
			assertThat(granted).isEqualTo(100);
			BudgetStore.Amounts amounts = get(store.read(counter("anna")));
			assertThat(amounts.used() + amounts.reserved()).isEqualTo(1_500);
		}
		finally {
			pool.shutdownNow();
		}
	}

}
