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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamFailure;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

class RunTests {

	private static final Duration WINDOW = Duration.ofMillis(20);

	private static final RelaySettings SETTINGS = RelaySettings.defaults()
		.withHeartbeat(Duration.ZERO)
		.withCoalescing(WINDOW, 16 * 1024);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final TestPublisher<Token> tokens = TestPublisher.create();

	private FakeConnection connect(RelaySettings settings) {
		return connect(settings, this.tokens.flux(), RelayErrorMapper.safe());
	}

	private FakeConnection connect(RelaySettings settings, Flux<? extends Token> flux, RelayErrorMapper errors) {
		RelayTicker ticker = new RelayTicker(settings, this.time, () -> this.time.now(TimeUnit.NANOSECONDS));
		FakeConnection connection = new FakeConnection(new Run(flux, settings, errors), ticker);
		connection.start(Context.of("key", "value"));
		return connection;
	}

	private static Token text(String text) {
		return new Token.Text(text);
	}

	private static Token finish() {
		return new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null);
	}

	private void later(Duration delay) {
		this.time.advanceTimeBy(delay);
	}

	@Test
	void firstTokenGoesAtOnceAndLaterOnesWaitForTheWindow() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(text("a"));
		assertThat(connection.texts()).containsExactly("a");
		later(Duration.ofMillis(5));
		this.tokens.next(text("b"), text("c"));
		later(Duration.ofMillis(14));
		assertThat(connection.texts()).containsExactly("a");
		later(Duration.ofMillis(1));
		assertThat(connection.texts()).containsExactly("a", "bc");
	}

	@Test
	void aProtocolWithoutAWordForAResetTellsItAsAFailure() {
		FakeConnection connection = connect(SETTINGS);
		connection.resets = false;
		this.tokens.next(text("a"), new Token.Reset("again"));
		assertThat(connection.last())
			.isEqualTo(new RunEvent.Failed(3, new RelayError("truncated", "The answer broke off.", true), true));
	}

	@Test
	void aResetBeforeContentIsNotToldToAProtocolWithoutAWordForIt() {
		FakeConnection connection = connect(SETTINGS);
		connection.resets = false;
		this.tokens.next(new Token.Reset("again"), text("b"), finish());
		assertThat(connection.events).extracting(RunEvent::seq).containsExactly(1L, 3L, 4L);
	}

	@Test
	void aResetOfAStepThatSaidNothingIsNotToldToAProtocolWithoutAWordForIt() {
		FakeConnection connection = connect(SETTINGS);
		connection.resets = false;
		this.tokens.next(text("a"), new Token.StepStart(2), new Token.Reset("again"), text("b"),
				new Token.Reset("again"));
		assertThat(connection.texts()).containsExactly("a", "b");
		assertThat(connection.last())
			.isEqualTo(new RunEvent.Failed(6, new RelayError("truncated", "The answer broke off.", true), true));
	}

	@Test
	void operatorReadsInOneLineWhyAnAnswerFailed() {
		Logger logger = (Logger) LoggerFactory.getLogger(Run.class);
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		logger.addAppender(lines);
		try {
			connect(SETTINGS);
			this.tokens.next(text("the answer"));
			this.tokens.error(StreamFailure.of(ErrorKind.AUTHENTICATION, "openai", "the API key is not accepted")
				.model("gpt-4o")
				.partial("the answer", Usage.NONE, null)
				.toException());
		}
		finally {
			logger.detachAppender(lines);
		}
		assertThat(lines.list).singleElement().satisfies((line) -> {
			assertThat(line.getLevel()).isEqualTo(Level.WARN);
			assertThat(line.getFormattedMessage()).endsWith("failed: openai (gpt-4o): the API key is not accepted");
			assertThat(line.getThrowableProxy()).isNull();
		});
	}

	@Test
	void tokenThatComesAloneAfterTheWindowGoesAtOnce() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(text("a"));
		later(WINDOW);
		this.tokens.next(text("b"));
		later(WINDOW);
		this.tokens.next(text("c"));
		assertThat(connection.texts()).containsExactly("a", "b", "c");
	}

	@Test
	void firstTokenOfAnotherKindGoesAtOnceWithWhatWaits() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(new Token.Reasoning("r"), new Token.Reasoning("s"), text("a"));
		assertThat(connection.texts()).containsExactly("r", "s", "a");
		this.tokens.next(new Token.ToolCall(0, "i", "n", "{}"));
		assertThat(connection.last()).isInstanceOf(RunEvent.Whole.class);
	}

	@Test
	void onlyPiecesOfTheSameKindAndTheSameCallAreMerged() {
		FakeConnection connection = connect(SETTINGS);
		connection.busy = true;
		this.tokens.next(text("a"), text("b"), new Token.Reasoning("r"), text("c"),
				new Token.ToolCallDelta(0, "i", "n", ""), new Token.ToolCallDelta(0, null, null, "{"),
				new Token.ToolCallDelta(0, null, null, "}"), new Token.ToolCallDelta(1, "j", "n", "{}"));
		connection.free();
		assertThat(connection.texts()).containsExactly("ab", "r", "c", "{}", "{}");
		assertThat(connection.events).extracting(RunEvent::seq).containsExactly(1L, 3L, 4L, 5L, 8L, 9L);
	}

	@Test
	void mergedPiecesOfTheLimitAreWrittenAtOnce() {
		FakeConnection connection = connect(SETTINGS.withCoalescing(WINDOW, 100));
		this.tokens.next(text("a"), text("b".repeat(50)));
		assertThat(connection.texts()).hasSize(1);
		this.tokens.next(text("b".repeat(50)));
		assertThat(connection.texts()).containsExactly("a", "b".repeat(100));
	}

	@Test
	void withoutAWindowEveryTokenGoesAtOnce() {
		FakeConnection connection = connect(SETTINGS.withCoalescing(Duration.ZERO, 100));
		this.tokens.next(text("a"), text("b"), text("c"));
		assertThat(connection.texts()).containsExactly("a", "b", "c");
	}

	@Test
	void demandStopsAtTheLagAndGoesOnWhenTheConnectionCatchesUp() {
		int size = 100;
		List<Long> asked = new ArrayList<>();
		long[] emitted = new long[1];
		int lag = 10_000;
		Flux<Token> endless = Flux.range(0, 100_000)
			.map((i) -> text("x".repeat(size)))
			.doOnRequest(asked::add)
			.doOnNext((token) -> emitted[0]++);
		FakeConnection connection = new FakeConnection(
				new Run(endless, SETTINGS.withMaxLag(lag).withMaxBatch(lag), RelayErrorMapper.safe()),
				new RelayTicker(SETTINGS, this.time, () -> this.time.now(TimeUnit.NANOSECONDS)));
		connection.busy = true;
		connection.start(Context.empty());
		long most = lag / size + Run.PREFETCH;
		assertThat(emitted[0]).isBetween(lag / size - 1L, most);
		assertThat(asked).allMatch((n) -> n <= Run.PREFETCH);
		long arrived = 0;
		for (int i = 0; i < 200 && arrived < 5_000; i++) {
			connection.step();
			arrived = connection.texts().stream().mapToLong(String::length).sum() / size;
			assertThat(emitted[0] - arrived).isBetween(1L, most);
			later(WINDOW);
		}
		assertThat(arrived).isGreaterThanOrEqualTo(5_000);
	}

	@Test
	void finishIsTheOnlyTerminalEvent() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(text("a"), finish());
		assertThat(connection.last()).isInstanceOf(RunEvent.Done.class);
		this.tokens.complete();
		this.tokens.assertWasNotCancelled();
		assertThat(connection.events).filteredOn(RunEvent::terminal).hasSize(1);
	}

	@Test
	void completionWithoutFinishIsDoneWithoutAReason() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(text("a")).complete();
		assertThat(connection.last()).isEqualTo(new RunEvent.Done(3, null));
	}

	@Test
	void tokensAfterFinishAreDroppedAndTheirStreamCancelled() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(finish()).next(text("more")).next(text("more"));
		this.tokens.assertCancelled();
		assertThat(connection.texts()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(ErrorKind.class)
	void everyKindOfErrorHasACodeAndNamesNothing(ErrorKind kind) {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.error(StreamFailure.of(kind, "acme", "secret").toException());
		RunEvent.Failed failed = (RunEvent.Failed) connection.last();
		assertThat(failed.error().code()).isEqualTo(kind.name().toLowerCase().replace('_', '-'));
		assertThat(failed.error().message()).isNotBlank().doesNotContain("acme").doesNotContain("secret");
		assertThat(failed.error().retryable()).isEqualTo(kind.isTransient());
		assertThat(failed.partial()).isFalse();
	}

	@Test
	void answerIsNotPartialAfterAResetUntilMoreComes() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(text("a"), new Token.Reset("again")).error(new IllegalStateException());
		assertThat(((RunEvent.Failed) connection.last()).partial()).isFalse();
	}

	@Test
	void answerIsPartialAfterAResetOfALaterStep() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(text("a"), new Token.StepStart(2), text("b"), new Token.Reset("again"))
			.error(new IllegalStateException());
		assertThat(((RunEvent.Failed) connection.last()).partial()).isTrue();
	}

	@Test
	void aStepIsToldAtOnceAndSoIsItsFirstToken() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(text("a"), new Token.StepStart(2), text("b"));
		assertThat(connection.texts()).containsExactly("a", "b");
		assertThat(connection.events).extracting(RunEvent::seq).containsExactly(1L, 2L, 3L, 4L);
	}

	@Test
	void errorMapperThatFailsTellsNothing() {
		FakeConnection connection = connect(SETTINGS, this.tokens.flux(), (failure) -> {
			throw new IllegalArgumentException("mapper");
		});
		this.tokens.error(new IllegalStateException());
		assertThat(((RunEvent.Failed) connection.last()).error()).isEqualTo(RelayError.INTERNAL);
	}

	@Test
	void detachingCancelsTheStreamOnceAndFreesTheLog() {
		FakeConnection connection = connect(SETTINGS);
		connection.busy = true;
		this.tokens.next(text("a"));
		assertThat(connection.detach()).isTrue();
		assertThat(connection.detach()).isFalse();
		this.tokens.assertCancelled(1);
		connection.free();
		assertThat(connection.events).extracting(RunEvent::seq).containsExactly(1L);
	}

	@Test
	void endingARunDeliversTheErrorAndCancelsTheStream() {
		FakeConnection connection = connect(SETTINGS);
		this.tokens.next(text("a"));
		connection.run().end(RelayError.SHUTDOWN);
		this.tokens.assertCancelled();
		assertThat(connection.last()).isEqualTo(new RunEvent.Failed(3, RelayError.SHUTDOWN, true));
	}

	@Test
	void runThatWasEndedBeforeItsStartAsksNobodyAndEndsItsConnection() {
		RelayTicker ticker = new RelayTicker(SETTINGS, this.time, () -> this.time.now(TimeUnit.NANOSECONDS));
		FakeConnection connection = new FakeConnection(new Run(this.tokens.flux(), SETTINGS, RelayErrorMapper.safe()),
				ticker);
		ticker.close();
		connection.start(Context.empty());
		assertThat(connection.events).containsExactly(new RunEvent.Failed(1, RelayError.SHUTDOWN, false));
		this.tokens.assertWasNotSubscribed();
	}

	@Test
	void heartbeatIsDueAfterSilenceOnly() {
		FakeConnection connection = connect(RelaySettings.defaults().withHeartbeat(Duration.ofSeconds(4)));
		later(Duration.ofSeconds(3));
		this.tokens.next(text("a"));
		later(Duration.ofSeconds(3));
		assertThat(connection.heartbeats).isZero();
		later(Duration.ofSeconds(1));
		assertThat(connection.heartbeats).isEqualTo(1);
		later(Duration.ofSeconds(4));
		assertThat(connection.heartbeats).isEqualTo(2);
	}

	@Test
	void connectionThatFailsAtItsTickKeepsNoOtherFromItsHeartbeat() {
		RelaySettings settings = RelaySettings.defaults().withHeartbeat(Duration.ofSeconds(4));
		RelayTicker ticker = new RelayTicker(settings, this.time, () -> this.time.now(TimeUnit.NANOSECONDS));
		List<FakeConnection> connections = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			FakeConnection connection = new FakeConnection(new Run(Flux.never(), settings, RelayErrorMapper.safe()),
					ticker);
			connection.tickFailure = (i < 4) ? new NoClassDefFoundError("on purpose") : null;
			connection.start(Context.empty());
			connections.add(connection);
		}
		later(Duration.ofSeconds(4));
		assertThat(connections).extracting((connection) -> connection.heartbeats)
			.containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
	}

	@Test
	void browserThatAcceptsNothingIsGivenUpAfterTheWriteTimeout() {
		FakeConnection connection = connect(SETTINGS.withWriteTimeout(Duration.ofSeconds(8)));
		connection.busy = true;
		this.tokens.next(text("a"));
		later(Duration.ofSeconds(7));
		assertThat(connection.abandoned).isZero();
		later(Duration.ofSeconds(3));
		assertThat(connection.abandoned).isEqualTo(1);
		this.tokens.assertCancelled();
	}

	@Test
	void subscriptionHasTheConnectionsContext() {
		Sinks.One<String> seen = Sinks.one();
		connect(SETTINGS, Flux.deferContextual((context) -> {
			seen.tryEmitValue(context.get("key"));
			return Flux.empty();
		}), RelayErrorMapper.safe());
		assertThat(seen.asMono().block(Duration.ofSeconds(1))).isEqualTo("value");
	}

}
