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

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamFailure;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.relay.Events.Event;
import io.llmstream.relay.protocol.EventEncoder;
import io.llmstream.relay.protocol.NativeProtocol;
import io.llmstream.relay.protocol.RelayProtocol;
import io.llmstream.relay.protocol.WireBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What both web stacks must do alike, over real HTTP.
 */
public abstract class AbstractRelayHttpTests {

	private static final Duration LONG = Duration.ofSeconds(10);

	private static final RelaySettings QUIET = RelaySettings.defaults().withHeartbeat(Duration.ZERO);

	private @Nullable RelayServer server;

	protected abstract RelayServer start(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol);

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.close();
		}
	}

	protected final RelayServer serve(RelaySettings settings, Supplier<Flux<Token>> tokens) {
		this.server = start(settings, tokens, new NativeProtocol());
		return this.server;
	}

	private RawClient get(RelaySettings settings, Supplier<Flux<Token>> tokens) {
		return RawClient.get(serve(settings, tokens).port(), "/tokens");
	}

	protected static Token text(String text) {
		return new Token.Text(text);
	}

	protected static Token finish() {
		return new Token.Finish(FinishReason.STOP, "stop", Usage.reported(3, 5), "r1", "m1");
	}

	public static Flux<Token> stalling(AtomicLong emitted) {
		return Flux.range(0, 100_000)
			.<Token>map((i) -> text(String.format("%07d", i) + "x".repeat(93)))
			.doOnNext((token) -> emitted.incrementAndGet())
			.concatWithValues(finish());
	}

	@Test
	void headersAreThoseOfAnEventStreamThatNobodyBuffers() {
		try (RawClient client = get(QUIET, () -> Flux.just(text("a"), finish()))) {
			assertThat(client.status()).isEqualTo(200);
			assertThat(client.header("content-type")).isEqualToIgnoringCase("text/event-stream;charset=UTF-8");
			assertThat(client.header("cache-control")).isEqualTo("no-cache, no-transform");
			assertThat(client.header("x-accel-buffering")).isEqualTo("no");
			assertThat(client.header("x-content-type-options")).isEqualTo("nosniff");
			assertThat(client.rest()).startsWith("retry: 1000\n: ok\n\n");
		}
	}

	@Test
	void everyKindOfEventArrivesInOrderWithItsNumberAndNothingFollowsTheLast() {
		Flux<Token> tokens = Flux.just(new Token.Reasoning("hm"), new Token.ReplayState("d", "signature", "{}"),
				text("let me see"), new Token.ToolCallDelta(0, "c1", "weather", ""),
				new Token.ToolCallDelta(0, null, null, "{}"), new Token.ToolCall(0, "c1", "weather", "{}"),
				new Token.ToolResult("c1", "weather", "sunny", false), new Token.StepStart(2),
				new Token.Other("ping", "{}"), new Token.Citation("https://example.com", null, "q", "{}"),
				new Token.Reset("again"), new Token.Refusal("no"), finish());
		try (RawClient client = get(QUIET, () -> tokens)) {
			List<Event> events = Events.parse(client.rest());
			assertThat(Events.names(events)).containsExactly("start", "delta", "delta", "delta", "tool_call",
					"tool_result", "step", "citation", "reset", "delta", "done");
			assertThat(events).extracting(Event::id).containsExactly(1L, 2L, 3L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
			assertThat(events.get(6).data().toString()).isEqualTo("{\"step\":2}");
			Event done = events.get(10);
			assertThat(done.data().toString())
				.isEqualTo("{\"finishReason\":\"stop\",\"usage\":{\"input\":3,\"output\":5,\"cached\":0,"
						+ "\"reasoning\":0},\"model\":\"m1\",\"responseId\":\"r1\"}");
		}
	}

	@Test
	void textArrivesUnchanged() {
		List<String> pieces = List.of(" leading", "\n\nlines\r\n", "trailing  ", "\t\"quoted\" \\ back",
				"emoji \ud83d\udc69\u200d\ud83d\udcbb", "half \ud83d", "\udc4d half", "\u05e9\u05dc\u05d5\u05dd \u202b",
				"\u0000\u001f\u007f\u2028\u2029", "data: x", "\ufeff");
		Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();
		try (RawClient client = get(QUIET.withCoalescing(Duration.ZERO, 1), sink::asFlux)) {
			StringBuilder expected = new StringBuilder();
			StringBuilder raw = new StringBuilder();
			for (String piece : pieces) {
				sink.tryEmitNext(text(piece));
				expected.append(piece);
			}
			sink.tryEmitNext(finish());
			sink.tryEmitComplete();
			raw.append(client.rest());
			assertThat(Events.text(Events.parse(raw.toString()))).isEqualTo(expected.toString());
		}
	}

	@Test
	void tokenThatComesAloneIsOneChunkAtOnce() {
		Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();
		try (RawClient client = get(QUIET.withCoalescing(Duration.ofMinutes(5), 16 * 1024), sink::asFlux)) {
			client.until("event: start");
			sink.tryEmitNext(text("first"));
			assertThat(client.chunk()).startsWith("id: 2\nevent: delta\n").contains("first").endsWith("}\n\n");
			sink.tryEmitNext(text("second"));
			sink.tryEmitNext(new Token.ToolCall(0, "c", "t", "{}"));
			assertThat(Events.names(Events.parse(client.chunk()))).containsExactly("delta", "tool_call");
			sink.tryEmitNext(finish());
			assertThat(client.chunk()).startsWith("id: 5\nevent: done\n");
			sink.tryEmitComplete();
			assertThat(client.chunk()).isNull();
		}
	}

	@Test
	void tokensWithinTheWindowAreMergedAndCarryTheLastNumber() {
		Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();
		try (RawClient client = get(QUIET.withCoalescing(Duration.ofMillis(600), 16 * 1024), sink::asFlux)) {
			client.until("event: start");
			sink.tryEmitNext(text("a"));
			client.until("event: delta");
			for (String piece : List.of(" b", " c", " d")) {
				sink.tryEmitNext(text(piece));
			}
			List<Event> merged = Events.parse(client.chunk());
			assertThat(merged).hasSize(1);
			assertThat(merged.get(0).id()).isEqualTo(5);
			assertThat(Events.text(merged)).isEqualTo(" b c d");
		}
	}

	@Test
	void silenceIsFilledWithHeartbeats() {
		try (RawClient client = get(RelaySettings.defaults().withHeartbeat(Duration.ofMillis(50)), Flux::never)) {
			client.until("event: start");
			assertThat(client.chunk()).isEqualTo(": hb\n\n");
			assertThat(client.chunk()).isEqualTo(": hb\n\n");
		}
	}

	@Test
	void slowReaderStopsTheDemandAndStillGetsEverything() {
		AtomicLong emitted = new AtomicLong();
		int lag = 256 * 1024;
		try (RawClient client = get(QUIET.withMaxLag(lag).withWriteTimeout(Duration.ZERO), () -> stalling(emitted))) {
			long stalled = awaitStall(emitted);

			// What waits in the log, in one batch, and in the buffers of two sockets.
			assertThat(stalled * 100).isLessThan(lag + 2 * 1024 * 1024);
			List<Event> events = Events.parse(client.rest());
			StringBuilder expected = new StringBuilder();
			IntStream.range(0, 100_000)
				.forEach((i) -> expected.append(String.format("%07d", i)).append("x".repeat(93)));
			assertThat(Events.text(events).contentEquals(expected)).isTrue();
			assertThat(events.get(events.size() - 1).name()).isEqualTo("done");
			assertThat(events.get(events.size() - 1).id()).isEqualTo(100_002);
			assertThat(events.size()).isLessThan(20_000);
		}
	}

	public static long awaitStall(AtomicLong emitted) {
		AtomicLong last = new AtomicLong(-1);
		await().atMost(LONG)
			.pollInterval(Duration.ofMillis(300))
			.until(() -> emitted.get() > 0 && last.getAndSet(emitted.get()) == emitted.get());
		return last.get();
	}

	@Test
	void stalledClientsDoNotHoldUpOthers() {
		AtomicLong emitted = new AtomicLong();
		List<RawClient> stalled = new ArrayList<>();
		AtomicLong subscriptions = new AtomicLong();
		RelayServer relay = serve(QUIET,
				() -> (subscriptions.getAndIncrement() < 16) ? stalling(emitted) : Flux.just(text("quick"), finish()));
		try {
			for (int i = 0; i < 16; i++) {
				stalled.add(RawClient.get(relay.port(), "/tokens"));
			}
			awaitStall(emitted);
			for (int i = 0; i < 10; i++) {
				try (RawClient client = RawClient.get(relay.port(), "/tokens")) {
					assertThat(Events.text(Events.parse(client.rest()))).isEqualTo("quick");
				}
			}
		}
		finally {
			stalled.forEach(RawClient::close);
		}
	}

	@Test
	void clientThatAcceptsNothingIsGivenUpAndItsResponseCut() {
		AtomicLong emitted = new AtomicLong();
		CountDownLatch cancelled = new CountDownLatch(1);
		try (RawClient client = get(QUIET.withWriteTimeout(Duration.ofMillis(400)),
				() -> stalling(emitted).doOnCancel(cancelled::countDown))) {
			await().atMost(LONG).until(() -> cancelled.getCount() == 0);
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(client::rest);
			await().atMost(LONG).until(() -> this.server != null && this.server.connections() == 0);
		}
	}

	@Test
	void failureIsTheLastEventOfAResponseThatEndsWell() {
		Throwable failure = StreamFailure.of(ErrorKind.RATE_LIMITED, "secret-provider", "the key sk-123 is busy")
			.toException();
		try (RawClient client = get(QUIET, () -> Flux.just(text("a"), text("b")).concatWith(Flux.error(failure)))) {
			String stream = client.rest();
			List<Event> events = Events.parse(stream);
			assertThat(Events.names(events)).filteredOn((name) -> !name.equals("delta"))
				.containsExactly("start", "run-error");
			Event last = events.get(events.size() - 1);
			assertThat(last.data().get("code").asString()).isEqualTo("rate-limited");
			assertThat(last.data().get("retryable").asBoolean()).isTrue();
			assertThat(last.data().get("partial").asBoolean()).isTrue();
			assertThat(stream).doesNotContain("sk-123").doesNotContain("secret-provider");
		}
	}

	@Test
	void failureBeforeTheFirstTokenIsAnEventToo() {
		try (RawClient client = get(QUIET, () -> Flux.error(new IllegalStateException("prompt: secret")))) {
			assertThat(client.status()).isEqualTo(200);
			List<Event> events = Events.parse(client.rest());
			assertThat(Events.names(events)).containsExactly("start", "run-error");
			assertThat(events.get(1).data().toString()).isEqualTo("{\"code\":\"internal\","
					+ "\"message\":\"Something went wrong.\",\"retryable\":false,\"partial\":false}");
		}
	}

	@Test
	void protocolThatFailsCutsTheResponseAndCancelsTheStream() {
		AtomicBoolean cancelled = new AtomicBoolean();
		this.server = start(QUIET,
				() -> Flux.just(text("a")).concatWith(Flux.never()).doOnCancel(() -> cancelled.set(true)),
				new BrokenProtocol());
		try (RawClient client = RawClient.get(this.server.port(), "/tokens")) {
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(client::rest);
			await().atMost(LONG).untilTrue(cancelled);
			assertThat(this.server.connections()).isZero();
		}
	}

	@Test
	void clientThatLeavesCancelsTheStream() throws Exception {
		CountDownLatch cancelled = new CountDownLatch(1);
		RelayServer relay = serve(leavingSettings(), () -> Flux.<Token>never().doOnCancel(cancelled::countDown));
		try (RawClient client = RawClient.get(relay.port(), "/tokens")) {
			client.until("event: start");
			assertThat(relay.connections()).isEqualTo(1);
		}
		long left = System.nanoTime();
		assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(leavingLimit());
		await().atMost(LONG).until(() -> relay.connections() == 0);
	}

	protected abstract RelaySettings leavingSettings();

	protected abstract Duration leavingLimit();

	@Test
	void closingEndsOpenAnswersWithAnErrorAndRefusesNewOnes() {
		CountDownLatch cancelled = new CountDownLatch(1);
		RelayServer relay = serve(QUIET, () -> Flux.<Token>never().doOnCancel(cancelled::countDown));
		try (RawClient client = RawClient.get(relay.port(), "/tokens")) {
			client.until("event: start");
			relay.closeRelay();
			List<Event> events = Events.parse(client.rest());
			assertThat(Events.names(events)).containsExactly("run-error");
			assertThat(events.get(0).data().get("code").asString()).isEqualTo("shutdown");
			await().atMost(LONG).until(() -> cancelled.getCount() == 0 && relay.connections() == 0);
		}
		try (RawClient refused = RawClient.get(relay.port(), "/tokens")) {
			assertThat(refused.status()).isEqualTo(503);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/entity", "/texts", "/publisher", "/own" })
	void otherWaysToReturnTokensAreRelayedToo(String path) {
		RelayServer relay = serve(QUIET, () -> Flux.just(text("a"), finish()));
		try (RawClient client = RawClient.get(relay.port(), path, "*/*")) {
			assertThat(client.status()).isEqualTo(path.equals("/entity") ? 202 : 200);
			assertThat(client.header("x-test")).isEqualTo(path.equals("/entity") ? "kept" : null);
			assertThat(client.header("content-type")).isEqualToIgnoringCase("text/event-stream;charset=UTF-8");
			String stream = client.rest();
			assertThat(stream).startsWith("retry: 1000\n");
			assertThat(Events.text(Events.parse(stream))).isEqualTo("a");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/object", "/object-entity" })
	void objectThatGrowsIsRelayedAsPiecesOfItsJson(String path) {
		RelayServer relay = serve(QUIET.withCoalescing(Duration.ZERO, 1), () -> Flux.just(text("{\"name\":\"\u00fc"),
				text("\\n\",\"parts\":[\"a"), text("\", \"b\"]}"), finish()));
		try (RawClient client = RawClient.get(relay.port(), path)) {
			assertThat(client.status()).isEqualTo(path.equals("/object") ? 200 : 202);
			List<Event> events = Events.parse(client.rest());
			assertThat(Events.text(events)).isEqualTo("{\"name\":\"\u00fc\\n\",\"parts\":[\"a\",\"b\"]}");
			assertThat(events.get(1).data().get("kind").asString()).isEqualTo("object");
			assertThat(events.get(events.size() - 1).data().toString())
				.isEqualTo("{\"finishReason\":\"stop\",\"usage\":{\"input\":3,\"output\":5,\"cached\":0,"
						+ "\"reasoning\":0},\"model\":\"m1\",\"responseId\":\"r1\"}");
		}
	}

	@Test
	void objectThatGrowsIsWrittenAsDocumentsToWhoAsksForThem() {
		RelayServer relay = serve(QUIET, () -> Flux.just(text("{\"name\":\"a"), text("b\",\"parts\":[]}"), finish()));
		try (RawClient client = RawClient.get(relay.port(), "/object", "application/x-ndjson")) {
			assertThat(client.rest().lines()).containsExactly("{\"name\":\"a\"}", "{\"name\":\"ab\",\"parts\":[]}",
					"{\"name\":\"ab\",\"parts\":[]}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/tokens", "/entity" })
	void clientThatAsksForJsonGetsItFromSpring(String path) {
		RelayServer relay = serve(QUIET, () -> Flux.just(text("a")));
		try (RawClient client = RawClient.get(relay.port(), path, "application/json")) {
			assertThat(client.header("content-type")).startsWith("application/json");
			assertThat(client.header("x-test")).isEqualTo(path.equals("/entity") ? "kept" : null);
			assertThat(client.rest()).isEqualTo("[{\"text\":\"a\"}]");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "application/x-ndjson" })
	void clientThatAsksForJsonIsNotToldWhatOnlyTheServerMayKnow(String accept) {
		RelayServer relay = serve(QUIET,
				() -> Flux.just(text("a"), new Token.ReplayState("d", "signature", "\"secret\""),
						new Token.Other("ping", "\"secret\""),
						new Token.Citation("https://example.com", null, "q", "\"secret\""), text("b")));
		for (String path : List.of("/tokens", "/entity", "/publisher")) {
			try (RawClient client = RawClient.get(relay.port(), path, accept)) {
				assertThat(client.status()).isEqualTo(path.equals("/entity") ? 202 : 200);
				assertThat(client.header("content-type")).startsWith(accept);
				assertThat(client.rest()).startsWith((accept.endsWith("ndjson") ? "" : "[") + "{\"text\":\"a\"}")
					.contains("https://example.com", "{\"text\":\"b\"}")
					.doesNotContain("secret", "signature", "ping");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/tokens", "/entity", "/object", "/object-entity", "/continuing" })
	void clientThatComesBackIsToldToAskNoMore(String path) {
		AtomicLong subscriptions = new AtomicLong();
		RelayServer relay = serve(QUIET,
				() -> Flux.just(finish()).doOnSubscribe((subscription) -> subscriptions.incrementAndGet()));
		Map<String, String> headers = Map.of("Accept", "text/event-stream", "Last-Event-ID", "2");
		try (RawClient client = RawClient.send(relay.port(), "GET", path, headers, "")) {
			assertThat(client.status()).isEqualTo(204);
			assertThat(subscriptions).hasValue(0);
			assertThat(relay.connections()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/tokens", "/entity", "/object", "/object-entity" })
	void headIsAnsweredByHeadersAndAsksNoProvider(String path) {
		AtomicLong subscriptions = new AtomicLong();
		RelayServer relay = serve(QUIET,
				() -> Flux.just(finish()).doOnSubscribe((subscription) -> subscriptions.incrementAndGet()));
		try (RawClient client = RawClient.send(relay.port(), "HEAD", path, Map.of("Accept", "text/event-stream"), "")) {
			assertThat(client.status()).isEqualTo(path.endsWith("entity") ? 202 : 200);
			assertThat(client.header("x-test")).isEqualTo(path.endsWith("entity") ? "kept" : null);
			assertThat(client.header("content-type")).isEqualToIgnoringCase("text/event-stream;charset=UTF-8");
			assertThat(client.header("x-accel-buffering")).isEqualTo("no");
			assertThat(subscriptions).hasValue(0);
			assertThat(relay.connections()).isZero();
		}
	}

	@Test
	void clientThatAsksForJsonIsNotToldOfAttempts() {
		StreamAttempt attempt = StreamAttempt
			.notSent(StreamFailure.of(ErrorKind.CONNECT, "inner-host", "refused").toException(), Duration.ZERO);
		Token last = new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null).withAttempts(List.of(attempt));
		RelayServer relay = serve(QUIET, () -> Flux.just(last));
		try (RawClient client = RawClient.get(relay.port(), "/tokens", "application/json")) {
			assertThat(client.rest()).startsWith("[{\"reason\":\"STOP\"").doesNotContain("inner-host", "content");
		}
	}

	/**
	 * Fails at the first piece, with something worse than an exception.
	 */
	private static final class BrokenProtocol implements RelayProtocol {

		@Override
		public String name() {
			return "broken";
		}

		@Override
		public EventEncoder newEncoder() {
			EventEncoder good = new NativeProtocol().newEncoder();
			return new EventEncoder() {

				@Override
				public void open(WireBuffer out) {
					good.open(out);
				}

				@Override
				public void event(RunEvent event, WireBuffer out) {
					if (event instanceof RunEvent.Delta) {
						throw new NoClassDefFoundError("a class of the protocol");
					}
					good.event(event, out);
				}

				@Override
				public void heartbeat(WireBuffer out) {
					good.heartbeat(out);
				}

			};
		}

	}

}
