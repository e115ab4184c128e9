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

package io.llmstream.relay.servlet;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.relay.AbstractRelayHttpTests;
import io.llmstream.relay.DisconnectPolicy;
import io.llmstream.relay.Events;
import io.llmstream.relay.RawClient;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelayServer;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunOptions;
import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.protocol.RelayProtocol;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

import org.springframework.web.context.request.RequestContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ServletRelayHttpTests extends AbstractRelayHttpTests {

	@Override
	protected RelayServer start(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol) {
		return new TomcatRelayServer(settings, tokens, protocol, RunSettings.defaults());
	}

	@Override
	protected RelaySettings leavingSettings() {
		return RelaySettings.defaults().withHeartbeat(Duration.ofMillis(50));
	}

	@Override
	protected Duration leavingLimit() {
		return Duration.ofSeconds(2);
	}

	@Test
	void threadIsHeldOnlyWhileSomethingIsWritten() {
		TomcatRelayServer server = (TomcatRelayServer) serve(RelaySettings.defaults(), Flux::never);
		ThreadPoolExecutor pool = (ThreadPoolExecutor) server.pool();
		try (RawClient one = RawClient.get(server.port(), "/tokens");
				RawClient two = RawClient.get(server.port(), "/tokens")) {
			one.until("event: start");
			two.until("event: start");
			assertThat(server.connections()).isEqualTo(2);
			await().atMost(Duration.ofSeconds(5)).until(() -> pool.getActiveCount() == 0);
		}
	}

	@Test
	void anAnswerIsPendingUntilTheContainerHasFinishedItsResponse() {
		TomcatRelayServer server = (TomcatRelayServer) serve(RelaySettings.defaults(),
				() -> Flux.just(new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null)));
		CountDownLatch mayFinish = server.holdEnds();
		try (RawClient browser = RawClient.get(server.port(), "/tokens")) {
			browser.until("event: done");
			await().pollInterval(Duration.ofMillis(5))
				.atMost(Duration.ofSeconds(5))
				.until(() -> server.connections() == 0);
			assertThat(server.pending()).isEqualTo(1);
			mayFinish.countDown();
			await().atMost(Duration.ofSeconds(5)).until(() -> server.pending() == 0);
		}
	}

	@Test
	void threadsDoNotBelongToTheWebApplicationThatStartedThem() throws Exception {
		Thread request = Thread.currentThread();
		ClassLoader before = request.getContextClassLoader();
		ExecutorService pool = TokenRelay.pool(RelaySettings.defaults());
		try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
			request.setContextClassLoader(application);
			ClassLoader loader = pool.submit(() -> Thread.currentThread().getContextClassLoader())
				.get(5, TimeUnit.SECONDS);
			assertThat(loader).isSameAs(TokenRelay.class.getClassLoader());
		}
		finally {
			request.setContextClassLoader(before);
			pool.shutdown();
		}
	}

	@Test
	void fullPoolRefusesNewConnectionsAndForgetsNoneOfTheOld() {
		AtomicLong emitted = new AtomicLong();
		AtomicInteger subscriptions = new AtomicInteger();
		Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();
		RelayServer server = serve(RelaySettings.defaults().withMaxConnections(1), () -> {
			int number = subscriptions.getAndIncrement();
			return (number == 0) ? sink.asFlux() : stalling(emitted);
		});
		ThreadPoolExecutor pool = (ThreadPoolExecutor) ((TomcatRelayServer) server).pool();
		try (RawClient live = RawClient.get(server.port(), "/tokens")) {
			live.until("event: start");
			await().atMost(Duration.ofSeconds(5)).until(() -> pool.getActiveCount() == 0);
			try (RawClient stalled = RawClient.get(server.port(), "/tokens")) {
				assertThat(stalled.status()).isEqualTo(200);
				awaitStall(emitted);
				long before = emitted.get();
				try (RawClient refused = RawClient.get(server.port(), "/tokens")) {
					assertThat(refused.status()).isEqualTo(503);
				}
				assertThat(emitted.get()).isEqualTo(before);
				assertThat(server.connections()).isEqualTo(2);
				sink.tryEmitNext(text("late"));
			}
			assertThat(Events.text(Events.parse(live.until("event: delta")))).isEqualTo("late");
		}
	}

	@Test
	void executorThatFailsForgetsNoConnectionAndNoStream() {
		Sinks.Many<Token> sink = Sinks.many().unicast().onBackpressureBuffer();
		TomcatRelayServer server = (TomcatRelayServer) serve(RelaySettings.defaults(), sink::asFlux);
		ThreadPoolExecutor pool = (ThreadPoolExecutor) server.pool();
		try (RawClient client = RawClient.get(server.port(), "/tokens")) {
			client.until("event: start");
			await().atMost(Duration.ofSeconds(5)).until(() -> pool.getActiveCount() == 0);
			server.failNext(new NoClassDefFoundError("on purpose"));
			sink.tryEmitNext(text("late"));
			assertThat(server.hasFailed()).isTrue();
			assertThat(Events.text(Events.parse(client.until("event: delta")))).isEqualTo("late");
		}
	}

	@Test
	void startThatIsRefusedForWantOfAThreadAsksNoProvider() {
		AtomicLong emitted = new AtomicLong();
		AtomicInteger subscriptions = new AtomicInteger();
		RelayServer server = serve(RelaySettings.defaults().withMaxConnections(1),
				() -> stalling(emitted).doOnSubscribe((subscription) -> subscriptions.incrementAndGet()));
		try (RawClient stalled = RawClient.get(server.port(), "/tokens")) {
			assertThat(stalled.status()).isEqualTo(200);
			awaitStall(emitted);
			for (String path : List.of("/runs", "/entities", "/continuing", "/keyed")) {
				try (RawClient refused = RawClient.send(server.port(), "POST", path, Map.of("X-User", "alice"), "")) {
					assertThat(refused.status()).isEqualTo(503);
					assertThat(refused.header("retry-after")).isEqualTo("1");
				}
			}
			assertThat(subscriptions).hasValue(1);
		}
	}

	@Test
	void runWhoseFirstBrowserIsRefusedIsForgotten() {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
		TestPublisher<Token> tokens = TestPublisher.create();
		RunOptions options = RunOptions.onDisconnect(DisconnectPolicy.CONTINUE).withIdempotencyKey("k".repeat(20));
		RequestContextHolder.setRequestAttributes(new MapRequestAttributes());
		try (TokenRelay relay = new TokenRelay(RelaySettings.defaults(), RelayErrorMapper.safe(), pool)) {
			Run run = relay.start(tokens.flux(), null, options);
			CountDownLatch over = new CountDownLatch(1);
			await().atMost(Duration.ofSeconds(5)).until(() -> submit(pool, over));
			assertThatExceptionOfType(RunRefusedException.class).isThrownBy(() -> relay.emitter(run, 0));
			tokens.assertCancelled();
			assertThat(relay.runs().active()).isZero();
			assertThat(relay.runs().find(run.id(), null)).isEmpty();
			assertThat(relay.runs().started(options.idempotencyKey(), null)).isEmpty();
			over.countDown();
		}
		finally {
			RequestContextHolder.resetRequestAttributes();
			pool.shutdown();
		}
	}

	private static boolean submit(ThreadPoolExecutor pool, CountDownLatch over) {
		try {
			pool.execute(() -> {
				try {
					over.await(10, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	@Test
	void emitterThatIsNotReturnedSubscribesToNothing() {
		AtomicInteger subscriptions = new AtomicInteger();
		try (TokenRelay relay = new TokenRelay(RelaySettings.defaults(), (failure) -> {
			throw new IllegalStateException();
		}, Runnable::run)) {
			relay.emitter(Flux.<Token>never().doOnSubscribe((subscription) -> subscriptions.incrementAndGet()));
			assertThat(subscriptions).hasValue(0);
			assertThat(relay.connections()).isZero();
		}
	}

}
