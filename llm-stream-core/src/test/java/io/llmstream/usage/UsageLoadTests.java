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

package io.llmstream.usage;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many streams that end at once, on many threads, while the ledger is read.
 */
class UsageLoadTests {

	private static final int WRITERS = 16;

	private static final int STREAMS_EACH = 12_500;

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final TokenPrice PRICE = TokenPrice.perMillion("0.15", "0.6");

	@Test
	void twoHundredThousandStreamsOfSixteenWritersAddUpToTheTokenAndTheMicroCentWhileTheyAreRead() throws Exception {
		InMemoryUsageStore store = new InMemoryUsageStore(500, 100, ZoneOffset.UTC);
		try (UsageLedger ledger = UsageLedger.builder(store)
			.prices((provider, model) -> PRICE)
			.bufferSize(1_000)
			.build()) {
			AtomicBoolean over = new AtomicBoolean();
			ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
			Future<Integer> reader = threads.submit(() -> read(store, over));
			List<Future<Map<String, Usage>>> writers = new ArrayList<>();
			for (int i = 0; i < WRITERS; i++) {
				int writer = i;
				writers.add(threads.submit(() -> write(ledger, writer)));
			}
			Map<String, Usage> truth = truth(writers);
			assertThat(ledger.flush(LIMIT)).isTrue();
			over.set(true);
			assertThat(reader.get()).as("queries meanwhile").isPositive();
			threads.shutdown();
			assertThat(ledger.state().lost()).isZero();
			assertThat(ledger.state().pending()).isZero();
			assertThat(ledger.state().recorded()).isEqualTo(2L * WRITERS * STREAMS_EACH);
			compare(store, truth);
		}
	}

	private static void compare(InMemoryUsageStore store, Map<String, Usage> truth) {
		assertThat(store.size()).as("sums in memory").isLessThanOrEqualTo(1_000);
		assertThat(store.latest(1_000)).hasSize(100);
		UsageTotals all = store.query(UsageQuery.totals()).get(0).totals();
		Usage sum = truth.values().stream().reduce(Usage::plus).orElseThrow();
		assertThat(all.streams()).isEqualTo((long) WRITERS * STREAMS_EACH);
		assertThat(all.attempts()).isEqualTo((long) WRITERS * STREAMS_EACH);
		assertThat(all.inputTokens()).isEqualTo(sum.inputTokens());
		assertThat(all.outputTokens()).isEqualTo(sum.outputTokens());
		assertThat(all.cachedInputTokens()).isEqualTo(sum.cachedInputTokens());
		assertThat(all.cost()).isEqualByComparingTo(PRICE.cost(sum));
		for (UsageRow row : store.query(UsageQuery.totals(UsageDimension.tag("team")))) {
			Usage expected = truth.get(row.group().get(0));
			assertThat(expected).as(row.group().get(0)).isNotNull();
			assertThat(row.totals().totalTokens()).isEqualTo(expected.totalTokens());
			assertThat(row.totals().cost()).isEqualByComparingTo(PRICE.cost(expected));
		}
	}

	private static int read(InMemoryUsageStore store, AtomicBoolean over) throws InterruptedException {
		int queries = 0;
		BigDecimal before = BigDecimal.ZERO;
		while (!over.get()) {
			for (UsageRow row : store.query(UsageQuery.totals())) {
				assertThat(row.totals().cost()).isGreaterThanOrEqualTo(before);
				before = row.totals().cost();
			}
			store.query(UsageQuery.totals(UsageDimension.MODEL, UsageDimension.tag("team")).by(UsagePeriod.MINUTE));
			queries++;
			Thread.sleep(5);
		}
		return queries;
	}

	private static Map<String, Usage> write(UsageLedger ledger, int writer) {
		Map<String, Usage> truth = new HashMap<>();
		for (int i = 0; i < STREAMS_EACH; i++) {
			int number = writer * STREAMS_EACH + i;
			Usage usage = new Usage(number % 997 + 10, number % 331 + 1, number % 10, 0, 0, Usage.Source.REPORTED);
			String team = "team-" + number % 7;
			LlmStreamClient client = LlmStreamClient.create("chat",
					(request) -> Flux.just(new Token.Text("hello"),
							new Token.Finish(FinishReason.STOP, "stop", usage, null, "model-" + number % 5)),
					List.of(ledger));
			client.stream(StreamRequest.builder().user("hello").tag("team", team).build()).blockLast(LIMIT);
			truth.merge(team, usage, Usage::plus);
		}
		return truth;
	}

	private static Map<String, Usage> truth(List<Future<Map<String, Usage>>> writers)
			throws ExecutionException, InterruptedException {
		Map<String, Usage> truth = new HashMap<>();
		for (Future<Map<String, Usage>> writer : writers) {
			writer.get().forEach((team, usage) -> truth.merge(team, usage, Usage::plus));
		}
		return truth;
	}

}
