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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link ToolLoop} with tools that hang, throw, answer too much, are many, or
 * are stopped.
 */
class ToolFaultTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final String MANY = "x".repeat(10 * 1024 * 1024);

	private final TestModel model = new TestModel();

	private final ThreadPoolTaskExecutor threads = threads(8);

	private final LlmStreamClient client = LlmStreamClient.builder("test", this.model)
		.tools(ToolLoop.builder().executor(this.threads).build())
		.build();

	private static ThreadPoolTaskExecutor threads(int size) {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(size);
		executor.setMaxPoolSize(size);
		executor.setThreadNamePrefix("tool-");
		executor.initialize();
		return executor;
	}

	@AfterEach
	void noThreadIsBusyAfterwards() {
		Awaitility.await().atMost(LIMIT).until(() -> this.threads.getActiveCount() == 0);
		assertThat(this.threads.getQueueSize()).isZero();
		this.threads.shutdown();
	}

	private static ToolDefinition definition() {
		return new ToolDefinition("t", "A test", "{\"type\":\"object\"}");
	}

	private List<Token.ToolResult> results(ToolCallback tool) {
		return this.client.prompt("hi")
			.tools(tool)
			.toolOptions((options) -> options.timeout(Duration.ofMillis(200)))
			.stream()
			.ofType(Token.ToolResult.class)
			.collectList()
			.block(LIMIT);
	}

	@Test
	void aCallThatWasCutBeforeItsArgumentsIsNotRun() {
		AtomicInteger runs = new AtomicInteger();
		Token.ToolCall call = this.model.call(0, "t", "");
		this.model.answers(Flux.just(call, TestModel.finish(FinishReason.LENGTH)));
		ToolCallback tool = ToolCallback.of(definition(), (invocation) -> "ran " + runs.incrementAndGet());
		assertThat(results(tool)).extracting("content", "error")
			.containsExactly(tuple("The arguments are not valid JSON.", true));
		assertThat(runs).hasValue(0);
	}

	@Test
	void aToolThatHangsIsInterruptedAndTheModelIsTold() throws InterruptedException {
		CountDownLatch interrupted = new CountDownLatch(1);
		this.model.calls("t", "{}").says("end");
		ToolCallback tool = ToolCallback.of(definition(), (call) -> {
			try {
				Thread.sleep(60_000);
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			return "late";
		});
		assertThat(results(tool)).extracting("content", "error")
			.containsExactly(tuple("The tool did not answer in time.", true));
		assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void aToolThatDoesNotHeedItsInterruptHoldsNothingUp() {
		AtomicBoolean go = new AtomicBoolean();
		this.model.calls("t", "{}").says("end");
		ToolCallback tool = ToolCallback.of(definition(), (call) -> {
			while (!go.get()) {
				Thread.onSpinWait();
			}
			return "late";
		});
		try {
			assertThat(results(tool)).extracting("content").containsExactly("The tool did not answer in time.");
		}
		finally {
			go.set(true);
		}
	}

	@Test
	void aReactiveToolThatHangsIsCancelled() {
		AtomicInteger cancels = new AtomicInteger();
		this.model.calls("t", "{}").says("end");
		ToolCallback tool = ToolCallback.reactive(definition(),
				(call) -> Mono.<String>never().doOnCancel(cancels::incrementAndGet));
		assertThat(results(tool)).extracting("content").containsExactly("The tool did not answer in time.");
		assertThat(cancels).hasValue(1);
	}

	@Test
	void anErrorIsAFailureLikeAnyOther() {
		this.model.calls("t", "{}", "{}").says("end");
		AtomicInteger runs = new AtomicInteger();
		ToolCallback tool = ToolCallback.of(definition(), (call) -> {
			if (runs.incrementAndGet() == 1) {
				throw new AssertionError("no");
			}
			throw new UnsupportedOperationException("no");
		});
		assertThat(results(tool)).extracting("content").containsExactly("The tool failed.", "The tool failed.");
	}

	@Test
	void tenMegabytesAreRefusedAndTheModelIsToldTheLimit() {
		this.model.calls("t", "{}").says("end");
		assertThat(results(ToolCallback.of(definition(), (call) -> MANY))).extracting("content", "error")
			.containsExactly(tuple("The result is longer than 100000 characters. Ask for less.", true));
		assertThat(this.model.requests.get(1).messages().toString()).hasSizeLessThan(1000);
	}

	@Test
	void tenMegabytesOfJsonAreNotWritten() {
		this.model.calls("many", "{}").calls("pieces", "{}").says("end");
		Big big = new Big();
		List<Token.ToolResult> results = this.client.prompt("hi")
			.tools(big)
			.stream()
			.ofType(Token.ToolResult.class)
			.collectList()
			.block(LIMIT);
		assertThat(results).hasSize(2)
			.allMatch(Token.ToolResult::error)
			.allMatch((result) -> result.content().startsWith("The result is longer"));
		assertThat(big.emitted.get()).isLessThan(200);
		assertThat(big.cancelled).isTrue();
	}

	@Test
	void cancellingStopsModelAndTools() throws InterruptedException {
		CountDownLatch running = new CountDownLatch(2);
		CountDownLatch stopped = new CountDownLatch(2);
		CountDownLatch told = new CountDownLatch(1);
		this.model.answers(Flux.concat(
				Flux.just(this.model.call(0, "t", "1"), this.model.call(1, "t", "2"), this.model.call(2, "r", "3")),
				Flux.never()));
		ToolCallback blocking = ToolCallback.of(definition(), (call) -> {
			running.countDown();
			try {
				Thread.sleep(60_000);
			}
			catch (InterruptedException ex) {
				stopped.countDown();
			}
			return "";
		});
		AtomicInteger cancels = new AtomicInteger();
		ToolCallback reactive = ToolCallback.reactive(new ToolDefinition("r", "A test", "{}"),
				(call) -> Mono.<String>never().doOnCancel(cancels::incrementAndGet));
		StreamObserver observer = (outcome) -> {
			assertThat(outcome.end()).isEqualTo(StreamOutcome.End.CANCELLED);
			told.countDown();
		};
		Disposable subscription = this.client.prompt("hi")
			.tools(blocking, reactive)
			.stream()
			.contextWrite(observer::in)
			.subscribe();
		assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
		Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
			subscription.dispose();
			assertThat(stopped.getCount()).isZero();
			assertThat(cancels).hasValue(1);
		});
		assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.model.cancels).hasValue(1);
		assertThat(this.model.requests).hasSize(1);
	}

	@Test
	void aFailureOfTheModelStopsTools() throws InterruptedException {
		CountDownLatch stopped = new CountDownLatch(1);
		CountDownLatch running = new CountDownLatch(1);
		this.model
			.answers(Flux.concat(Flux.just(this.model.call(0, "t", "1")), Flux.defer(() -> Mono.fromCallable(() -> {
				running.await();
				return true;
			}).subscribeOn(Schedulers.boundedElastic()).then(Mono.error(new IllegalStateException("broken"))))));
		ToolCallback tool = ToolCallback.of(definition(), (call) -> {
			running.countDown();
			try {
				Thread.sleep(60_000);
			}
			catch (InterruptedException ex) {
				stopped.countDown();
			}
			return "";
		});
		StepVerifier.create(this.client.prompt("hi").tools(tool).stream())
			.expectNextCount(1)
			.expectErrorMessage("broken")
			.verify(LIMIT);
		assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
	}

	private static boolean await(CountDownLatch latch) {
		try {
			return latch.await(LIMIT.toMillis() / 2, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Test
	void fiftyCallsAtOnceAreRunEightAtATimeAndAllAnswered() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		String[] arguments = IntStream.range(0, 50).mapToObj(String::valueOf).toArray(String[]::new);
		this.model.calls("t", arguments).says("end");
		// the first ones wait for each other, so that there is a moment in which all are
		// running
		CountDownLatch eight = new CountDownLatch(8);
		ToolCallback tool = ToolCallback.of(definition(), (call) -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			eight.countDown();
			boolean together = await(eight);
			running.decrementAndGet();
			return (together) ? call.arguments() : "alone";
		});
		List<Token.ToolResult> results = this.client.prompt("hi")
			.tools(tool)
			.stream()
			.ofType(Token.ToolResult.class)
			.collectList()
			.block(LIMIT);
		assertThat(results).hasSize(50).noneMatch(Token.ToolResult::error);
		assertThat(most).hasValue(8);
		assertThat(this.model.requests.get(1).messages().get(2).parts()).extracting("content")
			.containsExactlyElementsOf(Arrays.asList(arguments));
	}

	@Test
	void fiftyCallsThatHangEndInTime() {
		String[] arguments = IntStream.range(0, 50).mapToObj(String::valueOf).toArray(String[]::new);
		this.model.calls("t", arguments).says("end");
		ToolCallback tool = ToolCallback.reactive(definition(), (call) -> Mono.never());
		List<Token.ToolResult> results = this.client.prompt("hi")
			.tools(tool)
			.toolOptions((options) -> options.timeout(Duration.ofMillis(20)).maxParallelCalls(25))
			.stream()
			.ofType(Token.ToolResult.class)
			.collectList()
			.block(LIMIT);
		assertThat(results).hasSize(50).allMatch(Token.ToolResult::error);
	}

	@Test
	void aPoolWithoutRoomIsAFailureOfTheCall() {
		ThreadPoolTaskExecutor full = new ThreadPoolTaskExecutor();
		full.initialize();
		full.shutdown();
		LlmStreamClient own = LlmStreamClient.builder("test", this.model)
			.tools(ToolLoop.builder().executor(full).build())
			.build();
		this.model.calls("t", "{}").says("end");
		List<Token> tokens = own.prompt("hi")
			.tools(ToolCallback.of(definition(), (call) -> "never"))
			.stream()
			.collectList()
			.block(LIMIT);
		assertThat(tokens).contains(new Token.ToolResult("call-0-0", "t", "The tool is overloaded.", true));
	}

	@Test
	void aSubscriberMayAskForOneTokenAtATime() {
		String[] arguments = IntStream.range(0, 20).mapToObj(String::valueOf).toArray(String[]::new);
		this.model.calls("t", arguments).calls("t", arguments).says("end");
		List<Token> tokens = this.client.prompt("hi")
			.tools(ToolCallback.of(definition(), (call) -> call.arguments()))
			.stream()
			.limitRate(1)
			.collectList()
			.block(LIMIT);
		assertThat(tokens).hasSize(84);
		assertThat(tokens.get(83))
			.isEqualTo(new Token.Finish(FinishReason.STOP, null, Usage.reported(30, 15), null, "test"));
	}

	/**
	 * A bean that answers more than anybody wants.
	 */
	static class Big {

		final AtomicInteger emitted = new AtomicInteger();

		volatile boolean cancelled;

		@Tool
		List<String> many() {
			return IntStream.range(0, 1_000_000).mapToObj((i) -> "0123456789").toList();
		}

		@Tool
		Flux<String> pieces() {
			return Flux.range(0, 10_000)
				.map((i) -> "x".repeat(1024))
				.doOnNext((piece) -> this.emitted.incrementAndGet())
				.doOnCancel(() -> this.cancelled = true);
		}

	}

}
