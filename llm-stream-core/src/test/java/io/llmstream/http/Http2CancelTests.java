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
package io.llmstream.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.ChannelId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A cancelled call over HTTP/2 resets its stream, and nothing else: the other answers of
 * the connection go on, and the connection is used again.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http2CancelTests {

	private static final Duration LONG = Duration.ofSeconds(10);

	private final Set<ChannelId> accepted = Collections.synchronizedSet(new HashSet<>());

	private final AtomicInteger answering = new AtomicInteger();

	private final AtomicInteger asked = new AtomicInteger();

	private final AtomicInteger heard = new AtomicInteger();

	private final ConnectionProvider connections = ConnectionProvider.builder("http2-cancel")
		.maxConnections(1)
		.allocationStrategy(Http2AllocationStrategy.builder().maxConnections(1).maxConcurrentStreams(100).build())
		.build();

	private DisposableServer server;

	private WebClientHttpExchange exchange;

	@BeforeEach
	void start() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol(HttpProtocol.H2C)
			.doOnConnection((connection) -> this.accepted.add(connection.channel().parent().id()))
			.handle((request, response) -> {
				this.asked.incrementAndGet();
				this.answering.incrementAndGet();
				return response.sse()
					.sendString(Flux.interval(Duration.ofMillis(5)).map((i) -> "data: " + i + "\n\n"))
					.then()
					.doFinally((signal) -> this.answering.decrementAndGet());
			})
			.bindNow();
		this.exchange = new WebClientHttpExchange(WebClient.builder()
			.clientConnector(
					new ReactorClientHttpConnector(HttpClient.create(this.connections).protocol(HttpProtocol.H2C)))
			.build());
	}

	@AfterEach
	void stop() {
		this.connections.dispose();
		this.server.disposeNow();
	}

	private Flux<String> call() {
		HttpCall call = new HttpCall(URI.create("http://127.0.0.1:" + this.server.port() + "/v1"), Map.of(),
				"{}".getBytes(StandardCharsets.UTF_8));
		return this.exchange.exchange(call, HttpAnswer::body).map(Http2CancelTests::text);
	}

	private static String text(DataBuffer buffer) {
		String text = buffer.toString(StandardCharsets.UTF_8);
		DataBufferUtils.release(buffer);
		return text;
	}

	@Test
	void otherAnswersOfTheConnectionGoOn() {
		Disposable going = call().subscribe((text) -> this.heard.incrementAndGet());
		awaitMore();
		assertThat(call().take(3).collectList().block(LONG)).hasSize(3);
		await().atMost(LONG).until(() -> this.answering.get() == 1);
		awaitMore();
		assertThat(call().blockFirst(LONG)).isNotNull();
		going.dispose();
		await().atMost(LONG).until(() -> this.answering.get() == 0);
		assertThat(this.accepted).hasSize(1);
	}

	/**
	 * The other answer goes on. It is counted, as it comes on a thread that must not wait
	 * for the lock of a queue.
	 */
	private void awaitMore() {
		int before = this.heard.get();
		await().atMost(LONG).until(() -> this.heard.get() > before);
	}

	private long timeToAnswer() {
		long shortest = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			long start = System.nanoTime();
			assertThat(call().blockFirst(LONG)).isNotNull();
			shortest = Math.min(shortest, System.nanoTime() - start);
		}
		return shortest;
	}

	@Test
	void noCallGoesOnThatWasCancelledAtWhateverMoment() {
		Disposable going = call().subscribe((text) -> this.heard.incrementAndGet());
		awaitMore();
		// from before a call is sent until after its answer began, however slow the
		// machine
		long step = Math.max(40_000, timeToAnswer() / 75);
		// Servers end a connection with more than 200 resets in 30 s as an attack.
		for (int i = 0; i < 150; i++) {
			Disposable call = call().subscribe();
			Mono.delay(Duration.ofNanos(i * step), Schedulers.parallel()).doOnNext((late) -> call.dispose()).block();
		}
		assertThat(this.asked.get()).isGreaterThan(20);
		await().atMost(LONG).until(() -> this.answering.get() == 1);
		awaitMore();
		going.dispose();
		await().atMost(LONG).until(() -> this.answering.get() == 0);
		assertThat(this.accepted).hasSize(1);
	}

}
