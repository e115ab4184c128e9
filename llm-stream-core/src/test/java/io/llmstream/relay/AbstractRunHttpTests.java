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
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.relay.Events.Event;
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
 * What both web stacks must do alike with runs that browsers leave and come back to, over
 * real HTTP.
 */
public abstract class AbstractRunHttpTests {

	private static final Duration LONG = Duration.ofSeconds(10);

	private static final RelaySettings RELAY = RelaySettings.defaults().withHeartbeat(Duration.ofMillis(50));

	private final Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();

	private final CountDownLatch cancelled = new CountDownLatch(1);

	private final AtomicInteger subscriptions = new AtomicInteger();

	private @Nullable RelayServer server;

	private int port;

	protected abstract RelayServer start(RelaySettings settings, RunSettings runs, Supplier<Flux<Token>> tokens);

	protected abstract RelayServer start(RelaySettings settings, Runs runs, Supplier<Flux<Token>> tokens);

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.close();
		}
	}

	private void serve(RunSettings runs) {
		this.server = start(RELAY, runs, this::tokens);
		this.port = this.server.port();
	}

	private Flux<Token> tokens() {
		return this.sink.asFlux()
			.doOnSubscribe((subscription) -> this.subscriptions.incrementAndGet())
			.doOnCancel(this.cancelled::countDown);
	}

	private RawClient post(String path, Map<String, String> headers) {
		return RawClient.send(this.port, "POST", path, headers, "");
	}

	private RawClient get(String path, Map<String, String> headers) {
		return RawClient.send(this.port, "GET", path, headers, "");
	}

	private RawClient head(String path) {
		return RawClient.send(this.port, "HEAD", path, Map.of(), "");
	}

	private static String id(RawClient client) {
		String id = client.header("x-run-id");
		assertThat(id).matches("[0-9a-f]{32}");
		return String.valueOf(id);
	}

	private void emit(int from, int to) {
		IntStream.range(from, to).forEach((i) -> this.sink.tryEmitNext(new Token.Text(i + " ")));
	}

	private void finish() {
		this.sink.tryEmitNext(new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null));
		this.sink.tryEmitComplete();
	}

	private static String numbers(int from, int to) {
		StringBuilder text = new StringBuilder();
		IntStream.range(from, to).forEach((i) -> text.append(i).append(' '));
		return text.toString();
	}

	private static Event last(List<Event> events) {
		return events.get(events.size() - 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/own" })
	void reloadInMidAnswerLosesNothingAndRepeatsNothing(String path) {
		serve(RunSettings.defaults());
		String id;
		List<Event> before;
		try (RawClient client = post("/runs", Map.of())) {
			assertThat(client.status()).isEqualTo(200);
			assertThat(client.header("content-type")).isEqualToIgnoringCase("text/event-stream;charset=UTF-8");
			id = id(client);
			emit(0, 100);
			before = Events.parse(client.until("\"text\":\""));
			assertThat(before.get(0).data().get("runId").asString()).isEqualTo(id);
		}
		emit(100, 200);
		String seen = Long.toString(last(before).id());
		try (RawClient client = get("/runs/" + id + path, Map.of("Last-Event-ID", seen))) {
			assertThat(client.status()).isEqualTo(200);
			assertThat(id(client)).isEqualTo(id);
			emit(200, 300);
			finish();
			List<Event> after = Events.parse(client.rest());
			assertThat(Events.text(before) + Events.text(after)).isEqualTo(numbers(0, 300));
			assertThat(after.get(0).id()).isGreaterThan(last(before).id());
			assertThat(last(after).name()).isEqualTo("done");
			assertThat(last(after).id()).isEqualTo(302);
		}
		assertThat(this.subscriptions).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/objects", "/continuing-object" })
	void objectThatGrowsGoesOnAfterAReload(String path) {
		serve(RunSettings.defaults());
		String id;
		List<Event> before;
		try (RawClient client = post(path, Map.of())) {
			id = id(client);
			this.sink.tryEmitNext(new Token.Text("{\"name\":\"So"));
			before = Events.parse(client.until("\"kind\":\"object\""));
		}
		this.sink.tryEmitNext(new Token.Text("up\","));
		try (RawClient client = get("/runs/" + id, Map.of("Last-Event-ID", Long.toString(last(before).id())))) {
			this.sink.tryEmitNext(new Token.Text("\"parts\":[\"salt\"]}"));
			finish();
			List<Event> after = Events.parse(client.rest());
			assertThat(Events.text(before) + Events.text(after)).isEqualTo("{\"name\":\"Soup\",\"parts\":[\"salt\"]}");
			assertThat(last(after).name()).isEqualTo("done");
		}
		assertThat(this.subscriptions).hasValue(1);
	}

	@Test
	void twoBrowsersWatchOneRun() {
		serve(RunSettings.defaults());
		try (RawClient one = post("/runs", Map.of())) {
			emit(0, 50);
			try (RawClient two = get("/runs/" + id(one), Map.of())) {
				two.until("event: delta");
				emit(50, 100);
				finish();
				assertThat(Events.text(Events.parse(one.rest()))).isEqualTo(numbers(0, 100));
				try (RawClient three = get("/runs/" + id(one), Map.of())) {
					assertThat(Events.text(Events.parse(three.rest()))).isEqualTo(numbers(0, 100));
				}
				assertThat(Events.names(Events.parse(two.rest()))).endsWith("done").doesNotContain("start");
			}
		}
		await().atMost(LONG).until(() -> this.server != null && this.server.connections() == 0);
	}

	@Test
	void stopCancelsTheStreamAndEveryBrowserKeepsWhatCame() throws Exception {
		serve(RunSettings.defaults());
		try (RawClient client = post("/runs", Map.of()); RawClient other = get("/runs/" + id(client), Map.of())) {
			emit(0, 1);
			String text = client.until("event: delta");
			try (RawClient stop = post("/runs/" + id(client) + "/stop", Map.of("Accept", "*/*"))) {
				assertThat(stop.status()).isEqualTo(200);
				assertThat(stop.rest()).isEqualTo("true");
			}
			assertThat(this.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
			List<Event> events = Events.parse(text + client.rest());
			assertThat(Events.names(events)).containsExactly("start", "delta", "aborted");
			assertThat(last(events).data().toString()).isEqualTo("{\"reason\":\"stopped\"}");
			assertThat(Events.names(Events.parse(other.rest()))).containsExactly("start", "delta", "aborted");
			try (RawClient again = post("/runs/" + id(client) + "/stop", Map.of())) {
				assertThat(again.rest()).isEqualTo("false");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "read", "read and close" })
	void connectionWhoseLogFailsIsCutAndOthersGoOn(String method) {
		RunSettings settings = RunSettings.defaults();
		FailingLogs logs = new FailingLogs(RunLogs.inMemory(RELAY, settings), method);
		this.server = start(RELAY, new Runs(RELAY, settings, RelayErrorMapper.safe(), logs), this::tokens);
		this.port = this.server.port();
		try (RawClient first = post("/runs", Map.of()); RawClient second = get("/runs/" + id(first), Map.of())) {
			first.until("event: start");
			second.until("event: start");
			logs.fail();
			emit(0, 1);
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(first::rest)
				.havingCause()
				.isNotInstanceOf(SocketTimeoutException.class);
			second.until("event: delta");
			await().atMost(LONG).until(() -> this.server != null && this.server.connections() == 1);
			finish();
			second.until("event: done");
			assertThat(this.cancelled.getCount()).isEqualTo(1);
		}
	}

	@Test
	void runEndsWhenItsBrowserDoesNotComeBack() throws Exception {
		serve(RunSettings.defaults().withOnDisconnect(DisconnectPolicy.GRACE, Duration.ofMillis(300)));
		String id;
		try (RawClient client = post("/runs", Map.of())) {
			client.until("event: start");
			id = id(client);
		}
		assertThat(this.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		try (RawClient client = get("/runs/" + id, Map.of("Last-Event-ID", "1"))) {
			List<Event> events = Events.parse(client.rest());
			assertThat(Events.names(events)).containsExactly("aborted");
			assertThat(events.get(0).data().toString()).isEqualTo("{\"reason\":\"disconnected\"}");
		}
	}

	@Test
	void browserThatLeavesEndsTheRunIfThePolicySaysSo() throws Exception {
		serve(RunSettings.defaults().withOnDisconnect(DisconnectPolicy.CANCEL, Duration.ofMinutes(5)));
		try (RawClient client = post("/runs", Map.of())) {
			client.until("event: start");
		}
		assertThat(this.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void methodDecidesWhatItsBrowserLeavesBehind() throws Exception {
		serve(RunSettings.defaults().withOnDisconnect(DisconnectPolicy.CANCEL, Duration.ofMinutes(5)));
		String id;
		try (RawClient client = post("/continuing", Map.of("X-User", "alice"))) {
			client.until("event: start");
			id = id(client);
		}
		await().atMost(LONG).until(() -> this.server != null && this.server.connections() == 0);
		emit(0, 3);
		finish();
		assertThat(this.cancelled.getCount()).isEqualTo(1);
		try (RawClient stranger = get("/runs/" + id, Map.of());
				RawClient client = get("/runs/" + id, Map.of("X-User", "alice"))) {
			assertThat(stranger.status()).isEqualTo(404);
			assertThat(Events.text(Events.parse(client.rest()))).isEqualTo(numbers(0, 3));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/cancelling", "/brief" })
	void methodMayEndARunSoonerThanTheSettings(String path) throws Exception {
		serve(RunSettings.defaults().withOnDisconnect(DisconnectPolicy.CONTINUE, Duration.ofMinutes(5)));
		try (RawClient client = post(path, Map.of())) {
			client.until("event: start");
			assertThat(id(client)).isNotEmpty();
		}
		assertThat(this.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void startThatIsSentTwiceIsOneRun() {
		serve(RunSettings.defaults());
		Map<String, String> key = Map.of("X-User", "alice", "Idempotency-Key", "k1");
		emit(0, 3);
		try (RawClient one = post("/keyed", key); RawClient two = post("/keyed", key)) {
			one.until("event: delta");
			assertThat(id(two)).isEqualTo(id(one));
			finish();
			assertThat(Events.text(Events.parse(two.rest()))).isEqualTo(numbers(0, 3));
			try (RawClient three = post("/keyed", key)) {
				assertThat(id(three)).isEqualTo(id(one));
				assertThat(Events.text(Events.parse(three.rest()))).isEqualTo(numbers(0, 3));
			}
		}
		assertThat(this.subscriptions).hasValue(1);
		try (RawClient other = post("/keyed", Map.of("X-User", "bob", "Idempotency-Key", "k1"));
				RawClient guessable = post("/keyed", Map.of("Idempotency-Key", "k1"))) {
			other.until("event: run-error");
			assertThat(guessable.status()).isEqualTo(400);
		}
		assertThat(this.subscriptions).hasValue(2);
	}

	@Test
	void endedRunIsReplayedUntilItsTimeIsOver() {
		serve(RunSettings.defaults().withTimeToLive(Duration.ofSeconds(2)));
		String id;
		try (RawClient client = post("/runs", Map.of())) {
			id = id(client);
			emit(0, 10);
			finish();
			client.rest();
		}
		try (RawClient client = get("/runs/" + id, Map.of())) {
			List<Event> events = Events.parse(client.rest());
			assertThat(Events.text(events)).isEqualTo(numbers(0, 10));
			assertThat(last(events).name()).isEqualTo("done");
		}
		try (RawClient client = get("/runs/" + id + "?after=12", Map.of())) {
			assertThat(client.status()).isEqualTo(204);
			assertThat(id(client)).isEqualTo(id);
		}
		await().atMost(LONG).until(() -> {
			try (RawClient client = get("/runs/" + id, Map.of())) {
				return client.status() == 404;
			}
		});
	}

	@Test
	void runIsNobodyElses() {
		serve(RunSettings.defaults());
		Map<String, String> alice = Map.of("X-User", "alice");
		try (RawClient client = post("/runs", alice)) {
			String path = "/runs/" + id(client);
			for (Map<String, String> other : List.of(Map.<String, String>of(), Map.of("X-User", "bob"))) {
				try (RawClient get = get(path, other);
						RawClient own = get(path + "/own", other);
						RawClient stop = post(path + "/stop", other)) {
					assertThat(List.of(get.status(), own.status(), stop.status())).containsOnly(404);
				}
			}
			emit(0, 1);
			client.until("event: delta");
			try (RawClient again = get(path, alice)) {
				assertThat(again.status()).isEqualTo(200);
			}
			assertThat(this.cancelled.getCount()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "-1", "3", "1.5", "99999999999999999999" })
	void lastEventThatTheRunDoesNotHaveIsABadRequest(String lastEventId) {
		serve(RunSettings.defaults());
		try (RawClient client = post("/runs", Map.of())) {
			emit(0, 1);
			client.until("event: delta");
			for (String path : List.of("", "/own")) {
				try (RawClient again = get("/runs/" + id(client) + path, Map.of("Last-Event-ID", lastEventId))) {
					assertThat(again.status()).isEqualTo(400);
				}
			}
		}
	}

	@Test
	void runThatIsStartedByARequestThatIsRefusedDoesNotGoOn() throws Exception {
		serve(RunSettings.defaults().withOnDisconnect(DisconnectPolicy.CONTINUE, Duration.ofMinutes(5)));
		try (RawClient refused = get("/asking", Map.of("Last-Event-ID", "77"))) {
			assertThat(refused.status()).isEqualTo(400);
		}
		assertThat(this.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void headOfAMethodWhoseStreamOutlivesItsBrowserStartsNoRun() {
		serve(RunSettings.defaults());
		try (RawClient client = head("/continuing")) {
			assertThat(client.status()).isEqualTo(200);
			assertThat(client.header("content-type")).startsWith("text/event-stream");
			assertThat(this.subscriptions).hasValue(0);
		}
	}

	@Test
	void headOfARunWatchesNoneAndLeavesNoneBehind() throws Exception {
		serve(RunSettings.defaults().withOnDisconnect(DisconnectPolicy.CANCEL, Duration.ofMinutes(5)));
		try (RawClient client = post("/runs", Map.of())) {
			try (RawClient head = head("/runs/" + id(client))) {
				assertThat(head.status()).isEqualTo(200);
				assertThat(id(head)).isEqualTo(id(client));
			}
			emit(0, 1);
			client.until("event: delta");
		}
		assertThat(this.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void runThatHeadStartsIsTakenBack() throws Exception {
		serve(RunSettings.defaults().withOnDisconnect(DisconnectPolicy.CONTINUE, Duration.ofMinutes(5)));
		try (RawClient head = head("/asking")) {
			assertThat(head.status()).isEqualTo(200);
		}
		assertThat(this.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void tooManyRunsAreRefused() {
		serve(RunSettings.defaults().withMaxRuns(2, 1));
		Map<String, String> alice = Map.of("X-User", "alice");
		try (RawClient first = post("/runs", alice)) {
			first.until("event: start");
			try (RawClient refused = post("/runs", alice)) {
				assertThat(refused.status()).isEqualTo(429);
			}
			assertThat(this.subscriptions).hasValue(1);
			try (RawClient stop = post("/runs/" + id(first) + "/stop", alice)) {
				assertThat(stop.rest()).isEqualTo("true");
			}
			first.rest();
			try (RawClient second = post("/runs", alice)) {
				assertThat(second.status()).isEqualTo(200);
			}
		}
	}

	@Test
	void entityOfARunKeepsItsStatusAndHeaders() {
		serve(RunSettings.defaults());
		emit(0, 1);
		finish();
		try (RawClient client = post("/entities", Map.of())) {
			assertThat(client.status()).isEqualTo(202);
			assertThat(client.header("x-test")).isEqualTo("kept");
			assertThat(id(client)).isNotEmpty();
			assertThat(Events.names(Events.parse(client.rest()))).containsExactly("start", "delta", "done");
		}
	}

	@Test
	void closingTellsTheBrowsersOfRuns() {
		serve(RunSettings.defaults());
		try (RawClient client = post("/runs", Map.of())) {
			client.until("event: start");
			assertThat(this.server).isNotNull();
			this.server.closeRelay();
			List<Event> events = Events.parse(client.rest());
			assertThat(Events.names(events)).containsExactly("run-error");
			assertThat(events.get(0).data().get("code").asString()).isEqualTo("shutdown");
		}
		try (RawClient refused = post("/runs", Map.of())) {
			assertThat(refused.status()).isEqualTo(503);
		}
	}

}
