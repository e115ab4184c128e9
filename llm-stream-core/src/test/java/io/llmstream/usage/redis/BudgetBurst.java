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

package io.llmstream.usage.redis;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.BudgetExceededException;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.usage.Budget;
import io.llmstream.usage.BudgetStoreFailurePolicy;
import io.llmstream.usage.Budgets;
import io.llmstream.usage.InMemoryUsageStore;
import io.llmstream.usage.UsageLedger;
import io.llmstream.usage.UsagePeriod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A process of several that ask at the same time. It says what became of its streams, and
 * goes on when it is told to.
 */
final class BudgetBurst {

	/** How many streams each process begins. */
	static final int STREAMS = 100;

	/** What a stream reserves: the prompt "Hi", and an answer of 10 tokens. */
	static final int RESERVED = 5 + 10;

	/** What a stream uses in the end. */
	static final int USED = 5 + 2;

	private BudgetBurst() {
	}

	static Budget budget() {
		return new Budget("burst", "user", Budget.Unit.TOKENS, BigDecimal.valueOf(100 * RESERVED), Map.of(),
				UsagePeriod.MONTH);
	}

	static Budgets budgets(UsageLedger ledger, LettuceConnectionFactory connections) {
		RedisBudgetStore store = new RedisBudgetStore(connections, "test", Duration.ofSeconds(20),
				Duration.ofMinutes(10), InstantSource.system());
		store.connect().block(Duration.ofSeconds(20));
		return Budgets.builder(ledger)
			.budgets(List.of(budget()))
			.store(store)
			.storeFailurePolicy(BudgetStoreFailurePolicy.REFUSE)
			.build();
	}

	public static void main(String[] arguments) throws Exception {
		LettuceConnectionFactory connections = RedisServer.connections(Integer.parseInt(arguments[0]));
		UsageLedger ledger = UsageLedger.builder(new InMemoryUsageStore(1_000, 10, ZoneOffset.UTC)).build();
		Sinks.Empty<Token> end = Sinks.empty();
		AtomicInteger asked = new AtomicInteger();
		AtomicInteger refused = new AtomicInteger();
		CountDownLatch decided = new CountDownLatch(STREAMS);
		CountDownLatch ended = new CountDownLatch(STREAMS);
		Usage usage = Usage.reported(5, 2);
		LlmStreamClient client = LlmStreamClient
			.builder("chat", budgets(ledger, connections).guard("chat", List.of(), (request) -> Flux.defer(() -> {
				asked.incrementAndGet();
				decided.countDown();
				return end.asMono()
					.flux()
					.concatWith(Flux.just(new Token.Text("Hello"),
							new Token.Finish(FinishReason.STOP, "stop", usage, null, "m")));
			})))
			.contributors(List.of(ledger))
			.build();
		StreamRequest request = StreamRequest.builder().user("Hi").maxOutputTokens(10).tag("user", "anna").build();
		PrintStream told = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
		BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
		told.println("ready");
		lines.readLine();
		for (int i = 0; i < STREAMS; i++) {
			client.stream(request).doFinally((signal) -> ended.countDown()).subscribe((token) -> {
			}, (failure) -> {
				refused.addAndGet((failure instanceof BudgetExceededException) ? 1 : 1_000);
				decided.countDown();
			});
		}
		decided.await();
		told.println(asked + " " + refused);
		lines.readLine();
		end.tryEmitEmpty();
		ended.await();
		told.println("ended");
		lines.readLine();
		System.exit(0);
	}

}
