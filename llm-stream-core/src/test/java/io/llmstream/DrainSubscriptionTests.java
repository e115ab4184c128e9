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

package io.llmstream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DrainSubscription}; how it does its work is seen in routes and tool
 * loops.
 */
class DrainSubscriptionTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final AtomicInteger stopped = new AtomicInteger();

	@Test
	void whatThrowsInsideEndsTheStreamWithAnErrorAfterWhatItHadToEmit() {
		StepVerifier.create(new Breaking(), 0)
			.thenRequest(1)
			.expectNext(new Token.Text("a"))
			.expectErrorMessage("broken")
			.verify(LIMIT);
		assertThat(this.stopped).hasPositiveValue();
	}

	private final class Breaking extends Flux<Token> {

		@Override
		public void subscribe(CoreSubscriber<? super Token> actual) {
			Inside inside = new Inside(actual);
			actual.onSubscribe(inside);
			inside.begin();
		}

	}

	private final class Inside extends DrainSubscription<String> {

		private Inside(CoreSubscriber<? super Token> actual) {
			super(actual);
		}

		private void begin() {
			signal("token");
			signal("failure");
		}

		@Override
		protected void handle(String signal) {
			if (signal.equals("failure")) {
				throw new IllegalStateException("broken");
			}
			pass(new Token.Text("a"));
		}

		@Override
		protected void demand(long wanted) {
			// tokens come by themselves
		}

		@Override
		protected void stop() {
			DrainSubscriptionTests.this.stopped.incrementAndGet();
		}

	}

}
