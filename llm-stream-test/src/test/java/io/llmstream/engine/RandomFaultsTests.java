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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import io.llmstream.LlmStreamClient;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Usage;
import io.llmstream.http.HttpExchange;
import io.llmstream.resilience.RetryBeforeContent;
import io.llmstream.resilience.RetrySettings;
import io.llmstream.route.HedgeSettings;
import io.llmstream.route.MidStreamPolicy;
import io.llmstream.route.Route;
import io.llmstream.route.RouteTarget;
import io.llmstream.route.RoutingModel;
import io.llmstream.test.ProviderExchange;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of streams holds whatever the providers do: random answers and faults, on
 * random wires, behind random routes, for readers that ask for a little or for all, or
 * leave.
 * <p>
 * Each run takes new cases. A case is made from its seed alone: a failure names it, and
 * {@code -Dllm-stream.random.seed} runs it again; {@code -Dllm-stream.random.cases} says
 * how many there are.
 */
class RandomFaultsTests {

	private static final Logger logger = LoggerFactory.getLogger(RandomFaultsTests.class);

	private static final int CASES = Integer.getInteger("llm-stream.random.cases", 600);

	private static final int AT_ONCE = 40;

	private static final Duration LIMIT = Duration.ofSeconds(60 + CASES / 20);

	private static final StreamTimeouts TIMEOUTS = new StreamTimeouts(Duration.ofMillis(700), Duration.ofMillis(700),
			Duration.ofMillis(700), null);

	private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

	@Test
	void theContractHoldsWhateverTheProvidersDo() {
		ConnectionProvider connections = ConnectionProvider.builder("random").maxConnections(2 * CASES).build();
		try (ScriptedProvider provider = ScriptedProvider.start().script(this::script)) {
			HttpExchange exchange = Loopback.exchange(connections);
			List<Result> results = Objects.requireNonNull(Flux.fromStream(seeds().boxed())
				.map(RandomCase::of)
				.flatMap((random) -> run(random, provider, exchange), AT_ONCE)
				.collectList()
				.block(LIMIT));
			provider.awaitIdle(Duration.ofSeconds(5));
			long complete = results.stream().filter((result) -> result.reader().isComplete()).count();
			logger.warn("{} random cases, {} of them complete", results.size(), complete);
			assertThat(results).allSatisfy((result) -> assertThat(result.breaches()).as(result.toString()).isEmpty());
			if (results.size() == CASES) {
				assertThat(complete).as("complete answers").isBetween(CASES / 4L, CASES - CASES / 20L);
			}
			connections.disposeLater().block(LIMIT);
			provider.awaitClosed(Duration.ofSeconds(5));
		}
	}

	private static LongStream seeds() {
		Long one = Long.getLong("llm-stream.random.seed");
		return (one != null) ? LongStream.of(one) : new Random().longs(CASES, 0, Long.MAX_VALUE);
	}

	private Mono<Result> run(RandomCase random, ScriptedProvider provider, HttpExchange exchange) {
		StreamingModel model = new RoutingModel(route(random, provider, exchange));
		ContractReader reader = new ContractReader(random);
		LlmStreamClient.create("random", model)
			.stream(StreamRequest.of("Say what you know. ~" + random.seed() + "~"))
			.subscribe(reader);
		return Mono.fromFuture(reader.outcome())
			.timeout(Duration.ofSeconds(30), Mono.just(NEVER_TOLD))
			.map((outcome) -> new Result(random, reader, outcome));
	}

	private static final StreamOutcome NEVER_TOLD = new StreamOutcome(StreamOutcome.End.FAILED, "nobody", null, null,
			Usage.NONE, null, null, List.of());

	private static Route route(RandomCase random, ScriptedProvider provider, HttpExchange exchange) {
		Route.Builder route = Route.builder("random-" + random.seed())
			.midStream(random.policy())
			.maxRecoveries(random.maxRecoveries());
		RetrySettings retry = new RetrySettings(random.maxRetries(), Duration.ofMillis(5), 2, Duration.ofMillis(100),
				Duration.ofMillis(5));
		for (int i = 0; i < random.targets().size(); i++) {
			RandomCase.Target target = random.targets().get(i);
			StreamingModel model = Loopback.model(target.wire(), provider.baseUrl() + "/target-" + i, exchange,
					TIMEOUTS, "test-model");
			route.targets(RouteTarget.builder("target-" + i, new RetryBeforeContent(retry).apply(model))
				.prefill((name) -> target.prefill())
				.build());
		}
		if (random.hedgeAfter() != null) {
			route.hedge(HedgeSettings.after(random.hedgeAfter()));
		}
		return route.build();
	}

	private Script script(ProviderExchange exchange) {
		String seed = exchange.body().split("~")[1];
		int target = exchange.uri().charAt("/target-".length()) - '0';
		int before = this.requests.computeIfAbsent(target + "~" + seed, (any) -> new AtomicInteger()).getAndIncrement();
		return RandomCase.of(Long.parseLong(seed)).script(target, before, exchange);
	}

	/**
	 * What became of a case.
	 */
	private record Result(RandomCase random, ContractReader reader, StreamOutcome outcome) {

		List<String> breaches() {
			List<String> breaches = new ArrayList<>(this.reader.breaches());
			if (this.outcome == NEVER_TOLD) {
				breaches.add("the stream did not end");
				return breaches;
			}
			if (!this.reader.isCancelled()) {
				retries(breaches);
			}
			return breaches;
		}

		/**
		 * Nothing is tried again after content, unless the policy says so, and the reader
		 * is told.
		 */
		private void retries(List<String> breaches) {
			// those that were cancelled have lost a race, and said nothing
			List<StreamAttempt> attempts = this.outcome.attempts()
				.stream()
				.filter((attempt) -> attempt.end() != StreamOutcome.End.CANCELLED)
				.toList();
			long brokenOff = attempts.stream()
				.limit(Math.max(0, attempts.size() - 1))
				.filter((attempt) -> attempt.tokens() > 0)
				.count();
			if (this.random.policy() == MidStreamPolicy.FAIL && brokenOff + this.reader.resets() > 0) {
				breaches.add("something was tried after content");
			}
			if (this.random.policy() == MidStreamPolicy.RESTART && brokenOff != this.reader.resets()) {
				breaches.add(brokenOff + " attempts broke off, but there were " + this.reader.resets() + " resets");
			}
			if (brokenOff > this.random.maxRecoveries()) {
				breaches.add("more recoveries than allowed");
			}
		}

		@Override
		public String toString() {
			return "-Dllm-stream.random.seed=" + this.random.seed() + "\n  " + this.random + "\n  it went:\n    "
					+ this.reader + "\n  attempts: " + this.outcome.attempts();
		}

	}

}
