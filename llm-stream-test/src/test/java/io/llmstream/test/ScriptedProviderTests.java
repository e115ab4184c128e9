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

package io.llmstream.test;

import java.io.BufferedInputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ScriptedProvider}.
 */
class ScriptedProviderTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	private static final ScriptedProviderExtension PROVIDER = new ScriptedProviderExtension();

	private final ScriptedProvider provider = PROVIDER.provider();

	@Test
	void remembersRequests() {
		this.provider.always(Script.text("a"));
		Http.post(this.provider, Wire.ANTHROPIC);
		ProviderExchange exchange = this.provider.lastRequest();
		assertThat(exchange.method()).isEqualTo("POST");
		assertThat(exchange.uri()).isEqualTo("/v1/messages");
		assertThat(exchange.wire()).isEqualTo(Wire.ANTHROPIC);
		assertThat(exchange.header("AUTHORIZATION")).isEqualTo("Bearer key");
		assertThat(exchange.header("x-none")).isNull();
		assertThat(exchange.body()).isEqualTo(Http.BODY);
		assertThat(exchange.json().path("model").asString()).isEqualTo("m-1");
		assertThat(exchange.tokensSent()).isEqualTo(1);
		assertThat(exchange.bytesSent()).isPositive();
		assertThat(exchange.endedAt()).isGreaterThanOrEqualTo(exchange.receivedAt());
	}

	@Test
	void takesScriptsFromTheQueueThenFromTheFunction() {
		this.provider.script((exchange) -> Script.text("wire " + exchange.wire()))
			.enqueue(Script.text("first"), Script.text("second"));
		assertThat(Http.post(this.provider, Wire.OPENAI_CHAT).body()).contains("first");
		assertThat(Http.post(this.provider, Wire.OPENAI_CHAT).body()).contains("second");
		assertThat(Http.post(this.provider, Wire.OLLAMA).body()).contains("wire OLLAMA");
	}

	@Test
	void saysWhenItHasNoScript() {
		assertThat(Http.post(this.provider, Wire.OPENAI_CHAT).statusCode()).isEqualTo(500);
		this.provider.script((exchange) -> {
			throw new IllegalStateException("bad choice");
		});
		assertThat(Http.post(this.provider, Wire.OPENAI_CHAT).body()).contains("bad choice");
	}

	@Test
	void servesSeveralRequestsOnOneConnection() {
		this.provider.always(Script.text("a"));
		Http.post(this.provider, Wire.OPENAI_CHAT);
		Http.post(this.provider, Wire.OLLAMA);
		assertThat(this.provider.requests()).extracting(ProviderExchange::connection).hasSize(2);
		assertThat(this.provider.requests().get(0).connection())
			.isEqualTo(this.provider.requests().get(1).connection());
		this.provider.awaitIdle(SOON);
	}

	@Test
	void seesAtOnceThatAClientHasGone() throws Exception {
		this.provider.always(Script.text(tokens(10_000)).everyMillis(5));
		long closedAt;
		try (Socket socket = Http.open(this.provider, Wire.OPENAI_CHAT)) {
			this.provider.awaitRequest(1, SOON).awaitTokens(5, SOON);
			assertThat(socket.isConnected()).isTrue();
			closedAt = System.nanoTime();
		}
		ProviderExchange exchange = this.provider.lastRequest();
		exchange.awaitClosedByClient(SOON);
		assertThat(Duration.ofNanos(exchange.endedAt() - closedAt)).isLessThan(Duration.ofSeconds(1));
	}

	@Test
	void stopsWritingWhileTheClientDoesNotRead() throws Exception {
		int count = 300_000;
		this.provider.always(Script.text(tokens(count)));
		try (Socket socket = Http.open(this.provider, Wire.OPENAI_CHAT)) {
			ProviderExchange exchange = this.provider.awaitRequest(1, SOON);
			int[] before = { -1 };
			Await.until(() -> {
				LockSupport.parkNanos(50_000_000);
				int now = exchange.tokensSent();
				boolean stands = now > 0 && now == before[0];
				before[0] = now;
				return stands;
			}, SOON, () -> "The provider did not stop");
			assertThat(exchange.tokensSent()).isLessThan(count);
			Http.readUntil(new BufferedInputStream(socket.getInputStream(), 65536), "data: [DONE]\n\n\r\n0\r\n\r\n");
			assertThat(exchange.tokensSent()).isEqualTo(count);
		}
	}

	@Test
	void servesAThousandPacedStreamsWithoutAThreadForEach() {
		int streams = 1000;
		int tokens = 20;
		this.provider.withoutRecording().always(Script.text(tokens(tokens)).everyMillis(50));
		ConnectionProvider pool = ConnectionProvider.builder("load")
			.maxConnections(streams)
			.pendingAcquireMaxCount(-1)
			.build();
		HttpClient client = HttpClient.create(pool).baseUrl(this.provider.baseUrl());
		AtomicLong bytes = new AtomicLong();
		long start = System.nanoTime();
		Flux.fromStream(IntStream.range(0, streams).boxed())
			.flatMap((i) -> client.post()
				.uri("/v1/chat/completions")
				.send(Mono.just(Unpooled.copiedBuffer(Http.BODY, StandardCharsets.UTF_8)))
				.responseContent()
				.doOnNext((buffer) -> bytes.addAndGet(buffer.readableBytes()))
				.then(), streams)
			.then()
			.block(Duration.ofSeconds(60));
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		pool.dispose();
		long each = Script.text(tokens(tokens)).bytes(Wire.OPENAI_CHAT).length;
		assertThat(bytes.get()).isBetween(streams * (each - 600), streams * (each + 600));
		assertThat(took).isBetween(Duration.ofMillis(950), Duration.ofSeconds(20));
		long threads = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("scripted-provider"))
			.count();
		assertThat(threads).isLessThanOrEqualTo(4L * Runtime.getRuntime().availableProcessors());
	}

	@Test
	void refusesConnectionsOnceItIsClosed() {
		ScriptedProvider other = ScriptedProvider.start();
		int port = other.port();
		other.close();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Socket("127.0.0.1", port).close());
		ScriptedProvider again = ScriptedProvider.start(port);
		assertThat(again.port()).isEqualTo(port);
		again.close();
	}

	@Test
	void waitingInVainFails() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.provider.awaitRequest(1, Duration.ofMillis(10)))
			.withMessageContaining("0 of 1");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.provider::lastRequest);
	}

	@Test
	void resetForgetsAll() {
		this.provider.always(Script.text("a"));
		Http.post(this.provider, Wire.OPENAI_CHAT);
		this.provider.reset();
		assertThat(this.provider.requests()).isEmpty();
		this.provider.awaitClosed(SOON);
		assertThat(this.provider.acceptedConnections()).isPositive();
	}

	private static String[] tokens(int count) {
		return IntStream.range(0, count).mapToObj((i) -> " t" + i).toArray(String[]::new);
	}

}
