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

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.AttemptLedger;
import io.llmstream.BudgetExceededException;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamFailure;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;
import io.llmstream.tool.ToolLoop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link Budgets}.
 */
class BudgetsTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	/** "Hi" is a message of 5 tokens: 4, and one for its text. */
	private static final int INPUT = 5;

	private static final ToolCallback WEATHER = ToolCallback
		.of(new ToolDefinition("weather", "Tells the weather", "{\"type\":\"object\"}"), (call) -> "sunny");

	private volatile Instant now = Instant.parse("2026-03-14T15:00:30Z");

	private final KeptEntries kept = new KeptEntries();

	private final UsageLedger ledger = UsageLedger.builder(this.kept)
		.prices((provider, model) -> (model.equals("m-1")) ? TokenPrice.perMillion("2", "8") : null)
		.tagResolvers(List.of((route, request) -> (request.tags().containsKey("late"))
				? Mono.just(Map.of("user", "late")).delayElement(Duration.ofMillis(20)) : Mono.empty()))
		.clock(() -> this.now)
		.build();

	private final AtomicInteger asked = new AtomicInteger();

	private final List<String> refusals = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.ledger.close();
	}

	private static Budget tokens(long limit, @Nullable String tag) {
		return new Budget("test", tag, Budget.Unit.TOKENS, BigDecimal.valueOf(limit), Map.of(), UsagePeriod.MINUTE);
	}

	private static Budget cost(String limit) {
		return new Budget("money", null, Budget.Unit.COST, new BigDecimal(limit), Map.of(), UsagePeriod.DAY);
	}

	private Budgets budgets(Budget... budgets) {
		return Budgets.builder(this.ledger)
			.budgets(List.of(budgets))
			.reservedOutputTokens(100)
			.listeners(
					List.of((client, budget, reason) -> this.refusals.add(client + " " + budget.name() + " " + reason)))
			.build();
	}

	private static long used(Budgets budgets, int number, String value) {
		Budget budget = budgets.all().get(number);
		BudgetUse use = budgets.use(budget, value).block(LIMIT);
		assertThat(use).isNotNull();
		BigDecimal total = use.used().add(use.reserved());
		return ((budget.unit() == Budget.Unit.COST) ? total.movePointRight(9) : total).longValueExact();
	}

	private LlmStreamClient client(Budgets budgets, StreamingModel model) {
		return LlmStreamClient
			.builder("chat", budgets.guard("chat", List.of(new Budgets.Target("openai", "m-1", false)), (request) -> {
				Flux<Token> tokens = model.stream(request);
				return Flux.defer(() -> {
					this.asked.incrementAndGet();
					return tokens;
				});
			}))
			.contributors(List.of(this.ledger))
			.build();
	}

	/** An answer of a model that reports what it used. */
	private static Flux<Token> answer(String text, long input, long output) {
		Usage usage = new Usage(input, output, 0, 0, 0, Usage.Source.REPORTED);
		return Flux
			.deferContextual((context) -> Flux.<Token>just(new Token.Text(text)).concatWith(Mono.fromSupplier(() -> {
				AttemptLedger.record(context, attempt(StreamOutcome.End.COMPLETED, null, usage, 1), text);
				return new Token.Finish(FinishReason.STOP, "stop", usage, null, "m-1");
			})));
	}

	/** An answer of a model that says nothing of its usage when it is cancelled. */
	private static Flux<Token> openEnd(Flux<Token> tokens, String written) {
		return Flux.deferContextual((context) -> tokens.doOnCancel(() -> AttemptLedger.record(context,
				attempt(StreamOutcome.End.CANCELLED, null, Usage.NONE, 1), written)));
	}

	private static StreamAttempt attempt(StreamOutcome.End end, @Nullable ErrorKind kind, Usage usage, int tokens) {
		return new StreamAttempt("openai", "m-1", "m-1", end, kind,
				(end == StreamOutcome.End.COMPLETED) ? FinishReason.STOP : null, null, Duration.ZERO,
				Duration.ofMillis(500), (tokens > 0) ? Duration.ofMillis(100) : null, tokens, usage, null, null);
	}

	private static StreamRequest request(int maxOutputTokens, String... tags) {
		StreamRequest.Builder request = StreamRequest.builder().user("Hi").maxOutputTokens(maxOutputTokens);
		for (int i = 0; i < tags.length; i += 2) {
			request.tag(tags[i], tags[i + 1]);
		}
		return request.build();
	}

	private void flush() {
		assertThat(this.ledger.flush(LIMIT)).isTrue();
	}

	@Test
	void aBurstOfTwoHundredOnABudgetForOneHundredAdmitsExactlyOneHundred() throws Exception {
		Budgets budgets = budgets(tokens(100 * (INPUT + 10), "user"));
		Sinks.Empty<Token> end = Sinks.empty();
		LlmStreamClient client = client(budgets, (request) -> end.asMono().flux().concatWith(answer("Hello", 5, 2)));
		ExecutorService pool = Executors.newFixedThreadPool(16);
		try {
			CountDownLatch start = new CountDownLatch(1);
			List<Mono<Token>> streams = new ArrayList<>();
			List<Future<?>> subscribed = new ArrayList<>();
			AtomicInteger refused = new AtomicInteger();
			AtomicInteger completed = new AtomicInteger();
			for (int i = 0; i < 200; i++) {
				subscribed.add(pool.submit(() -> {
					start.await();
					client.stream(request(10, "user", "anna")).subscribe((token) -> {
					}, (failure) -> refused.addAndGet((failure instanceof BudgetExceededException) ? 1 : 1_000),
							completed::incrementAndGet);
					return null;
				}));
			}
			start.countDown();
			for (Future<?> each : subscribed) {
				each.get(20, TimeUnit.SECONDS);
			}
			assertThat(this.asked).hasValue(100);
			assertThat(refused).hasValue(100);
			assertThat(used(budgets, 0, "anna")).isEqualTo(100 * (INPUT + 10));
			end.tryEmitEmpty();
			assertThat(completed).hasValue(100);
			assertThat(used(budgets, 0, "anna")).isEqualTo(700);
			flush();
			assertThat(used(budgets, 0, "anna")).isEqualTo(700);
			// 800 tokens are free again, which is 53 times 15
			Sinks.Empty<Token> never = Sinks.empty();
			LlmStreamClient next = client(budgets, (request) -> never.asMono().flux());
			for (int i = 0; i < 60; i++) {
				next.stream(request(10, "user", "anna")).subscribe((token) -> {
				}, (failure) -> {
				});
			}
			assertThat(this.asked).hasValue(153);
		}
		finally {
			pool.shutdownNow();
		}
	}

	/** Asks a model twice in one stream, because of a tool. */
	private LlmStreamClient twoSteps(Budgets budgets, Flux<Token> second) {
		Usage usage = new Usage(5, 2, 0, 0, 0, Usage.Source.REPORTED);
		Flux<Token> first = Flux.deferContextual((context) -> {
			AttemptLedger.record(context, attempt(StreamOutcome.End.COMPLETED, null, usage, 1), "");
			return Flux.just(new Token.ToolCall(0, "a", "weather", "{}"),
					new Token.Finish(FinishReason.TOOL_CALLS, null, usage, null, "m-1"));
		});
		StreamingModel model = (request) -> Flux.defer(() -> (this.asked.getAndIncrement() == 0) ? first : second);
		return LlmStreamClient
			.builder("chat", budgets.guard("chat", List.of(new Budgets.Target("openai", "m-1", false)), model))
			.contributors(List.of(this.ledger))
			.tools(ToolLoop.create())
			.build();
	}

	@Test
	void theStepsOfAStreamThatUsesToolsAreCountedOnceEach() {
		Budgets budgets = budgets(tokens(1_000, null), cost("1"));
		LlmStreamClient client = twoSteps(budgets, answer("Sunny", 20, 3));
		StepVerifier.create(client.prompt("Hi").tools(WEATHER).stream())
			.expectNextCount(5)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.asked).hasValue(2);
		assertThat(used(budgets, 0, "")).isEqualTo(30);
		flush();
		assertThat(used(budgets, 0, "")).isEqualTo(30);
		assertThat(used(budgets, 1, "")).isEqualTo(25 * 2_000 + 5 * 8_000);
	}

	@Test
	void aLaterStepThatIsCancelledIsCountedAsTheLedgerHasIt() {
		Budgets budgets = budgets(tokens(1_000, null));
		Flux<Token> open = openEnd(Flux.<Token>just(new Token.Text("Sun")).concatWith(Flux.never()), "Sun");
		StepVerifier.create(twoSteps(budgets, open).prompt("Hi").tools(WEATHER).stream())
			.expectNextCount(4)
			.thenCancel()
			.verify(LIMIT);
		flush();
		long total = this.kept.take()
			.stream()
			.filter((entry) -> entry.kind() == UsageEntry.Kind.STREAM)
			.mapToLong((entry) -> entry.usage().totalTokens())
			.sum();
		assertThat(total).isGreaterThan(7);
		assertThat(used(budgets, 0, "")).isEqualTo(total);
	}

	@Test
	void whoIsRefusedIsToldWhenToReturnAndNobodyIsAsked() {
		LlmStreamClient client = client(budgets(tokens(20, null)), (request) -> Flux.never());
		client.stream(request(10)).subscribe();
		StepVerifier.create(client.stream(request(10))).expectErrorSatisfies((failure) -> {
			assertThat(failure).isInstanceOf(BudgetExceededException.class)
				.hasMessage("chat: The budget 'test' is used up");
			assertThat(((BudgetExceededException) failure).getRetryAfter()).isEqualTo(Duration.ofSeconds(30));
		}).verify(LIMIT);
		assertThat(this.asked).hasValue(1);
		assertThat(this.refusals).containsExactly("chat test USED_UP");
		this.now = this.now.plusSeconds(30);
		client.stream(request(10)).subscribe();
		assertThat(this.asked).hasValue(2);
	}

	@Test
	void aRequestThatMayUseMoreThanTheWholeBudgetIsNotToldToReturn() {
		LlmStreamClient client = client(budgets(tokens(20, null)), (request) -> Flux.never());
		StepVerifier.create(client.stream(request(16))).expectErrorSatisfies((failure) -> {
			assertThat(failure).hasMessageContaining("may use more than the whole budget 'test'");
			assertThat(((BudgetExceededException) failure).getRetryAfter()).isNull();
		}).verify(LIMIT);
		assertThat(this.refusals).containsExactly("chat test TOO_LARGE");
	}

	@Test
	void eachValueOfATagHasABudgetOfItsOwnAndThoseWithoutShareOne() {
		Budget budget = new Budget("test", "user", Budget.Unit.TOKENS, BigDecimal.valueOf(15),
				Map.of("boss", BigDecimal.valueOf(30)), UsagePeriod.HOUR);
		LlmStreamClient client = client(budgets(budget), (request) -> Flux.never());
		for (int i = 0; i < 3; i++) {
			for (String[] tags : new String[][] { { "user", "anna" }, { "user", "ben" }, { "user", "boss" }, {} }) {
				client.stream(request(10, tags)).subscribe((token) -> {
				}, (failure) -> {
				});
			}
		}
		assertThat(this.asked).hasValue(1 + 1 + 2 + 1);
	}

	@Test
	void ofSeveralBudgetsAllMustHaveRoomAndARefusalTakesNothing() {
		Budgets budgets = budgets(tokens(100, null), tokens(15, "user"));
		LlmStreamClient client = client(budgets, (request) -> Flux.never());
		client.stream(request(10, "user", "anna")).subscribe();
		StepVerifier.create(client.stream(request(10, "user", "anna")))
			.expectError(BudgetExceededException.class)
			.verify(LIMIT);
		assertThat(used(budgets, 0, "")).isEqualTo(15);
		assertThat(used(budgets, 1, "anna")).isEqualTo(15);
	}

	@Test
	void aTagThatIsResolvedLaterIsWaitedFor() {
		Budgets budgets = budgets(tokens(100, "user"));
		LlmStreamClient client = client(budgets, (request) -> answer("Hello", 5, 2));
		StepVerifier.create(client.stream(request(10, "late", "yes")))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		assertThat(used(budgets, 0, "late")).isEqualTo(7);
	}

	@Test
	void whatAFailedStreamDidNotUseIsFreeAgain() {
		Budgets budgets = budgets(tokens(100, null));
		LlmStreamClient client = client(budgets,
				(request) -> Flux.error(StreamFailure.of(ErrorKind.OVERLOADED, "openai", "no").toException()));
		StepVerifier.create(client.stream(request(90))).expectError().verify(LIMIT);
		assertThat(used(budgets, 0, "")).isZero();
		flush();
		assertThat(used(budgets, 0, "")).isZero();
	}

	@Test
	void aCancelledStreamHoldsWhatWasWrittenAndTheLedgerCorrectsIt() {
		Budgets budgets = budgets(tokens(1_000, null));
		LlmStreamClient client = client(budgets,
				(request) -> openEnd(Flux.<Token>just(new Token.Text("x".repeat(40))).concatWith(Flux.never()),
						"x".repeat(80)));
		StepVerifier.create(client.stream(request(500))).expectNextCount(1).thenCancel().verify(LIMIT);
		flush();
		assertThat(used(budgets, 0, "")).isEqualTo(INPUT + 20);
	}

	@Test
	void anAnswerThatIsLongerThanReservedReservesMoreUntilThereIsNoMore() {
		// 5 for the prompt, 100 reserved, and 100 more
		Budgets budgets = budgets(tokens(250, null));
		Sinks.Many<Token> tokens = Sinks.many().unicast().onBackpressureBuffer();
		LlmStreamClient client = client(budgets, (request) -> openEnd(tokens.asFlux(), "x".repeat(808)));
		StepVerifier.create(client.stream(StreamRequest.of("Hi")))
			.then(() -> tokens.tryEmitNext(new Token.Text("x".repeat(400))))
			.expectNextCount(1)
			.then(() -> assertThat(used(budgets, 0, "")).isEqualTo(105))
			.then(() -> tokens.tryEmitNext(new Token.Text("x".repeat(4))))
			.expectNextCount(1)
			.then(() -> assertThat(used(budgets, 0, "")).isEqualTo(206))
			.then(() -> tokens.tryEmitNext(new Token.Text("x".repeat(404))))
			.expectNextCount(1)
			.expectErrorSatisfies((failure) -> {
				assertThat(failure).isInstanceOf(BudgetExceededException.class);
				BudgetExceededException exceeded = (BudgetExceededException) failure;
				assertThat(exceeded.getPartialText()).hasSize(808);
				assertThat(exceeded.getRetryAfter()).isEqualTo(Duration.ofSeconds(30));
				assertThat(exceeded.getUsage()).isEqualTo(BudgetReservation.usage(INPUT, 202));
			})
			.verify(LIMIT);
		assertThat(tokens.currentSubscriberCount()).isZero();
		assertThat(this.refusals).containsExactly("chat test ENDED");
		assertThat(used(budgets, 0, "")).isEqualTo(INPUT + 202);
		flush();
		assertThat(used(budgets, 0, "")).isEqualTo(INPUT + 202);
		UsageEntry stream = this.kept.take()
			.stream()
			.filter((entry) -> entry.kind() == UsageEntry.Kind.STREAM)
			.findFirst()
			.orElseThrow();
		assertThat(stream.errorKind()).isEqualTo(ErrorKind.BUDGET_EXCEEDED);
		assertThat(stream.usage().outputTokens()).isEqualTo(202);
	}

	@Test
	void moneyIsCountedAtThePriceOfTheModelThatIsAsked() {
		// 5 * 0.000002 + 100 * 0.000008 = 0.00081
		Budgets budgets = budgets(cost("0.00162"));
		LlmStreamClient client = client(budgets, (request) -> Flux.never());
		for (int i = 0; i < 2; i++) {
			client.stream(request(100)).subscribe();
		}
		assertThat(used(budgets, 0, "")).isEqualTo(1_620_000);
		StepVerifier.create(client.stream(request(100))).expectError(BudgetExceededException.class).verify(LIMIT);
	}

	@Test
	void whatHasNoPriceDoesNotPassABudgetInMoney() {
		LlmStreamClient client = client(budgets(cost("10")), (request) -> Flux.never());
		StreamRequest request = request(10).mutate().model("free").build();
		StepVerifier.create(client.stream(request))
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(BudgetExceededException.class)
				.hasMessageContaining("llm-stream.usage.prices"))
			.verify(LIMIT);
		assertThat(this.refusals).containsExactly("chat money UNPRICED");
	}

	@Test
	void whatHasNoPriceInTheEndIsCountedAtThatOfWhatWasReserved() {
		Budgets budgets = budgets(cost("0.01"));
		Usage usage = new Usage(5, 100, 0, 0, 0, Usage.Source.REPORTED);
		LlmStreamClient client = client(budgets, (request) -> Flux.deferContextual((context) -> {
			AttemptLedger.record(
					context, new StreamAttempt("other", "free", "free", StreamOutcome.End.COMPLETED, null,
							FinishReason.STOP, null, Duration.ZERO, Duration.ofMillis(500), null, 1, usage, null, null),
					"a");
			return Flux.just(new Token.Text("a"), new Token.Finish(FinishReason.STOP, "stop", usage, null, "free"));
		}));
		StepVerifier.create(client.stream(request(100))).expectNextCount(2).expectComplete().verify(LIMIT);
		flush();
		assertThat(used(budgets, 0, "")).isEqualTo(810_000);
	}

	@Test
	void whatAStoreMayHaveReservedIsFreedWhereItsAnswerWasLostAndThisNodeRefuses() {
		List<String> told = new CopyOnWriteArrayList<>();
		BudgetStore store = new BudgetStore() {

			@Override
			public Hold hold(List<BudgetCounter> counters, long[] limits) {
				return new Hold() {

					@Override
					public Mono<Integer> reserve(long[] amounts) {
						told.add("reserve " + amounts[0]);
						return Mono.error(new IllegalStateException("no answer"));
					}

					@Override
					public Mono<Void> settle(long[] amounts) {
						return Mono.fromRunnable(() -> told.add("settle " + amounts[0]));
					}

				};
			}

			@Override
			public Mono<Amounts> read(BudgetCounter counter) {
				return Mono.just(new Amounts(counter.value(), 0, 0));
			}

			@Override
			public Flux<Amounts> list(String budget, Instant end, int limit) {
				return Flux.empty();
			}

		};
		Budgets budgets = Budgets.builder(this.ledger).budgets(List.of(tokens(120, null))).store(store).build();
		LlmStreamClient client = client(budgets, (request) -> Flux.never());
		VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
		try {
			client.stream(request(100)).subscribe();
			// a store that failed a moment ago is not asked
			time.advanceTimeBy(Duration.ofSeconds(2));
			StepVerifier.create(client.stream(request(100))).expectError(BudgetExceededException.class).verify(LIMIT);
		}
		finally {
			VirtualTimeScheduler.reset();
		}
		assertThat(told).containsExactly("reserve 105", "reserve 105", "settle 0");
	}

	@Test
	void aClientWithinAnotherOnesStreamReservesNothingOfItsOwn() {
		Budgets budgets = budgets(tokens(15, null));
		LlmStreamClient inner = client(budgets, (request) -> answer("Hello", 5, 2));
		LlmStreamClient outer = client(budgets, inner::stream);
		StepVerifier.create(outer.stream(request(10))).expectNextCount(2).expectComplete().verify(LIMIT);
		flush();
		assertThat(used(budgets, 0, "")).isEqualTo(7);
	}

	@Test
	void whatIsUsedAndReservedIsToldForEachValueOfTheTag() {
		Budget budget = new Budget("test", "user", Budget.Unit.COST, new BigDecimal("0.01"),
				Map.of("boss", BigDecimal.ONE), UsagePeriod.MINUTE);
		Budgets budgets = budgets(budget);
		StepVerifier.create(client(budgets, (request) -> answer("Hello", 5, 2)).stream(request(10, "user", "anna")))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		LlmStreamClient open = client(budgets, (request) -> Flux.never());
		open.stream(request(100, "user", "anna")).subscribe();
		open.stream(request(100, "user", "boss")).subscribe();
		Instant resets = Instant.parse("2026-03-14T15:01:00Z");
		List<BudgetUse> uses = budgets.uses(budget, 10).collectList().block(LIMIT);
		assertThat(uses).containsExactlyInAnyOrder(
				new BudgetUse(budget, "anna", new BigDecimal("0.000026000"), new BigDecimal("0.000810000"),
						new BigDecimal("0.01"), resets),
				new BudgetUse(budget, "boss", new BigDecimal("0.000000000"), new BigDecimal("0.000810000"),
						BigDecimal.ONE, resets));
		assertThat(uses).extracting((use) -> use.free().stripTrailingZeros().toPlainString())
			.containsExactlyInAnyOrder("0.009164", "0.99919");
		assertThat(budgets.uses(budget, 1).collectList().block(LIMIT)).hasSize(1);
		this.now = resets;
		assertThat(budgets.uses(budget, 10).collectList().block(LIMIT)).isEmpty();
	}

	@Test
	void budgetsThatCannotBeToldApartAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> budgets(tokens(1, null), tokens(2, null)))
			.withMessageContaining("two budgets of the name 'test'");
	}

	@Test
	void aBudgetMustBeOneThatCanBe() {
		assertThatIllegalArgumentException().isThrownBy(() -> tokens(-1, null));
		assertThatIllegalArgumentException().isThrownBy(() -> tokens(Long.MAX_VALUE, null));
		assertThatThrownBy(() -> new Budget("b", null, Budget.Unit.TOKENS, BigDecimal.ONE,
				Map.of("anna", BigDecimal.TEN), UsagePeriod.DAY))
			.isInstanceOf(IllegalArgumentException.class);
	}

}
