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

package io.llmstream.tool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.ToolErrorPolicy;
import io.llmstream.ToolException;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a {@link ToolLoop} keeps the contract of streams, whatever models, tools and
 * subscribers do and on whichever threads.
 */
class RandomToolLoopTests {

	private static final int CASES = 1500;

	@Test
	void whateverHappensAStreamEndsOnceAndLeavesNothingBehind() throws InterruptedException {
		List<Case> cases = new ArrayList<>();
		for (int seed = 0; seed < CASES; seed++) {
			Case test = new Case(seed);
			test.run();
			cases.add(test);
		}
		// At the end: a call that begins as its stream is cancelled is open for a moment.
		for (Case test : cases) {
			test.assertClosed();
		}
	}

	private static final class Case {

		private final int seed;

		private final Random random;

		/**
		 * Of the model's streams and of the tools' calls that have begun, those that go
		 * on.
		 */
		private final AtomicInteger open = new AtomicInteger();

		private final AtomicInteger requests = new AtomicInteger();

		private final int steps;

		private final int failsIn;

		private final ToolErrorPolicy policy;

		Case(int seed) {
			this.seed = seed;
			this.random = new Random(seed);
			this.steps = 1 + this.random.nextInt(4);
			this.failsIn = (this.random.nextInt(4) == 0) ? 1 + this.random.nextInt(this.steps) : 0;
			this.policy = (this.random.nextInt(5) == 0) ? ToolErrorPolicy.FAIL : ToolErrorPolicy.TELL_MODEL;
		}

		void run() throws InterruptedException {
			StreamRequest request = StreamRequest.builder()
				.user("hi")
				.toolCallbacks(List.of(tool("f"), tool("g")))
				.toolOptions(io.llmstream.ToolOptions.builder()
					.maxSteps(3)
					.maxParallelCalls(1 + this.random.nextInt(3))
					.timeout(Duration.ofSeconds(30))
					.errorPolicy(this.policy)
					.build())
				.build();
			Watcher watcher = new Watcher(this.random.nextInt(6), this.random.nextInt(3) == 0, this.random.nextInt(12));
			ToolLoop.create().apply(this::answer).stream(request).subscribe(watcher);
			assertThat(watcher.over.await(30, TimeUnit.SECONDS)).as("seed %d ends", this.seed).isTrue();
			assertThat(watcher.offences).as("seed %d", this.seed).isEmpty();
			assertThat(watcher.terminals.get()).as("seed %d", this.seed).isLessThanOrEqualTo(1);
		}

		void assertClosed() {
			await().pollDelay(Duration.ZERO)
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(this.open).as("seed %d leaves nothing open", this.seed).hasValue(0));
		}

		private Flux<Token> answer(StreamRequest request) {
			int step = this.requests.incrementAndGet();
			Random own = new Random(this.seed * 31L + step);
			List<Token> tokens = new ArrayList<>();
			int calls = (step < this.steps) ? 1 + own.nextInt(4) : 0;
			if (own.nextInt(5) == 0) {
				tokens.add(new Token.Text("old"));
				tokens.add(new Token.Reset("again"));
			}
			for (int i = own.nextInt(3); i > 0; i--) {
				tokens.add(new Token.Text("t"));
			}
			for (int i = 0; i < calls; i++) {
				tokens.add(new Token.ToolCallDelta(i, "c" + step + "-" + i, "f", "{}"));
				tokens.add(new Token.ToolCall(i, "c" + step + "-" + i, (own.nextInt(9) == 0) ? "unknown" : "f", "{}"));
			}
			if (own.nextBoolean()) {
				tokens.add(new Token.Text("end"));
			}
			boolean fails = step == this.failsIn;
			if (!fails) {
				tokens.add(TestModel.finish((calls > 0) ? FinishReason.TOOL_CALLS : FinishReason.STOP));
			}
			Flux<Token> answer = Flux.fromIterable(tokens);
			if (fails) {
				answer = answer
					.concatWith(Mono.error(() -> StreamFailure.of(ErrorKind.TRUNCATED, "p", "cut").toException()));
			}
			answer = switch (own.nextInt(4)) {
				case 0 -> answer;
				case 1 -> answer.subscribeOn(Schedulers.parallel());
				case 2 -> answer.publishOn(Schedulers.parallel(), 1);
				default -> answer.hide().publishOn(Schedulers.boundedElastic(), 2);
			};
			return counted(answer);
		}

