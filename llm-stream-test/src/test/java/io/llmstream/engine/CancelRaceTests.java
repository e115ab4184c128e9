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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.test.ProviderExchange;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import org.springframework.web.reactive.function.client.ExchangeFilterFunction;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cancel comes from another thread than the answer does, so that they may meet
 * anywhere. The connection is closed wherever that is.
 */
class CancelRaceTests {

	private static final Duration SOON = Duration.ofMillis(200);

	private static final StreamRequest REQUEST = StreamRequest.of("Hello");

	private final ScriptedProvider provider = ScriptedProvider.start().always(Script.text("a", "b").stallAfter(1));

	@AfterEach
	void close() {
		this.provider.close();
	}

	@Test
	void aCancelWhileTheHeadersAreBeingReadClosesTheConnection() {
		warmUp();
		CountDownLatch answered = new CountDownLatch(1);
		AtomicBoolean cancelled = new AtomicBoolean();
		Disposable subscription = model((request, next) -> next.exchange(request).doOnNext((response) -> {
			answered.countDown();
			// a test may hold an event loop, but not park it
			while (!cancelled.get()) {
				Thread.onSpinWait();
			}
		})).stream(REQUEST).subscribe();
		await(answered);
		ProviderExchange exchange = this.provider.lastRequest();
		subscription.dispose();
		cancelled.set(true);
		exchange.awaitClosedByClient(SOON);
	}

	@Test
	void aCancelWhileAFilterHasTheAnswerClosesTheConnection() {
		warmUp();
		CountDownLatch answered = new CountDownLatch(1);
		Disposable subscription = model((request, next) -> next.exchange(request)
			.doOnNext((response) -> answered.countDown())
			.delayElement(Loopback.LIMIT)).stream(REQUEST).subscribe();
		await(answered);
		ProviderExchange exchange = this.provider.lastRequest();
		subscription.dispose();
		exchange.awaitClosedByClient(SOON);
	}

	@Test
	void aCancelAtAnyMomentClosesTheConnection() {
		warmUp();
		StreamingModel model = Loopback.model("openai", this.provider.baseUrl());
		int rounds = 1500;
		for (int round = 0; round < rounds; round++) {
			Disposable subscription = model.stream(REQUEST).subscribe();
			long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(round);
			while (System.nanoTime() < until) {
				Thread.onSpinWait();
			}
			subscription.dispose();
		}
		assertThat(this.provider.requests()).as("calls that were not cancelled before they were sent")
			.hasSizeGreaterThan(rounds / 4)
			.allSatisfy((exchange) -> exchange.awaitClosedByClient(Loopback.LIMIT));
	}

	/**
	 * So that the first use of a class does not count.
	 */
	private void warmUp() {
		Disposable subscription = Loopback.model("openai", this.provider.baseUrl()).stream(REQUEST).subscribe();
		ProviderExchange exchange = this.provider.awaitRequest(1, Loopback.LIMIT);
		exchange.awaitTokens(1, Loopback.LIMIT);
		subscription.dispose();
		exchange.awaitClosedByClient(Loopback.LIMIT);
	}

	private StreamingModel model(ExchangeFilterFunction filter) {
		return Loopback.model("openai", this.provider.baseUrl(), filter);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(Loopback.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
