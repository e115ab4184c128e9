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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.netty.channel.ChannelId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What both web stacks must do alike over HTTP/2, without TLS and with prior knowledge,
 * on one connection.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class AbstractRelayHttp2Tests {

	private static final Duration LONG = Duration.ofSeconds(10);

	/** No heartbeat: whatever is noticed is noticed without a write. */
	private static final RelaySettings QUIET = RelaySettings.defaults().withHeartbeat(Duration.ZERO);

	private final ConnectionProvider connections = ConnectionProvider.builder("http2-tests")
		.maxConnections(1)
		.allocationStrategy(Http2AllocationStrategy.builder().maxConnections(1).maxConcurrentStreams(100).build())
		.build();

	private final Set<ChannelId> used = Collections.synchronizedSet(new HashSet<>());

	private final List<Browser> browsers = new ArrayList<>();

	/** One for all, since each has connections of its own. */
	private final HttpClient client = HttpClient.create(this.connections)
		.protocol(HttpProtocol.H2C)
		// One stream must not be able to fill the window of the connection, which is 64
		// KiB.
		.http2Settings((settings) -> settings.initialWindowSize(16 * 1024))
		.headers((headers) -> headers.set("Accept", "text/event-stream"))
		.doOnResponse((response, connection) -> this.used.add(connection.channel().parent().id()));

	private @Nullable RelayServer server;

	protected abstract RelayServer start(RelaySettings settings, RunSettings runs, Supplier<Flux<Token>> tokens);

	@AfterEach
	void stop() {
		this.browsers.forEach(Browser::cancel);
		this.connections.dispose();
		if (this.server != null) {
			this.server.close();
		}
	}

	private void serve(RelaySettings settings, Supplier<Flux<Token>> tokens) {
		this.server = start(settings,
				RunSettings.defaults().withOnDisconnect(DisconnectPolicy.CANCEL, Duration.ofMinutes(5)), tokens);
	}

	private RelayServer server() {
		assertThat(this.server).isNotNull();
		return this.server;
	}

	private Browser get(String path) {
		return browse(false, path, Long.MAX_VALUE);
	}

	private Browser browse(boolean post, String path, long demand) {
		Browser browser = new Browser(demand);
		String uri = "http://127.0.0.1:" + server().port() + path;
		((post) ? this.client.post().uri(uri) : this.client.get().uri(uri))
			.response((response, body) -> body.asByteArray().map((bytes) -> new String(bytes, StandardCharsets.UTF_8)))
			.subscribe(browser);
		this.browsers.add(browser);
		return browser;
	}

	private static Token text(String text) {
		return new Token.Text(text);
	}

	private static Token finish() {
		return new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null);
	}

	@Test
	void tokensFlowOneByOneAndTheStreamEndsWell() throws Exception {
		Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();
		serve(QUIET, sink::asFlux);
		Browser browser = get("/tokens");
		browser.until("event: start");
		for (int i = 0; i < 20; i++) {
			sink.tryEmitNext(text("token " + i));
			assertThat(Events.text(Events.parse(browser.until("event: delta")))).isEqualTo("token " + i);
		}
		sink.tryEmitNext(finish());
		browser.until("event: done");
		assertThat(browser.ended.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(browser.failure).isNull();
	}

	@Test
	void resetOfOneStreamCancelsItsCallAtOnceAndLeavesTheOthersOfTheConnection() throws Exception {
		List<Sinks.Many<Token>> sinks = new ArrayList<>();
		List<CountDownLatch> cancelled = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			sinks.add(Sinks.many().unicast().onBackpressureBuffer());
			cancelled.add(new CountDownLatch(1));
		}
		AtomicInteger next = new AtomicInteger();
		serve(QUIET, () -> {
			int index = next.getAndIncrement();
			return sinks.get(index).asFlux().doOnCancel(cancelled.get(index)::countDown);
		});
		List<Browser> three = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Browser browser = get("/tokens");
			browser.until("event: start");
			three.add(browser);
		}
		long left = System.nanoTime();
		three.get(1).cancel();
		assertThat(cancelled.get(1).await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(1));
		for (int i : new int[] { 0, 2 }) {
			sinks.get(i).tryEmitNext(text("for " + i));
			assertThat(Events.text(Events.parse(three.get(i).until("event: delta")))).isEqualTo("for " + i);
			assertThat(cancelled.get(i).getCount()).isEqualTo(1);
		}
		assertThat(this.used).hasSize(1);
		await().atMost(LONG).until(() -> server().connections() == 2);
	}

	@Test
	void resetEndsARunWhosePolicyIsToCancel() throws Exception {
		CountDownLatch cancelled = new CountDownLatch(1);
		serve(QUIET, () -> Flux.<Token>never().doOnCancel(cancelled::countDown));
		Browser browser = browse(true, "/runs", Long.MAX_VALUE);
		browser.until("event: start");
		long left = System.nanoTime();
		browser.cancel();
		assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(1));
	}

	@Test
	void streamThatReadsNothingIsGivenUpAndTheOthersOfItsConnectionAreNotHeldUp() throws Exception {
		CountDownLatch cancelled = new CountDownLatch(1);
		AtomicLong emitted = new AtomicLong();
		Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();
		AtomicInteger next = new AtomicInteger();
		serve(QUIET.withWriteTimeout(Duration.ofSeconds(1)),
				() -> (next.getAndIncrement() == 0) ? sink.asFlux()
						: Flux.range(0, 100_000)
							.<Token>map((i) -> text("x".repeat(100)))
							.doOnNext((token) -> emitted.incrementAndGet())
							.doOnCancel(cancelled::countDown));
		Browser healthy = get("/tokens");
		healthy.until("event: start");
		browse(false, "/tokens", 1);
		await().atMost(LONG).until(() -> emitted.get() > 0);
		sink.tryEmitNext(text("meanwhile"));
		assertThat(Events.text(Events.parse(healthy.until("event: delta")))).isEqualTo("meanwhile");
		assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(emitted.get()).isLessThan(60_000);
		sink.tryEmitNext(text("afterwards"));
		assertThat(Events.text(Events.parse(healthy.until("event: delta")))).isEqualTo("afterwards");
		assertThat(this.used).hasSize(1);
	}

	/**
	 * Reads one stream, as far as it is told to.
	 */
	private static final class Browser extends BaseSubscriber<String> {

		/** Is added to on threads that must not wait for a lock, so it has none. */
		private final BlockingQueue<String> pieces = new LinkedTransferQueue<>();

		private final CountDownLatch ended = new CountDownLatch(1);

		private final long demand;

		private volatile @Nullable Throwable failure;

		Browser(long demand) {
			this.demand = demand;
		}

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			request(this.demand);
		}

		@Override
		protected void hookOnNext(String piece) {
			this.pieces.add(piece);
		}

		@Override
		protected void hookOnError(Throwable thrown) {
			this.failure = thrown;
			this.ended.countDown();
		}

		@Override
		protected void hookOnComplete() {
			this.ended.countDown();
		}

		/**
		 * Read until what came contains something and ends with a whole event.
		 */
		String until(String text) throws InterruptedException {
			StringBuilder read = new StringBuilder();
			while (read.indexOf(text) < 0 || !read.toString().endsWith("\n\n")) {
				String piece = this.pieces.poll(10, TimeUnit.SECONDS);
				assertThat(piece).as("after %s, %s", read, this.failure).isNotNull();
				read.append(piece);
			}
			return read.toString();
		}

	}

}
