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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import io.llmstream.usage.AbstractBudgetStoreTests;
import io.llmstream.usage.BudgetCounter;
import io.llmstream.usage.BudgetStore;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedisBudgetStore} on a real Redis.
 */
class RedisBudgetStoreTests extends AbstractBudgetStoreTests {

	private static @Nullable RedisServer server;

	private static @Nullable LettuceConnectionFactory connections;

	@BeforeAll
	static void start() throws Exception {
		server = RedisServer.start();
		connections = server.connections();
	}

	@AfterAll
	static void stop() throws Exception {
		if (connections != null) {
			connections.destroy();
		}
		if (server != null) {
			server.close();
		}
	}

	private static LettuceConnectionFactory connections() {
		assertThat(connections).isNotNull();
		return connections;
	}

	private static ReactiveRedisConnection redis() {
		return connections().getReactiveConnection();
	}

	private static RedisBudgetStore store(Duration lease) {
		return new RedisBudgetStore(connections(), "test", LIMIT, lease, InstantSource.system());
	}

	@Override
	protected BudgetStore store() {
		redis().serverCommands().flushAll().block(LIMIT);
		return store(Duration.ofMinutes(10));
	}

	private static List<String> keys() {
		return get(redis().keyCommands()
			.keys(ByteBuffer.wrap("*".getBytes(StandardCharsets.UTF_8)))
			.flatMapIterable((keys) -> keys)
			.map((key) -> StandardCharsets.UTF_8.decode(key).toString())
			.collectList());
	}

	@Test
	void nodesCountTogether() {
		BudgetStore one = store();
		BudgetStore other = store(Duration.ofMinutes(10));
		assertThat(reserve(hold(one, 100), 60)).isEqualTo(BudgetStore.GRANTED);
		assertThat(reserve(hold(other, 100), 60)).isZero();
		assertThat(get(other.read(counter("anna"))).reserved()).isEqualTo(60);
	}

	@Test
	void whatANodeThatDiedHasReservedIsFreeWhenItsLeaseEnds() {
		BudgetStore store = store();
		assertThat(reserve(hold(store(Duration.ofMillis(300)), 100), 100)).isEqualTo(BudgetStore.GRANTED);
		assertThat(reserve(hold(store, 100), 100)).isZero();
		Awaitility.await().atMost(LIMIT).until(() -> reserve(hold(store, 100), 100) == BudgetStore.GRANTED);
		assertThat(get(store.read(counter("anna"))).reserved()).isEqualTo(100);
	}

	@Test
	void aStreamThatOutlivesItsLeaseIsCountedAtItsEnd() {
		store();
		BudgetStore store = store(Duration.ofMillis(1));
		BudgetStore.Hold hold = hold(store, 100);
		assertThat(reserve(hold, 100)).isEqualTo(BudgetStore.GRANTED);
		Awaitility.await().atMost(LIMIT).until(() -> get(store.read(counter("anna"))).reserved() == 0);
		settle(hold, 40);
		settle(hold, 50);
		assertThat(get(store.read(counter("anna")))).isEqualTo(new BudgetStore.Amounts("anna", 50, 0));
	}

	@Test
	void aCallThatComesTwiceOrLateChangesNothing() {
		BudgetStore store = store();
		BudgetStore.Hold hold = hold(store, 100);
		Mono<Integer> reservation = hold.reserve(new long[] { 60 });
		assertThat(get(reservation)).isEqualTo(BudgetStore.GRANTED);
		assertThat(get(reservation)).isEqualTo(BudgetStore.GRANTED);
		assertThat(get(store.read(counter("anna"))).reserved()).isEqualTo(60);
		Mono<Void> estimate = hold.settle(new long[] { 30 });
		settle(hold, 20);
		estimate.block(LIMIT);
		assertThat(get(reservation)).isEqualTo(BudgetStore.GRANTED);
		assertThat(get(store.read(counter("anna")))).isEqualTo(new BudgetStore.Amounts("anna", 20, 0));
	}

	@Test
	void whatIsSentByOneNodeArrivesInItsSequence() {
		BudgetStore store = store();
		for (int i = 0; i < 200; i++) {
			BudgetStore.Hold hold = hold(store, 100);
			assertThat(reserve(hold, 100)).isEqualTo(BudgetStore.GRANTED);
			hold.settle(new long[] { 0 }).subscribe();
		}
	}

	@Test
	void theScriptIsLoadedWhereTheServerForgotIt() {
		BudgetStore store = store();
		assertThat(reserve(hold(store, 100), 10)).isEqualTo(BudgetStore.GRANTED);
		redis().scriptingCommands().scriptFlush().block(LIMIT);
		assertThat(reserve(hold(store, 100), 10)).isEqualTo(BudgetStore.GRANTED);
	}

	@Test
	void keysAreInOneSlotAndGoWithTheirPeriod() {
		BudgetStore store = store();
		assertThat(reserve(hold(store, 100), 10)).isEqualTo(BudgetStore.GRANTED);
		String counter = "{test}:tokens:day:user:test:" + END.getEpochSecond();
		assertThat(keys()).containsExactlyInAnyOrder(counter + ":sums:anna", counter + ":leases:anna",
				counter + ":values:");
		for (String key : keys()) {
			Duration left = get(redis().keyCommands()
				.pTtl(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)))
				.map(Duration::ofMillis));
			assertThat(left).as(key).isBetween(Duration.ofMinutes(1), Duration.ofHours(26));
		}
	}

	@Test
	void aPeriodThatIsOverIsNotWrittenAgain() {
		BudgetStore store = store();
		BudgetCounter past = new BudgetCounter("old", "", END.minus(Duration.ofDays(10)));
		settle(store.hold(List.of(past), new long[] { 100 }), 10);
		assertThat(keys()).isEmpty();
	}

	@Test
	void anAnswerThatDoesNotComeInTimeIsAnError() throws Exception {
		try (RedisServer own = RedisServer.start()) {
			LettuceConnectionFactory connections = own.connections();
			RedisBudgetStore store = new RedisBudgetStore(connections, "test", LIMIT, LIMIT, InstantSource.system());
			assertThat(reserve(hold(store, 100), 10)).isEqualTo(BudgetStore.GRANTED);
			own.stop();
			RedisBudgetStore hasty = new RedisBudgetStore(connections, "test", Duration.ofMillis(50), LIMIT,
					InstantSource.system());
			StepVerifier.create(hold(hasty, 100).reserve(new long[] { 1 })).expectError().verify(LIMIT);
			own.startAgain();
			Awaitility.await()
				.atMost(LIMIT)
				.ignoreExceptions()
				.until(() -> get(store.read(counter("anna"))).reserved() == 0);
			connections.destroy();
		}
	}

}
