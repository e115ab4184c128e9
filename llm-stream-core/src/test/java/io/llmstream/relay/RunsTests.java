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

package io.llmstream.relay;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamFailure;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RunsTests {

	private static final RelaySettings RELAY = RelaySettings.defaults().withHeartbeat(Duration.ZERO);

	private static final RunSettings SETTINGS = RunSettings.defaults();

	private static final Duration GRACE = SETTINGS.grace();

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final TestPublisher<Token> tokens = TestPublisher.create();

	private final RelayTicker ticker = new RelayTicker(RELAY, this.time, () -> this.time.now(TimeUnit.NANOSECONDS));

	private Runs runs(RunSettings settings) {
		return new Runs(RELAY, settings, RelayErrorMapper.safe(), RunLogs.inMemory(RELAY, settings), this.time);
	}

	private Run start(RunSettings settings) {
		return runs(settings).start(this.tokens.flux(), "alice", Context.empty());
	}

	private FakeConnection watch(Run run, long after) {
		FakeConnection connection = new FakeConnection(run, after, this.ticker);
		connection.start(Context.empty());
		return connection;
	}

	private static Token text(String text) {
		return new Token.Text(text);
	}

	private static Token finish() {
		return new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null);
	}

	private static void assertStatus(int status, ThrowingCallable call) {
		assertThatExceptionOfType(ResponseStatusException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.getStatusCode().value()).isEqualTo(status));
	}

	@Test
	void runBeginsWithoutAConnectionAndItsAnswerIsReplayedMerged() {
		Run run = start(SETTINGS);
		this.tokens.next(text("a"), text("b"), new Token.Reasoning("r"), text("c"), finish());
		FakeConnection connection = watch(run, 0);
		assertThat(connection.events).extracting(RunEvent::seq).containsExactly(1L, 3L, 4L, 5L, 6L);
		assertThat(connection.texts()).containsExactly("ab", "r", "c");
		assertThat(run.state()).isEqualTo(RunState.DONE);
		assertThat(run.head()).isEqualTo(6);
	}

	@Test
	void everyReaderGetsEachCharacterOnce() {
		Run run = start(SETTINGS);
		FakeConnection one = watch(run, 0);
		this.tokens.next(text("a"), text("b"));
		FakeConnection two = watch(run, 0);
		two.busy = true;
		for (int i = 0; i < 100; i++) {
			this.tokens.next(text(Integer.toString(i % 10)));
			this.time.advanceTimeBy(Duration.ofMillis(7));
		}
		this.tokens.next(finish()).complete();
		two.free();
		String expected = "ab" + "0123456789".repeat(10);
		assertThat(String.join("", one.texts())).isEqualTo(expected);
		assertThat(String.join("", two.texts())).isEqualTo(expected);
		assertThat(one.last()).isEqualTo(two.last()).isInstanceOf(RunEvent.Done.class);
	}

	@Test
	void replayContinuesAfterEveryEventThatAReaderGot() {
		Run run = start(SETTINGS.withTimeToLive(Duration.ofHours(1)));
		FakeConnection first = watch(run, 0);
		StringBuilder all = new StringBuilder();
		for (int i = 0; i < 60; i++) {
			this.tokens.next(text(i + " "));
			all.append(i).append(' ');
			this.time.advanceTimeBy(Duration.ofMillis((i % 3) * 9));
		}
		this.tokens.next(finish()).complete();
		StringBuilder seen = new StringBuilder();
		for (RunEvent event : first.events) {
			seen.append((event instanceof RunEvent.Delta delta) ? delta.text() : "");
			FakeConnection again = watch(run, event.seq());
			assertThat(seen + String.join("", again.texts())).isEqualTo(all.toString());
			assertThat(again.last()).isEqualTo(first.last());
		}
		assertThat(first.events).hasSizeGreaterThan(10);
	}

	@Test
	void whatNobodyReadsIsMergedWithinTheLimitOfOneEntry() {
		Run run = start(SETTINGS);
		IntStream.range(0, 1_000).forEach((i) -> this.tokens.next(text("x".repeat(100))));
		this.tokens.next(finish());
		FakeConnection connection = watch(run, 0);
		assertThat(connection.texts()).hasSize(7);
		assertThat(String.join("", connection.texts())).hasSize(100_000);
	}

	@Test
	void stopEndsTheRunForAllReadersAndCancelsTheStream() {
		Run run = start(SETTINGS);
		FakeConnection one = watch(run, 0);
		FakeConnection two = watch(run, 0);
		this.tokens.next(text("partial"));
		assertThat(run.stop()).isTrue();
		assertThat(run.stop()).isFalse();
		this.tokens.assertCancelled(1);
		this.tokens.next(text("late"));
		for (FakeConnection connection : List.of(one, two, watch(run, 0))) {
			assertThat(connection.texts()).containsExactly("partial");
			assertThat(connection.last()).isEqualTo(new RunEvent.Aborted(3, "stopped"));
		}
		assertThat(run.state()).isEqualTo(RunState.ABORTED);
	}

	@Test
	void runEndsWhenNobodyComesBackInTime() {
		Run run = start(SETTINGS);
		FakeConnection connection = watch(run, 0);
		this.tokens.next(text("a"));
		connection.detach();
		this.time.advanceTimeBy(GRACE.minusMillis(1));
		this.tokens.assertWasNotCancelled();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		this.tokens.assertCancelled();
		assertThat(watch(run, 2).events).containsExactly(new RunEvent.Aborted(3, "disconnected"));
	}

	@Test
	void runThatNobodyEverWatchesEndsToo() {
		start(SETTINGS);
		this.time.advanceTimeBy(GRACE);
		this.tokens.assertCancelled();
	}

	@ParameterizedTest
	@EnumSource(value = DisconnectPolicy.class, names = { "CANCEL", "GRACE" })
	void firstBrowserMayTakeLongerThanTheGrace(DisconnectPolicy policy) {
		Run run = start(SETTINGS.withOnDisconnect(policy, Duration.ZERO));
		run.onDisconnect(policy, Duration.ofMillis(1));
		this.time.advanceTimeBy(RunWatch.FIRST_BROWSER.minusMillis(1));
		assertThat(run.state()).isEqualTo(RunState.RUNNING);
		FakeConnection connection = watch(run, 0);
		this.time.advanceTimeBy(GRACE.multipliedBy(2));
		this.tokens.assertWasNotCancelled();
		connection.detach();
		this.time.advanceTimeBy((policy == DisconnectPolicy.CANCEL) ? Duration.ZERO : Duration.ofMillis(1));
		assertThat(run.state()).isEqualTo(RunState.ABORTED);
		this.tokens.assertCancelled();
	}

	@ParameterizedTest
	@EnumSource(value = DisconnectPolicy.class, names = { "CANCEL", "GRACE" })
	void firstBrowserIsNotWaitedForForEver(DisconnectPolicy policy) {
		start(SETTINGS.withOnDisconnect(policy, Duration.ZERO));
		this.time.advanceTimeBy(RunWatch.FIRST_BROWSER);
		this.tokens.assertCancelled();
	}

	@Test
	void browserThatComesBackKeepsTheRunAlive() {
		Run run = start(SETTINGS);
		FakeConnection first = watch(run, 0);
		this.tokens.next(text("a"));
		first.detach();
		this.time.advanceTimeBy(GRACE.dividedBy(2));
		FakeConnection second = watch(run, 2);
		this.time.advanceTimeBy(GRACE.multipliedBy(3));
		this.tokens.assertWasNotCancelled();
		this.tokens.next(text("b"));
		assertThat(second.texts()).containsExactly("b");
		assertThat(first.texts()).containsExactly("a");
		second.detach();
		this.time.advanceTimeBy(GRACE);
		this.tokens.assertCancelled();
	}

	@Test
	void oneOfTwoBrowsersThatLeavesChangesNothing() {
		Run run = start(SETTINGS.withOnDisconnect(DisconnectPolicy.CANCEL, GRACE));
		FakeConnection one = watch(run, 0);
		FakeConnection two = watch(run, 0);
		one.detach();
		one.detach();
		this.tokens.assertWasNotCancelled();
		two.detach();
		this.tokens.assertCancelled();
		assertThat(run.state()).isEqualTo(RunState.ABORTED);
	}

	@Test
	void runThatMayContinueGoesOnWithoutAnybody() {
		Run run = start(SETTINGS.withOnDisconnect(DisconnectPolicy.CONTINUE, GRACE));
		watch(run, 0).detach();
		this.time.advanceTimeBy(Duration.ofHours(1));
		this.tokens.next(text("a"), finish()).complete();
		assertThat(watch(run, 0).texts()).containsExactly("a");
		this.tokens.assertWasNotCancelled();
	}

	@Test
	void browserThatIsGivenUpLeavesTheRunToOthers() {
		RelaySettings relay = RELAY.withWriteTimeout(Duration.ofSeconds(8));
		Run run = new Runs(relay, SETTINGS, RelayErrorMapper.safe(), RunLogs.inMemory(relay, SETTINGS), this.time)
			.start(this.tokens.flux(), null, Context.empty());
		FakeConnection stalled = watch(run, 0);
		FakeConnection healthy = watch(run, 0);
		stalled.busy = true;
		this.tokens.next(text("a"));
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(stalled.abandoned).isEqualTo(1);
		this.tokens.next(text("b"));
		assertThat(healthy.texts()).containsExactly("a", "b");
	}

	@Test
	void runThatIsTooLongEndsWithTheLimit() {
		Run run = start(SETTINGS.withMaxRunSize(10_000));
		FakeConnection connection = watch(run, 0);
		IntStream.range(0, 200).forEach((i) -> this.tokens.next(text("x".repeat(100))));
		this.tokens.assertCancelled(1);
		RunEvent.Failed failed = (RunEvent.Failed) connection.last();
		assertThat(failed.error()).isEqualTo(RelayError.LIMIT);
		assertThat(failed.partial()).isTrue();
		int length = String.join("", connection.texts()).length();
		assertThat(length).isBetween(5_000, 10_000);
		assertThat(failed.seq()).isEqualTo(length / 100 + 2);
	}

	@Test
	void runWhoseLogHasNoRoomEvenForItsStartEndsWithTheLimit() {
		Runs runs = new Runs(RELAY, SETTINGS, RelayErrorMapper.safe(), (id, owner) -> new MemoryLog(16, 1), this.time);
		Run run = runs.start(this.tokens.flux(), "alice", Context.empty());
		assertThat(runs.active()).isZero();
		assertThat(run.state()).isEqualTo(RunState.ERROR);
		assertThat(watch(run, 0).events).containsExactly(new RunEvent.Failed(1, RelayError.LIMIT, false));
		this.tokens.assertWasNotSubscribed();
		this.time.advanceTimeBy(SETTINGS.timeToLive());
		assertStatus(404, () -> runs.get(run.id(), "alice"));
	}

	@Test
	void limitThatLeavesNoRoomForAnAnswerIsRejected() {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> SETTINGS.withMaxRunSize(1_023));
		assertThat(SETTINGS.withMaxRunSize(1_024).maxRunSize()).isEqualTo(1_024);
	}

	@Test
	void providerIsNeverHeldUpByASlowBrowser() {
		long[] emitted = new long[1];
		Run run = runs(SETTINGS).start(Flux.range(0, 20_000)
			.<Token>map((i) -> text("x".repeat(100)))
			.doOnNext((token) -> emitted[0]++)
			.concatWithValues(finish()), null, Context.empty());
		assertThat(emitted[0]).isEqualTo(20_000);
		assertThat(run.state()).isEqualTo(RunState.DONE);
	}

	@ParameterizedTest
	@EnumSource(names = { "TRUNCATED", "RATE_LIMITED" })
	void failureIsReplayed(ErrorKind kind) {
		Run run = start(SETTINGS);
		this.tokens.next(text("a")).error(StreamFailure.of(kind, "acme", "secret").toException());
		assertThat(run.state()).isEqualTo(RunState.ERROR);
		assertThat(watch(run, 2).events).hasSize(1).allMatch(RunEvent::terminal);
	}

	@Test
	void readerThatHasEverythingGetsTheLastEventAgain() {
		Run run = start(SETTINGS);
		this.tokens.next(text("a"), finish());
		assertThat(watch(run, 3).events).extracting(RunEvent::seq).containsExactly(3L);
	}

	@Test
	void endedRunCanBeReadUntilItsTimeIsOver() {
		Runs runs = runs(SETTINGS);
		Run run = runs.start(this.tokens.flux(), "alice", Context.empty());
		this.tokens.next(finish());
		this.time.advanceTimeBy(SETTINGS.timeToLive().minusMillis(1));
		assertThat(runs.get(run.id(), "alice")).isSameAs(run);
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertStatus(404, () -> runs.get(run.id(), "alice"));
	}

	@Test
	void runIsFoundOnlyByItsOwner() {
		Runs runs = runs(SETTINGS);
		Run alices = runs.start(Flux.never(), "alice", Context.empty());
		Run nobodys = runs.start(Flux.never(), null, Context.empty());
		assertThat(runs.find(alices.id(), "alice")).containsSame(alices);
		assertThat(runs.find(nobodys.id(), null)).containsSame(nobodys);
		assertStatus(404, () -> runs.get(alices.id(), "bob"));
		assertStatus(404, () -> runs.get(alices.id(), null));
		assertStatus(404, () -> runs.get(nobodys.id(), "bob"));
		assertStatus(404, () -> runs.get("unknown", "alice"));
	}

	@Test
	void numberOfRunsIsLimitedPerOwnerAndInTotal() {
		Runs runs = runs(SETTINGS.withMaxRuns(3, 2));
		Run first = runs.start(Flux.never(), "alice", Context.empty());
		runs.start(Flux.never(), "alice", Context.empty());
		assertStatus(429, () -> runs.start(this.tokens.flux(), "alice", Context.empty()));
		runs.start(Flux.never(), "bob", Context.empty());
		assertStatus(503, () -> runs.start(this.tokens.flux(), null, Context.empty()));
		this.tokens.assertWasNotSubscribed();
		assertThat(runs.active()).isEqualTo(3);
		first.stop();
		assertThat(runs.active()).isEqualTo(2);
		runs.start(this.tokens.flux(), "alice", Context.empty());
		this.tokens.assertWasSubscribed();
	}

	@Test
	void closingEndsAllRunsAndStartsNoMore() {
		Runs runs = runs(SETTINGS);
		Run run = runs.start(this.tokens.flux(), null, Context.empty());
		FakeConnection connection = watch(run, 0);
		runs.close();
		this.tokens.assertCancelled();
		assertThat(connection.last()).isEqualTo(new RunEvent.Failed(2, RelayError.SHUTDOWN, false));
		assertThat(runs.active()).isZero();
		assertStatus(503, () -> runs.start(Flux.never(), null, Context.empty()));
	}

	@Test
	void policyOfARunGoesBeforeThatOfAll() {
		Runs runs = runs(SETTINGS.withOnDisconnect(DisconnectPolicy.CANCEL, GRACE));
		Run run = runs.start(this.tokens.flux(), null, Context.empty(), RunOptions.grace(Duration.ofSeconds(5)));
		watch(run, 0).detach();
		this.time.advanceTimeBy(Duration.ofMillis(4_999));
		this.tokens.assertWasNotCancelled();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		this.tokens.assertCancelled();
	}

	@Test
	void policyCanChangeWhileNobodyWatches() {
		Run run = start(SETTINGS);
		run.onDisconnect(DisconnectPolicy.CONTINUE, null);
		this.time.advanceTimeBy(GRACE.multipliedBy(2));
		this.tokens.assertWasNotCancelled();
		run.onDisconnect(DisconnectPolicy.GRACE, Duration.ofSeconds(3));
		this.time.advanceTimeBy(Duration.ofSeconds(3));
		this.tokens.assertCancelled();
	}

	@Test
	void keyOfAnOwnerStartsOneRunUntilThatIsForgotten() {
		Runs runs = runs(SETTINGS.withMaxRuns(10, 2));
		RunOptions options = RunOptions.none().withIdempotencyKey("k");
		Run run = runs.start(this.tokens.flux(), "alice", Context.empty(), options);
		Flux<Token> untouched = Flux.error(new AssertionError("subscribed to"));
		for (int i = 0; i < 5; i++) {
			assertThat(runs.start(untouched, "alice", Context.empty(), options)).isSameAs(run);
		}
		assertThat(runs.active()).isEqualTo(1);
		assertThat(runs.started("k", "alice")).containsSame(run);
		assertThat(runs.started("k", "bob")).isEmpty();
		assertThat(runs.start(Flux.never(), "bob", Context.empty(), options)).isNotSameAs(run);
		this.tokens.next(finish());
		this.time.advanceTimeBy(SETTINGS.timeToLive());
		assertThat(runs.started("k", "alice")).isEmpty();
		assertThat(runs.start(Flux.never(), "alice", Context.empty(), options)).isNotSameAs(run);
	}

	@Test
	void startThatFailsLeavesNoKeyBehind() {
		Runs runs = runs(SETTINGS.withMaxRuns(5, 1));
		Run first = runs.start(Flux.never(), "alice", Context.empty());
		RunOptions options = RunOptions.none().withIdempotencyKey("k");
		assertStatus(429, () -> runs.start(Flux.never(), "alice", Context.empty(), options));
		assertThat(runs.started("k", "alice")).isEmpty();
		first.stop();
		assertThat(runs.start(Flux.never(), "alice", Context.empty(), options).state()).isEqualTo(RunState.RUNNING);
	}

	@Test
	void startThatABudgetHasNoRoomForIsRefusedAndLeavesNothingBehind() {
		Runs runs = runs(SETTINGS.withMaxRuns(1, 1));
		RunOptions options = RunOptions.none().withIdempotencyKey("k");
		Flux<Token> refused = Flux.error(StreamFailure.of(ErrorKind.BUDGET_EXCEEDED, "acme", "secret")
			.said(null, null, Duration.ofMillis(1_001))
			.toException());
		assertThatExceptionOfType(RunRefusedException.class)
			.isThrownBy(() -> runs.start(refused, "alice", Context.empty(), options))
			.withMessageNotContaining("secret")
			.satisfies((ex) -> assertThat(ex.getStatusCode().value()).isEqualTo(429))
			.satisfies((ex) -> assertThat(ex.getHeaders().getFirst("Retry-After")).isEqualTo("2"));
		assertThat(runs.started("k", "alice")).isEmpty();
		assertThat(runs.active()).isZero();
		assertThat(runs.start(this.tokens.flux(), "alice", Context.empty(), options).state())
			.isEqualTo(RunState.RUNNING);
	}

	@Test
	void answerThatUsesUpABudgetEndsWithAnErrorEvent() {
		Run run = start(SETTINGS);
		this.tokens.next(text("a")).error(StreamFailure.of(ErrorKind.BUDGET_EXCEEDED, "acme", "secret").toException());
		assertThat(run.state()).isEqualTo(RunState.ERROR);
		run.begin(Context.empty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "nineteen characters" })
	void keyThatStrangersCouldShareIsABadRequest(String key) {
		Runs runs = runs(SETTINGS);
		RunOptions options = RunOptions.none().withIdempotencyKey(key);
		assertStatus(400, () -> runs.start(this.tokens.flux(), null, Context.empty(), options));
		this.tokens.assertWasNotSubscribed();
	}

	@Test
	void runThatNobodyWatchedCanBeTakenBack() {
		Runs runs = runs(SETTINGS);
		Run watched = runs.start(Flux.never(), null, Context.empty());
		watch(watched, 0);
		runs.discard(watched);
		assertThat(watched.state()).isEqualTo(RunState.RUNNING);
		Run run = runs.start(this.tokens.flux(), null, Context.empty());
		runs.discard(run);
		this.tokens.assertCancelled();
		assertThat(runs.find(run.id(), null)).isEmpty();
		assertThat(runs.active()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "a, 1", "é, 2", "語, 3", "😀, 4" })
	void sizeOfARunIsInBytes(String character, int bytes) {
		Run run = start(SETTINGS.withMaxRunSize(32 + 32 + 1_000L * bytes));
		this.tokens.next(text(character.repeat(1_000)));
		assertThat(run.state()).isEqualTo(RunState.RUNNING);
		this.tokens.next(text(character.substring(0, 1)));
		assertThat(run.state()).isEqualTo(RunState.ERROR);
	}

	@Test
	void drainedRunsGoOnAndNewOnesAreRefused() {
		Runs runs = runs(SETTINGS);
		Run run = runs.start(this.tokens.flux(), "alice", Context.empty());
		assertThat(runs.unattended()).isZero();
		run.onDisconnect(DisconnectPolicy.CONTINUE, null);
		assertThat(runs.unattended()).isEqualTo(1);
		runs.drain();
		assertStatus(503, () -> runs.start(Flux.never(), "alice", Context.empty()));
		FakeConnection connection = watch(runs.get(run.id(), "alice"), 0);
		this.tokens.next(text("a"), finish());
		assertThat(connection.last()).isInstanceOf(RunEvent.Done.class);
		assertThat(runs.unattended()).isZero();
	}

	@Test
	void browsersOfRunsThatOthersShareAreSentAwayAndTheRunsGoOn() {
		Run run = start(SETTINGS);
		Run bound = runs(SETTINGS.withOnDisconnect(DisconnectPolicy.CANCEL, GRACE)).start(Flux.never(), null,
				Context.empty());
		FakeConnection leaving = watch(run, 0);
		FakeConnection staying = watch(bound, 0);
		this.ticker.handOver();
		assertThat(leaving.farewells).isEqualTo(1);
		assertThat(staying.farewells).isZero();
		leaving.detach();
		this.tokens.next(text("a"), finish());
		assertThat(run.state()).isEqualTo(RunState.DONE);
		assertThat(watch(run, 1).texts()).containsExactly("a");
	}

	@Test
	void idsAreRandomAndDiffer() {
		Runs runs = runs(SETTINGS);
		Set<String> ids = IntStream.range(0, 1_000)
			.mapToObj((i) -> runs.start(Flux.empty(), null, Context.empty()).id())
			.collect(Collectors.toCollection(HashSet::new));
		assertThat(ids).hasSize(1_000).allMatch((id) -> id.matches("[0-9a-f]{32}"));
	}

}
