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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.BudgetExceededException;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.usage.Budget;
import io.llmstream.usage.BudgetListener;
import io.llmstream.usage.BudgetStoreFailurePolicy;
import io.llmstream.usage.BudgetUse;
import io.llmstream.usage.Budgets;
import io.llmstream.usage.InMemoryUsageStore;
import io.llmstream.usage.UsageLedger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Budgets} that are counted in a real Redis.
 */
class RedisBudgetsTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final UsageLedger ledger = UsageLedger.builder(new InMemoryUsageStore(1_000, 10, ZoneOffset.UTC)).build();

	private final AtomicInteger asked = new AtomicInteger();

	private final List<BudgetListener.Reason> refusals = new CopyOnWriteArrayList<>();

	private @Nullable RedisServer started;

	private @Nullable LettuceConnectionFactory connected;

	@BeforeEach
	void start() throws Exception {
		this.started = RedisServer.start();
		this.connected = this.started.connections();
	}

	@AfterEach
	void stop() throws Exception {
		this.ledger.close();
		if (this.connected != null) {
			this.connected.destroy();
		}
		if (this.started != null) {
			this.started.close();
		}
	}

	private RedisServer server() {
		assertThat(this.started).isNotNull();
		return this.started;
	}

	private Budgets budgets(Duration timeout, BudgetStoreFailurePolicy policy) {
		assertThat(this.connected).isNotNull();
		RedisBudgetStore store = new RedisBudgetStore(this.connected, "test", timeout, Duration.ofMinutes(10),
				InstantSource.system());
		store.connect().block(LIMIT);
		return Budgets.builder(this.ledger)
			.budgets(List.of(BudgetBurst.budget()))
			.reservedOutputTokens(100)
			.store(store)
			.storeFailurePolicy(policy)
			.listeners(List.of((client, budget, reason) -> this.refusals.add(reason)))
			.build();
	}

	private LlmStreamClient client(Budgets budgets, StreamingModel model) {
		return LlmStreamClient.builder("chat", budgets.guard("chat", List.of(), (request) -> {
			Flux<Token> tokens = model.stream(request);
			return Flux.defer(() -> {
				this.asked.incrementAndGet();
				return tokens;
			});
		})).contributors(List.of(this.ledger)).build();
	}

	private static StreamRequest request(int maxOutputTokens) {
		return StreamRequest.builder().user("Hi").maxOutputTokens(maxOutputTokens).tag("user", "anna").build();
	}

	private static Flux<Token> answer() {
		return Flux.just(new Token.Text("Hello"),
				new Token.Finish(FinishReason.STOP, "stop", Usage.reported(5, 2), null, "m"));
	}

	private static long[] uses(Budgets budgets) {
		Budget budget = budgets.all().get(0);
		BudgetUse use = budgets.use(budget, "anna").block(LIMIT);
		assertThat(use).isNotNull();
		return new long[] { use.used().longValueExact(), use.reserved().longValueExact() };
	}

	private static void awaitUses(Budgets budgets, long used, long reserved) {
		Awaitility.await()
			.atMost(LIMIT)
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(uses(budgets)).containsExactly(used, reserved));
	}

	@Test
	void aBurstOfTwoProcessesIsAdmittedAsFarAsTheBudgetGoesAndWhatWasReservedTooMuchIsFreeAgain() throws Exception {
		try (Burst one = new Burst(server().port()); Burst other = new Burst(server().port())) {
			List<Burst> both = List.of(one, other);
			for (Burst burst : both) {
				assertThat(burst.line()).isEqualTo("ready");
			}
			for (Burst burst : both) {
				burst.proceed();
			}
			int[] first = numbers(one.line());
			int[] second = numbers(other.line());
			assertThat(first[0] + second[0]).as("admitted").isEqualTo(100);
			assertThat(first[1] + second[1]).as("refused").isEqualTo(100);
			Budgets budgets = budgets(LIMIT, BudgetStoreFailurePolicy.REFUSE);
			assertThat(uses(budgets)).containsExactly(0, 100 * BudgetBurst.RESERVED);
			for (Burst burst : both) {
				burst.proceed();
				assertThat(burst.line()).isEqualTo("ended");
			}
			awaitUses(budgets, 100 * BudgetBurst.USED, 0);
			// 800 tokens are free again, which is 53 times 15
			LlmStreamClient next = client(budgets, (request) -> Flux.never());
			for (int i = 0; i < 60; i++) {
				next.stream(request(10)).subscribe((token) -> {
				}, (failure) -> {
				});
			}
			awaitUses(budgets, 100 * BudgetBurst.USED, 53 * BudgetBurst.RESERVED);
			Awaitility.await().atMost(LIMIT).until(() -> this.refusals.size() == 7);
			assertThat(this.asked).hasValue(53);
		}
	}

	private static int[] numbers(String line) {
		String[] numbers = line.split(" ");
		return new int[] { Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]) };
	}

	@Test
	void whoCancelsWhileTheStoreIsAskedHoldsNothing() {
		Budgets budgets = budgets(LIMIT, BudgetStoreFailurePolicy.REFUSE);
		LlmStreamClient client = client(budgets, (request) -> Flux.never());
		for (int i = 0; i < 50; i++) {
			client.stream(request(10)).subscribe().dispose();
		}
		this.ledger.flush(LIMIT);
		awaitUses(budgets, 0, 0);
	}

	@Test
	void anAnswerThatFindsNoMoreRoomEnds() {
		Budgets budgets = budgets(LIMIT, BudgetStoreFailurePolicy.REFUSE);
		Sinks.Many<Token> tokens = Sinks.many().unicast().onBackpressureBuffer();
		LlmStreamClient client = client(budgets, (request) -> tokens.asFlux());
		// leaves 211
		client(budgets, (request) -> Flux.never()).stream(request(1_284)).subscribe();
		awaitUses(budgets, 0, 1_289);
		StreamRequest request = request(10).mutate().maxOutputTokens(null).build();
		StepVerifier.create(client.stream(request)).then(() -> {
			for (int i = 0; i < 100; i++) {
				tokens.tryEmitNext(new Token.Text("four"));
			}
		})
			.expectNextCount(100)
			.then(() -> tokens.tryEmitNext(new Token.Text("four")))
			.expectNextCount(1)
			.then(() -> awaitUses(budgets, 0, 1_289 + 5 + 201))
			.then(() -> {
				for (int i = 0; i < 101; i++) {
					tokens.tryEmitNext(new Token.Text("four"));
				}
			})
			.expectNextCount(101)
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(BudgetExceededException.class)
				.hasMessageContaining("used up"))
			.verify(LIMIT);
		assertThat(tokens.currentSubscriberCount()).isZero();
		assertThat(this.refusals).containsExactly(BudgetListener.Reason.ENDED);
		awaitUses(budgets, 5 + 202, 1_289);
	}

	@Test
	void aNodeCountsByItselfWhileRedisIsAwayAndTellsItAfterwards() throws Exception {
		Budgets budgets = budgets(Duration.ofMillis(500), BudgetStoreFailurePolicy.LOCAL);
		LlmStreamClient open = client(budgets, (request) -> Flux.never());
		LlmStreamClient client = client(budgets, (request) -> answer());
		client.stream(request(10)).blockLast(LIMIT);
		this.ledger.flush(LIMIT);
		awaitUses(budgets, 7, 0);
		server().stop();
		// two use 14, and 1476 more leave 10 of 1500
		client.stream(request(10)).blockLast(LIMIT);
		open.stream(request(1_471)).subscribe();
		Awaitility.await().atMost(LIMIT).until(() -> this.asked.get() == 3);
		StepVerifier.create(client.stream(request(10))).expectError(BudgetExceededException.class).verify(LIMIT);
		assertThat(this.refusals).containsExactly(BudgetListener.Reason.USED_UP);
		assertThat(budgets.storeFailures()).isPositive();
		server().startAgain();
		// the server forgot the first stream
		awaitUses(budgets, 7, 0);
	}

	@ParameterizedTest
	@EnumSource(names = { "ALLOW", "REFUSE" })
	void whileRedisIsAwayThePolicyDecides(BudgetStoreFailurePolicy policy) {
		Budgets budgets = budgets(Duration.ofMillis(100), policy);
		LlmStreamClient client = client(budgets, (request) -> answer());
		server().stop();
		for (int i = 0; i < 3; i++) {
			Flux<Token> stream = client.stream(request(1_495));
			if (policy == BudgetStoreFailurePolicy.ALLOW) {
				StepVerifier.create(stream).expectNextCount(2).expectComplete().verify(LIMIT);
			}
			else {
				StepVerifier.create(stream).expectErrorSatisfies((failure) -> {
					assertThat(failure).hasMessage("chat: What is left of the budgets cannot be known now");
					assertThat(((BudgetExceededException) failure).getRetryAfter()).isEqualTo(Duration.ofSeconds(5));
				}).verify(LIMIT);
			}
		}
		if (policy == BudgetStoreFailurePolicy.REFUSE) {
			assertThat(this.refusals).hasSize(3).containsOnly(BudgetListener.Reason.STORE_UNAVAILABLE);
			assertThat(this.asked).hasValue(0);
		}
	}

	/**
	 * A process of several.
	 */
	private static final class Burst implements AutoCloseable {

		private final Process process;

		private final BufferedReader lines;

		private final Writer commands;

		private Burst(int port) throws IOException {
			this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
					BudgetBurst.class.getName(), Integer.toString(port))
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			this.lines = this.process.inputReader();
			this.commands = this.process.outputWriter();
		}

		private String line() throws IOException {
			String line = this.lines.readLine();
			assertThat(line).as("what the process says").isNotNull();
			return line;
		}

		private void proceed() throws IOException {
			this.commands.write("\n");
			this.commands.flush();
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
		}

	}

}
