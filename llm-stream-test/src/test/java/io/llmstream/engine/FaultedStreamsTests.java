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

package io.llmstream.engine;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.http.HttpExchange;
import io.llmstream.resilience.RetryBeforeContent;
import io.llmstream.resilience.RetrySettings;
import io.llmstream.route.MidStreamPolicy;
import io.llmstream.route.Route;
import io.llmstream.route.RouteTarget;
import io.llmstream.route.RoutingModel;
import io.llmstream.test.ProviderExchange;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.ConnectionProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Ten thousand answers of which every fifth begins with a fault: all complete, none loses
 * or doubles a character, and nothing is left behind. Runs in a JVM of its own, in which
 * Netty watches every buffer.
 */
@Tag("exhaustive")
class FaultedStreamsTests {

	private static final Logger logger = LoggerFactory.getLogger(FaultedStreamsTests.class);

	private static final int STREAMS = 10_000;

	private static final int AT_ONCE = 300;

	private static final int PIECES = 12;

	private static final StreamTimeouts TIMEOUTS = new StreamTimeouts(Duration.ofSeconds(8), Duration.ofSeconds(8),
			Duration.ofSeconds(8), null);

	private static final List<RandomCase.Behaviour> FAULTS = RandomCase.Behaviour.FAULTS.stream()
		// these are nothing that another attempt cures
		.filter((fault) -> fault != RandomCase.Behaviour.BAD_REQUEST && fault != RandomCase.Behaviour.SLOW)
		.toList();

	private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();

	private final ch.qos.logback.classic.Logger detector = (ch.qos.logback.classic.Logger) LoggerFactory
		.getLogger(ResourceLeakDetector.class);

	private final AtomicIntegerArray requests = new AtomicIntegerArray(STREAMS);

	private final AtomicInteger hit = new AtomicInteger();

	private final AtomicInteger subscriptions = new AtomicInteger();

	private final Map<Integer, StreamOutcome> outcomes = new ConcurrentHashMap<>();

	private final long seed = Long.getLong("llm-stream.random.seed", System.nanoTime());

	@BeforeEach
	void watch() {
		assumeThat(ResourceLeakDetector.getLevel()).as("the build runs this with Netty's leak detector at paranoid")
			.isEqualTo(ResourceLeakDetector.Level.PARANOID);
		this.leaks.start();
		this.detector.addAppender(this.leaks);
	}

	@AfterEach
	void endWatch() {
		this.detector.detachAppender(this.leaks);
	}

	@Test
	void aLeakIsSeen() {
		leak();
		assertThat(leaks()).isNotEmpty();
	}

	private static void leak() {
		Reference.reachabilityFence(ByteBufAllocator.DEFAULT.buffer(16));
	}

	@Test
	void everyAnswerIsWholeAndNothingIsLeftBehind() {
		List<ScheduledThreadPoolExecutor> timers = new CopyOnWriteArrayList<>();
		Schedulers.shutdownNow();
		Schedulers.addExecutorServiceDecorator("timers", (scheduler, executor) -> keep(timers, executor));
		ConnectionProvider connections = ConnectionProvider.builder("faulted").maxConnections(2 * AT_ONCE).build();
		try (ScriptedProvider provider = ScriptedProvider.start().withoutRecording().script(this::script)) {
			LlmStreamClient client = client(provider, Loopback.exchange(connections));
			warmUp(client);
			Set<String> threads = threads();
			long start = System.nanoTime();
			List<Integer> wrong = Objects.requireNonNull(Flux.range(0, STREAMS)
				.flatMap((number) -> ask(client, number), AT_ONCE)
				.collectList()
				.block(Duration.ofSeconds(120)));
			double seconds = (System.nanoTime() - start) / 1e9;
			logger.warn("{} streams, {} of them hit by a fault, all complete after {} s (seed {})", STREAMS, this.hit,
					Math.round(seconds * 10) / 10.0, this.seed);
			assertThat(wrong).as("streams whose text is not the expected one; seed " + this.seed).isEmpty();
			assertThat(this.hit.get()).isBetween(STREAMS / 6, STREAMS / 4);
			outcomes();
			provider.awaitIdle(Duration.ofSeconds(5));
			assertThat(threads()).as("threads").isSubsetOf(threads);
			assertThat(timers).isNotEmpty().allSatisfy((timer) -> assertThat(timer.getQueue()).isEmpty());
			assertThat(this.subscriptions).as("open subscriptions").hasValue(0);
			connections.disposeLater().block(Duration.ofSeconds(5));
			provider.awaitClosed(Duration.ofSeconds(5));
		}
		finally {
			Schedulers.removeExecutorServiceDecorator("timers");
		}
		assertThat(leaks()).isEmpty();
	}

