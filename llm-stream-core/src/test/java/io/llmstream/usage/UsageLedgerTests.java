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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.AttemptLedger;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamFailure;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsageLedger}.
 */
class UsageLedgerTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final TokenPrices PRICES = (provider, model) -> (model.equals("m-1"))
			? TokenPrice.perMillion("2", "8") : null;

	private final KeptEntries kept = new KeptEntries();

	private @Nullable UsageLedger ledger;

	@AfterEach
	void close() {
		if (this.ledger != null) {
			this.ledger.close();
		}
	}

	private UsageLedger ledger(UsageTagResolver... resolvers) {
		this.ledger = UsageLedger.builder(this.kept).prices(PRICES).tagResolvers(List.of(resolvers)).build();
		return this.ledger;
	}

	private List<UsageEntry> entries() {
		assertThat(Objects.requireNonNull(this.ledger).flush(LIMIT)).isTrue();
		return this.kept.take();
	}

	private static StreamAttempt attempt(String provider, String model, StreamOutcome.End end, @Nullable ErrorKind kind,
			Usage usage, int tokens) {
		return new StreamAttempt(provider, "m", model, end, kind,
				(end == StreamOutcome.End.COMPLETED) ? FinishReason.STOP : null, null, Duration.ZERO,
				Duration.ofMillis(500), (tokens > 0) ? Duration.ofMillis(100) : null, tokens, usage, null, null);
	}

	/** What an engine does: writes the attempt before the last signal. */
	private static Flux<Token> answer(StreamAttempt attempt, String written) {
		return Flux.deferContextual((context) -> {
			Runnable write = () -> AttemptLedger.record(context, attempt, new StringBuilder(written));
			return switch (attempt.end()) {
				case COMPLETED -> Flux.<Token>just(new Token.Text(written)).concatWith(Mono.fromSupplier(() -> {
					write.run();
					return new Token.Finish(FinishReason.STOP, "stop", attempt.usage(), null, attempt.model());
				}));
				case FAILED -> Flux.error(() -> {
					write.run();
					return failure(Objects.requireNonNull(attempt.errorKind()));
				});
				case CANCELLED -> Flux.<Token>just(new Token.Text(written)).concatWith(Flux.never()).doOnCancel(write);
			};
		});
	}

	private static StreamAttempt complete() {
		return attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
	}

	private static LlmStreamException failure(ErrorKind kind) {
		return StreamFailure.of(kind, "openai", "it failed").toException();
	}

	private LlmStreamClient client(UsageLedger ledger, StreamingModel model) {
		return LlmStreamClient.builder("chat", model).contributors(List.of(ledger)).build();
	}

	@Test
	void whatWasReportedBeforeACompleteAnswerBrokeOffIsNotEstimated() {
		Usage reported = new Usage(1_000, 101, 0, 0, 0, Usage.Source.REPORTED);
		for (StreamOutcome.End end : List.of(StreamOutcome.End.FAILED, StreamOutcome.End.CANCELLED)) {
			StreamAttempt attempt = new StreamAttempt("openai", "m", "m-1", end,
					(end == StreamOutcome.End.FAILED) ? ErrorKind.SERVER_ERROR : null, FinishReason.STOP, null,
					Duration.ZERO, Duration.ofMillis(500), Duration.ofMillis(100), 1, reported, null, null);
			UsageLedger ledger = ledger();
			client(ledger, (request) -> answer(attempt, "Hello")).prompt("Hi")
				.stream()
				.take(1)
				.onErrorComplete()
				.blockLast(LIMIT);
			List<UsageEntry> entries = entries();
			ledger.close();
			assertThat(entries).hasSize(2).allSatisfy((entry) -> assertThat(entry.usage()).isEqualTo(reported));
		}
	}

	@Test
	void aCompletedStreamHasAnEntryForItsAttemptAndOneForItself() {
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null,
				new Usage(1_000, 101, 0, 0, 0, Usage.Source.REPORTED), 3);
		client(ledger(), (request) -> answer(attempt, "Hello")).prompt("Hi")
			.model("m")
			.tag("user", "anna")
			.stream()
			.blockLast(LIMIT);
		List<UsageEntry> entries = entries();
		assertThat(entries).hasSize(2);
		UsageEntry first = entries.get(0);
		assertThat(first.kind()).isEqualTo(UsageEntry.Kind.ATTEMPT);
		assertThat(first.route()).isEqualTo("chat");
		assertThat(first.provider()).isEqualTo("openai");
		assertThat(first.requestedModel()).isEqualTo("m");
		assertThat(first.model()).isEqualTo("m-1");
		assertThat(first.tags()).isEqualTo(Map.of("user", "anna"));
		assertThat(first.finishReason()).isEqualTo(FinishReason.STOP);
		assertThat(first.cost()).isEqualByComparingTo("0.002808");
		assertThat(first.timing().timeToFirstToken()).isEqualTo(Duration.ofMillis(100));
		assertThat(first.timing().timePerOutputToken()).isEqualTo(Duration.ofMillis(4));
		UsageEntry stream = entries.get(1);
		assertThat(stream.kind()).isEqualTo(UsageEntry.Kind.STREAM);
		assertThat(stream.streamId()).isEqualTo(first.streamId());
		assertThat(stream.id()).isNotEqualTo(first.id());
		assertThat(stream.usage()).isEqualTo(first.usage());
		assertThat(stream.cost()).isEqualByComparingTo("0.002808");
		assertThat(stream.attempts()).isEqualTo(1);
		assertThat(stream.outcome()).isEqualTo(StreamOutcome.End.COMPLETED);
	}

	@Test
	void attemptsThatFailedAreWrittenDownBesideTheOneThatAnswered() {
		StreamAttempt refused = attempt("local", "m-0", StreamOutcome.End.FAILED, ErrorKind.OVERLOADED, Usage.NONE, 0);
		StreamAttempt cut = attempt("local", "m-1", StreamOutcome.End.FAILED, ErrorKind.TRUNCATED, Usage.NONE, 2);
		StreamAttempt good = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		client(ledger(), (request) -> answer(refused, "").onErrorResume((one) -> answer(cut, "twelve chars"))
			.onErrorResume((two) -> answer(good, "Hello"))).prompt("Hi").stream().blockLast(LIMIT);
		List<UsageEntry> entries = entries();
		assertThat(entries).extracting((entry) -> entry.usage().source())
			.containsExactly(Usage.Source.NONE, Usage.Source.ESTIMATED, Usage.Source.REPORTED, Usage.Source.ESTIMATED);
		assertThat(entries.get(0).cost()).as("of what was refused").isNull();
		assertThat(entries.get(1).usage().outputTokens()).isEqualTo(3);
		assertThat(entries.get(1).usage().inputTokens()).isPositive();
		assertThat(entries).extracting(UsageEntry::attempts).containsExactly(1, 2, 3, 3);
		UsageEntry stream = entries.get(3);
		assertThat(stream.provider()).isEqualTo("openai");
		assertThat(stream.usage().outputTokens()).isEqualTo(23);
		assertThat(stream.cost()).isEqualByComparingTo(
				Objects.requireNonNull(entries.get(1).cost()).add(Objects.requireNonNull(entries.get(2).cost())));
	}

	@Test
	void aCancelledStreamIsCountedByWhatWasWritten() {
		StreamAttempt cancelled = attempt("openai", "m-1", StreamOutcome.End.CANCELLED, null, Usage.NONE, 1);
		StepVerifier.create(client(ledger(), (request) -> answer(cancelled, "twelve chars")).prompt("Hi").stream())
			.expectNextCount(1)
			.thenCancel()
			.verify(LIMIT);
		List<UsageEntry> entries = entries();
		assertThat(entries).extracting(UsageEntry::outcome)
			.containsExactly(StreamOutcome.End.CANCELLED, StreamOutcome.End.CANCELLED);
		assertThat(entries.get(0).usage()).isEqualTo(new Usage(5, 3, 0, 0, 0, Usage.Source.ESTIMATED));
	}

	@Test
	void figuresFromTheBeginningOfAnAnswerThatWasCutAreNoMoreThanAnEstimate() {
		StreamAttempt cancelled = attempt("openai", "m-1", StreamOutcome.End.CANCELLED, null, Usage.reported(321, 1),
				1);
		StepVerifier.create(client(ledger(), (request) -> answer(cancelled, "twelve chars")).prompt("Hi").stream())
			.expectNextCount(1)
			.thenCancel()
			.verify(LIMIT);
		assertThat(entries().get(0).usage()).isEqualTo(new Usage(321, 3, 0, 0, 0, Usage.Source.ESTIMATED));
	}

	@Test
	void aModelWithoutAPriceIsUnpricedAndNotFree() {
		StreamAttempt attempt = attempt("openai", "m-2", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		client(ledger(), (request) -> answer(attempt, "Hello")).prompt("Hi").stream().blockLast(LIMIT);
		assertThat(entries()).allSatisfy((entry) -> {
			assertThat(entry.cost()).isNull();
			assertThat(entry.unpriced()).isTrue();
		});
	}

	@Test
	void aModelThatKeepsNoLedgerIsWrittenDownAsOneAttempt() {
		client(ledger(),
				(request) -> Flux.just(new Token.Finish(FinishReason.STOP, null, Usage.reported(10, 20), "r", "m-1")))
			.prompt("Hi")
			.stream()
			.blockLast(LIMIT);
		List<UsageEntry> entries = entries();
		assertThat(entries).hasSize(2);
		assertThat(entries.get(0).provider()).isEqualTo("chat");
		assertThat(entries.get(0).usage()).isEqualTo(Usage.reported(10, 20));
		assertThat(entries.get(0).cost()).isEqualByComparingTo("0.00018");
	}

	@Test
	void aStreamThatAskedNobodyHasAnEntryOfItsOwnAlone() {
		StepVerifier
			.create(client(ledger(), (request) -> Flux.error(failure(ErrorKind.UNSUPPORTED_OPTION))).prompt("Hi")
				.stream())
			.expectError(LlmStreamException.class)
			.verify(LIMIT);
		List<UsageEntry> entries = entries();
		assertThat(entries).hasSize(1);
		assertThat(entries.get(0).errorKind()).isEqualTo(ErrorKind.UNSUPPORTED_OPTION);
		assertThat(entries.get(0).attempts()).isZero();
	}

	@Test
	void aClientInsideOfAnotherOnesStreamIsNoStreamOfItsOwn() {
		UsageLedger ledger = ledger();
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		LlmStreamClient inner = LlmStreamClient.builder("inner", (request) -> answer(attempt, "Hello"))
			.contributors(List.of(ledger))
			.build();
		client(ledger, inner::stream).prompt("Hi").stream().blockLast(LIMIT);
		List<UsageEntry> entries = entries();
		assertThat(entries).hasSize(2);
		assertThat(entries).extracting(UsageEntry::route).containsOnly("chat");
	}

	@Test
	void tagsAreResolvedWhereTheClientIsAskedAndThoseOfTheRequestGoFirst() {
		Thread asking = Thread.currentThread();
		List<Thread> asked = new ArrayList<>();
		UsageTagResolver resolver = (route, request) -> {
			asked.add(Thread.currentThread());
			return Mono.deferContextual((context) -> Mono
				.just(Map.of("user", "from the resolver", "tenant", context.get("tenant"), "route", route)));
		};
		UsageTagResolver failing = (route, request) -> Mono.error(new IllegalStateException("no"));
		UsageTagResolver second = (route, request) -> Mono.just(Map.of("tenant", "second", "feature", "chat"));
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		client(ledger(resolver, failing, second), (request) -> answer(attempt, "Hello")).prompt("Hi")
			.tag("user", "from the request")
			.stream()
			.contextWrite((context) -> context.put("tenant", "acme"))
			.blockLast(LIMIT);
		assertThat(asked).containsExactly(asking);
		assertThat(entries()).extracting(UsageEntry::tags)
			.containsOnly(Map.of("user", "from the request", "tenant", "acme", "route", "chat", "feature", "chat"));
	}

	@Test
	void tagsThatNeverComeHoldNothingUp() {
		UsageTagResolver never = (route, request) -> Mono.never();
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		client(ledger(never), (request) -> answer(attempt, "Hello")).prompt("Hi").stream().blockLast(LIMIT);
		assertThat(entries()).hasSize(2);
	}

	@Test
	void tagsAreFewAndShort() {
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		StreamRequest.Builder request = StreamRequest.builder().user("Hi").tag("a", "x".repeat(10_000));
		for (int i = 0; i < 100; i++) {
			request.tag("b" + i, "y");
		}
		client(ledger(), (any) -> answer(attempt, "Hello")).stream(request.build()).blockLast(LIMIT);
		Map<String, String> tags = entries().get(0).tags();
		assertThat(tags).hasSize(16);
		assertThat(tags.get("a")).hasSize(200);
	}

	@Test
	void aStoreThatFailsIsGivenTheSameEntriesAgain() {
		this.kept.fail(2);
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		client(ledger(), (request) -> answer(attempt, "Hello")).prompt("Hi").stream().blockLast(LIMIT);
		assertThat(entries()).hasSize(2);
		assertThat(Objects.requireNonNull(this.ledger).state()).isEqualTo(new UsageLedgerState(0, 2, 0, 2, 0));
	}

	@Test
	void listenersAreToldOnTheLedgersThreadAndOneThatFailsHarmsNobody() {
		List<String> told = new ArrayList<>();
		UsageListener failing = (entry) -> {
			throw new IllegalStateException("no");
		};
		UsageListener good = (entry) -> told.add(Thread.currentThread().getName() + " " + entry.kind());
		this.ledger = UsageLedger.builder(this.kept).listeners(List.of(failing, good)).build();
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		client(this.ledger, (request) -> answer(attempt, "Hello")).prompt("Hi").stream().blockLast(LIMIT);
		assertThat(entries()).hasSize(2);
		assertThat(told).containsExactly("llm-stream-usage ATTEMPT", "llm-stream-usage STREAM");
	}

	@Test
	void anErrorOfAListenerEndsNothing() {
		AtomicInteger errors = new AtomicInteger(2);
		UsageListener failing = (entry) -> {
			if (errors.getAndDecrement() > 0) {
				throw new StackOverflowError();
			}
		};
		this.ledger = UsageLedger.builder(this.kept).listeners(List.of(failing)).build();
		LlmStreamClient client = client(this.ledger, (request) -> answer(complete(), "Hello"));
		client.prompt("Hi").stream().blockLast(LIMIT);
		client.prompt("Hi").stream().blockLast(LIMIT);
		assertThat(entries()).hasSize(4);
	}

	@Test
	void anErrorOfWhatCountsTokensLeavesAnEstimate() {
		TokenEstimator failing = (model, text) -> {
			throw new NoClassDefFoundError("Tokenizer");
		};
		this.ledger = UsageLedger.builder(this.kept).prices(PRICES).estimator(failing).build();
		StreamAttempt cancelled = attempt("openai", "m-1", StreamOutcome.End.CANCELLED, null, Usage.NONE, 1);
		StepVerifier.create(client(this.ledger, (request) -> answer(cancelled, "twelve chars")).prompt("Hi").stream())
			.expectNextCount(1)
			.thenCancel()
			.verify(LIMIT);
		assertThat(entries().get(0).usage()).isEqualTo(new Usage(5, 3, 0, 0, 0, Usage.Source.ESTIMATED));
	}

	@Test
	void pricesThatFailDoNotHideTheTokens() {
		for (Throwable failure : List.of(new IllegalStateException("no"), new StackOverflowError())) {
			UsageLedger ledger = UsageLedger.builder(this.kept).prices((provider, model) -> {
				throw Exceptions.propagate(failure);
			}).build();
			this.ledger = ledger;
			client(ledger, (request) -> answer(complete(), "Hello")).prompt("Hi").stream().blockLast(LIMIT);
			assertThat(entries()).hasSize(2).allSatisfy((entry) -> {
				assertThat(entry.usage()).isEqualTo(Usage.reported(10, 20));
				assertThat(entry.cost()).isNull();
				assertThat(entry.unpriced()).isTrue();
			});
			ledger.close();
		}
	}

	@Test
	void anEntryThatCannotBeMadeIsLostAndNoStreamHearsOfIt() {
		StreamAccount account = new StreamAccount(ledger(), "s", "chat", StreamRequest.of("Hi"));
		PendingEntry impossible = new PendingEntry(account, 1, Entries.TIME, null, null, "", 0, false, null);
		for (int bufferSize : List.of(0, 10)) {
			UsageLedger.Builder settings = UsageLedger.builder(this.kept);
			settings.bufferSize = bufferSize;
			UsageWorker worker = new UsageWorker(settings, new EntryMaker(PRICES, TokenEstimator.byLength()),
					new EntryIds(), new AtomicLong());
			worker.offer(impossible);
			assertThat(worker.flush(LIMIT)).isTrue();
			assertThat(worker.state()).isEqualTo(new UsageLedgerState(0, 1, 0, 0, 1));
			worker.close(LIMIT);
		}
	}

	@Test
	void whatIsLeftWhereTheEndDoesNotWaitIsCountedAsLost() {
		CountDownLatch end = new CountDownLatch(1);
		UsageListener stuck = (entry) -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		};
		UsageLedger ledger = UsageLedger.builder(this.kept)
			.listeners(List.of(stuck))
			.shutdownTimeout(Duration.ofMillis(20))
			.build();
		try {
			client(ledger, (request) -> answer(complete(), "Hello")).prompt("Hi").stream().blockLast(LIMIT);
			ledger.close();
			ledger.close();
			assertThat(ledger.state()).isEqualTo(new UsageLedgerState(0, 2, 0, 0, 2));
		}
		finally {
			end.countDown();
		}
	}

	@Test
	void closingStoresWhatIsLeftAndLaterStreamsAreCountedAsLost() {
		UsageLedger ledger = ledger();
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		LlmStreamClient client = client(ledger, (request) -> answer(attempt, "Hello"));
		for (int i = 0; i < 100; i++) {
			client.prompt("Hi").stream().blockLast(LIMIT);
		}
		ledger.close();
		assertThat(this.kept.take()).hasSize(200);
		client.prompt("Hi").stream().blockLast(LIMIT);
		assertThat(ledger.state().lost()).isEqualTo(2);
		ledger.close();
	}

	@Test
	void entriesBeyondTheBufferAreAddedUpAndNotLost() {
		KeptEntries slow = this.kept;
		slow.fail(3);
		this.ledger = UsageLedger.builder(slow).prices(PRICES).bufferSize(4).batchSize(2).build();
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		LlmStreamClient client = client(this.ledger, (request) -> answer(attempt, "Hello"));
		for (int i = 0; i < 500; i++) {
			client.prompt("Hi").stream().blockLast(LIMIT);
		}
		UsageTotals totals = entries().stream().map(UsageTotals::of).reduce(UsageTotals.NONE, UsageTotals::plus);
		assertThat(totals.streams()).isEqualTo(500);
		assertThat(totals.attempts()).isEqualTo(500);
		assertThat(totals.inputTokens()).isEqualTo(5_000);
		assertThat(totals.cost()).isEqualByComparingTo("0.09");
		assertThat(totals.attemptTiming().timeToFirstToken()).isEqualTo(Duration.ofMillis(100));
		assertThat(this.ledger.state().merged()).isPositive();
		assertThat(this.ledger.state().pending()).isZero();
	}

	@Test
	void theClockIsThatOfTheLedger() {
		Instant time = Instant.parse("2026-03-14T15:09:26Z");
		this.ledger = UsageLedger.builder(this.kept).clock(() -> time).build();
		StreamAttempt attempt = attempt("openai", "m-1", StreamOutcome.End.COMPLETED, null, Usage.reported(10, 20), 2);
		client(this.ledger, (request) -> answer(attempt, "Hello")).prompt("Hi").stream().blockLast(LIMIT);
		assertThat(entries()).extracting(UsageEntry::time).containsOnly(time);
	}

	@Test
	void tokensAreCountedByTheTokenizerOfTheModel() {
		TokenEstimator estimator = new JTokkitTokenEstimator();
		String text = "Streaming tokens is fun.";
		assertThat(estimator.count("gpt-4o", text)).isEqualTo(5);
		assertThat(estimator.count("claude-x", text)).isEqualTo(5);
		assertThat(estimator.count(null, "")).isZero();
		assertThat(estimator.count("gpt-4", "word ".repeat(30_000))).isBetween(30_000L, 30_020L);
	}

}