		private ToolCallback tool(String name) {
			ToolDefinition definition = new ToolDefinition(name, null, "{\"type\":\"object\"}");
			if (this.random.nextBoolean()) {
				return ToolCallback.of(definition, (invocation) -> {
					if (invocation.id().hashCode() % 5 == 0) {
						throw new ToolException("no");
					}
					return "blocking";
				});
			}
			return ToolCallback.reactive(definition, (invocation) -> {
				Random own = new Random(this.seed ^ invocation.id().hashCode());
				Mono<String> result = switch (own.nextInt(6)) {
					case 0 -> Mono.error(new IllegalStateException("broken"));
					case 1 -> Mono.empty();
					case 2 -> Mono.just("now");
					case 3 -> Mono.just("other").publishOn(Schedulers.boundedElastic());
					default -> Mono.just("later").subscribeOn(Schedulers.parallel());
				};
				return counted(result.flux()).next();
			});
		}

		private <T> Flux<T> counted(Flux<T> source) {
			AtomicBoolean ended = new AtomicBoolean();
			Runnable end = () -> {
				if (ended.compareAndSet(false, true)) {
					this.open.decrementAndGet();
				}
			};
			return Flux.defer(() -> {
				this.open.incrementAndGet();
				return source;
			}).doFinally((signal) -> end.run());
		}

	}

	/**
	 * Asks for tokens a few at a time, from any thread, and may cancel in the middle.
	 */
	private static final class Watcher extends BaseSubscriber<Token> {

		final CountDownLatch over = new CountDownLatch(1);

		final List<String> offences = new ArrayList<>();

		final AtomicInteger terminals = new AtomicInteger();

		private final AtomicInteger inside = new AtomicInteger();

		private final AtomicLong asked = new AtomicLong();

		private final int batch;

		private final boolean cancels;

		private final int cancelAfter;

		private int came;

		private boolean finished;

		Watcher(int batch, boolean cancels, int cancelAfter) {
			this.batch = batch;
			this.cancels = cancels;
			this.cancelAfter = cancelAfter;
		}

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			more();
		}

		private void more() {
			if (this.batch == 0) {
				this.asked.set(Long.MAX_VALUE);
				requestUnbounded();
				return;
			}
			this.asked.addAndGet(this.batch);
			if (this.batch % 2 == 0) {
				request(this.batch);
			}
			else {
				Schedulers.parallel().schedule(() -> request(this.batch));
			}
		}

		@Override
		protected void hookOnNext(Token token) {
			if (this.inside.getAndIncrement() != 0) {
				this.offences.add("two at a time");
			}
			if (this.terminals.get() > 0 || this.finished) {
				this.offences.add("after the end: " + token);
			}
			this.finished = token instanceof Token.Finish;
			this.came++;
			if (this.came > this.asked.get()) {
				this.offences.add("more than was asked for");
			}
			this.inside.decrementAndGet();
			if (this.cancels && this.came > this.cancelAfter) {
				if (this.cancelAfter % 2 == 0) {
					cancel();
				}
				else {
					Schedulers.parallel().schedule(this::cancel);
				}
			}
			else if (this.batch > 0 && this.came % this.batch == 0) {
				more();
			}
		}

		@Override
		protected void hookOnComplete() {
			this.terminals.incrementAndGet();
			if (!this.finished) {
				this.offences.add("complete without Finish");
			}
		}

		@Override
		protected void hookOnError(Throwable error) {
			this.terminals.incrementAndGet();
			if (this.finished) {
				this.offences.add("an error after Finish");
			}
		}

		@Override
		protected void hookFinally(SignalType type) {
			this.over.countDown();
		}

	}

}