	private static ScheduledExecutorService keep(List<ScheduledThreadPoolExecutor> timers,
			ScheduledExecutorService executor) {
		if (executor instanceof ScheduledThreadPoolExecutor timer) {
			timers.add(timer);
		}
		return executor;
	}

	private static LlmStreamClient client(ScriptedProvider provider, HttpExchange exchange) {
		RetrySettings retry = new RetrySettings(1, Duration.ofMillis(10), 2, Duration.ofMillis(100), Duration.ZERO);
		Route route = Route.builder("faulted")
			.targets(target("openai", provider, exchange, retry), target("anthropic", provider, exchange, retry))
			.midStream(MidStreamPolicy.CONTINUE)
			.build();
		return LlmStreamClient.create("faulted", new RoutingModel(route));
	}

	private static RouteTarget target(String wire, ScriptedProvider provider, HttpExchange exchange,
			RetrySettings retry) {
		return RouteTarget
			.builder(wire,
					new RetryBeforeContent(retry)
						.apply(Loopback.model(wire, provider.baseUrl(), exchange, TIMEOUTS, "test-model")))
			.build();
	}

	private void warmUp(LlmStreamClient client) {
		Flux.range(0, AT_ONCE).flatMap((number) -> ask(client, number), AT_ONCE).blockLast(Duration.ofSeconds(30));
		for (int i = 0; i < STREAMS; i++) {
			this.requests.set(i, 0);
		}
		this.hit.set(0);
		this.outcomes.clear();
	}

	/**
	 * Emits the number of the stream if its text is wrong.
	 */
	private Mono<Integer> ask(LlmStreamClient client, int number) {
		StreamObserver observer = (outcome) -> this.outcomes.put(number, outcome);
		return client.stream(StreamRequest.of("Tell me of number ~" + number + "~"))
			.doOnSubscribe((subscription) -> this.subscriptions.incrementAndGet())
			.doFinally((signal) -> this.subscriptions.decrementAndGet())
			.ofType(Token.Text.class)
			.collect(StringBuilder::new, (all, token) -> all.append(token.text()))
			.filter((text) -> !answer(number).text().contentEquals(text))
			.map((text) -> number)
			.contextWrite(observer::in);
	}

	private static KnownAnswer answer(int number) {
		String[] pieces = new String[PIECES];
		Arrays.setAll(pieces, (i) -> " s" + number + "-p" + i + ((i % 3 == 0) ? "\n" : ""));
		return new KnownAnswer(List.of(pieces));
	}

	private Script script(ProviderExchange exchange) {
		int number = Integer.parseInt(exchange.body().split("~")[1]);
		KnownAnswer answer = answer(number);
		List<String> rest = answer.after(answer.saidIn(exchange));
		Random random = new Random(this.seed + number);
		boolean first = this.requests.getAndIncrement(number) == 0;
		RandomCase.Behaviour behaviour = RandomCase.Behaviour.WELL;
		// for the first numbers of a generator are much alike
		random.nextLong();
		if (first && random.nextInt(5) == 0) {
			this.hit.incrementAndGet();
			behaviour = FAULTS.get(random.nextInt(FAULTS.size()));
		}
		return behaviour.script(Script.start(), rest, random.nextInt(PIECES));
	}

	/**
	 * The ledgers know as many attempts as there were requests.
	 */
	private void outcomes() {
		assertThat(this.outcomes).hasSize(STREAMS);
		this.outcomes.forEach((number, outcome) -> {
			assertThat(outcome.end()).as("stream %s: %s", number, outcome).isEqualTo(StreamOutcome.End.COMPLETED);
			List<StreamAttempt> attempts = outcome.attempts();
			assertThat(attempts).as("stream %s", number).hasSize(this.requests.get(number));
			assertThat(attempts.get(attempts.size() - 1).end()).isEqualTo(StreamOutcome.End.COMPLETED);
		});
	}

	private static Set<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.isDaemon() || !thread.getName().startsWith("Attach"))
			.map(Thread::getName)
			.collect(Collectors.toSet());
	}

	/**
	 * What Netty says of leaks; it looks for them when it allocates.
	 */
	private List<String> leaks() {
		for (int i = 0; i < 20; i++) {
			System.gc();
			for (int j = 0; j < 50; j++) {
				ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(16);
				buffer.release();
			}
		}
		return this.leaks.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

}
