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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.Completion;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamFailure;
import io.llmstream.Token;
import io.llmstream.ToolActivity;
import io.llmstream.ToolApproval;
import io.llmstream.ToolCallback;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.ToolErrorPolicy;
import io.llmstream.ToolException;
import io.llmstream.ToolFailedException;
import io.llmstream.ToolStepLimitException;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link ToolLoop}: what it does when all goes well, and what it is told to do
 * when not.
 */
class ToolLoopTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Token.StepStart SECOND = new Token.StepStart(2);

	private final TestModel model = new TestModel();

	private final LlmStreamClient client = LlmStreamClient.builder("test", this.model).tools(ToolLoop.create()).build();

	private static ToolDefinition definition(String name) {
		return new ToolDefinition(name, "A test", "{\"type\":\"object\"}");
	}

	private static ToolCallback echo(String name) {
		return ToolCallback.of(definition(name), (call) -> name + call.arguments());
	}

	@Test
	void theModelGoesOnWithTheResultsInTheSameStream() {
		this.model.answers(Flux.just(new Token.Text("Let me see. "), new Token.ToolCallDelta(0, "a", "weather", "{"),
				new Token.ToolCallDelta(0, null, null, "}"), new Token.ToolCall(0, "a", "weather", "{}"),
				TestModel.finish(FinishReason.TOOL_CALLS)));
		this.model.says("Sunny.");
		StepVerifier.create(this.client.prompt("hi").tools(echo("weather")).stream())
			.expectNext(new Token.Text("Let me see. "), new Token.ToolCallDelta(0, "a", "weather", "{"),
					new Token.ToolCallDelta(0, null, null, "}"), new Token.ToolCall(0, "a", "weather", "{}"),
					new Token.ToolResult("a", "weather", "weather{}", false), SECOND, new Token.Text("Sunny."))
			.expectNext(new Token.Finish(FinishReason.STOP, null, Usage.reported(20, 10), null, "test"))
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.model.requests.get(1).messages()).containsExactly(Message.user("hi"),
				Message.of(Message.Role.ASSISTANT, new Part.Text("Let me see. "),
						new Part.ToolCall("a", "weather", "{}")),
				Message.tool(new Part.ToolResult("a", "weather", "weather{}")));
	}

	@Test
	void callsOfLaterStepsAreCountedOn() {
		this.model.calls("t", "1", "2").calls("t", "3").says("done");
		List<Token> tokens = this.client.prompt("hi").tools(echo("t")).stream().collectList().block(LIMIT);
		assertThat(tokens).filteredOn(Token.ToolCall.class::isInstance)
			.extracting((token) -> ((Token.ToolCall) token).index())
			.containsExactly(0, 1, 2);
		assertThat(this.model.requests).hasSize(3);
		assertThat(this.model.requests.get(2).messages()).hasSize(5);
	}

	@Test
	void aToolStartsBeforeTheModelHasEndedItsStep() throws InterruptedException {
		TestPublisher<Token> step = TestPublisher.create();
		CountDownLatch ran = new CountDownLatch(1);
		this.model.answers(step.flux()).says("end");
		ToolCallback tool = ToolCallback.of(definition("t"), (call) -> {
			ran.countDown();
			return "early";
		});
		StepVerifier.create(this.client.prompt("hi").tools(tool).stream())
			.then(() -> step.next(new Token.ToolCall(0, "a", "t", "{}")))
			.expectNextCount(1)
			.expectNext(new Token.ToolResult("a", "t", "early", false))
			.then(() -> step.next(new Token.Text("and"), TestModel.finish(FinishReason.TOOL_CALLS)).complete())
			.expectNext(new Token.Text("and"), SECOND, new Token.Text("end"))
			.expectNextCount(1)
			.expectComplete()
			.verify(LIMIT);
		assertThat(ran.await(0, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void resultsComeAsTheyAreReadyAndGoBackInTheOrderOfTheCalls() {
		Sinks.One<String> first = Sinks.one();
		Sinks.One<String> second = Sinks.one();
		this.model.calls("t", "1", "2").says("end");
		ToolCallback tool = ToolCallback.reactive(definition("t"),
				(call) -> (call.arguments().equals("1")) ? first.asMono() : second.asMono());
		StepVerifier.create(this.client.prompt("hi").tools(tool).stream())
			.expectNextCount(2)
			.then(() -> second.tryEmitValue("two"))
			.expectNextMatches((token) -> token instanceof Token.ToolResult result && result.content().equals("two"))
			.then(() -> first.tryEmitValue("one"))
			.expectNextMatches((token) -> token instanceof Token.ToolResult result && result.content().equals("one"))
			.expectNextCount(3)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.model.requests.get(1).messages().get(2).parts()).extracting("content")
			.containsExactly("one", "two");
	}

	@Test
	void aToolThatIsNoCallbackIsLeftToWhoReadsTheStream() {
		this.model.answers(Flux.just(new Token.ToolCall(0, "a", "mine", "{}"),
				new Token.ToolCall(1, "b", "yours", "{}"), TestModel.finish(FinishReason.TOOL_CALLS)));
		StepVerifier.create(this.client.prompt("hi").tools(definition("yours"), echo("mine")).stream())
			.expectNextCount(2)
			.expectNext(new Token.ToolResult("a", "mine", "mine{}", false))
			.expectNextMatches(
					(token) -> token instanceof Token.Finish finish && finish.reason() == FinishReason.TOOL_CALLS)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.model.requests).hasSize(1);
		assertThat(this.model.requests.get(0).tools()).extracting(ToolDefinition::name)
			.containsExactly("yours", "mine");
	}

	@Test
	void anAnswerThatWasCutIsNotGoneOnWith() {
		this.model
			.answers(Flux.just(new Token.ToolCall(0, "a", "t", "{\"x\":"), TestModel.finish(FinishReason.LENGTH)));
		Completion completion = this.client.prompt("hi").tools(new Adder()).completion().block(LIMIT);
		assertThat(completion).isNotNull();
		assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
	}

	@Test
	void aPausedTurnGoesOn() {
		this.model.answers(Flux.just(new Token.Text("wait"), TestModel.finish(FinishReason.PAUSE))).says("end");
		Completion completion = this.client.prompt("hi").tools(echo("t")).completion().block(LIMIT);
		assertThat(completion).isNotNull();
		assertThat(completion.text()).isEqualTo("end");
		assertThat(this.model.requests.get(1).messages()).containsExactly(Message.user("hi"),
				Message.assistant("wait"));
	}

	@Test
	void aCompletionHasTheLastMessageAndAllOfThem() {
		this.model.answers(Flux.just(new Token.Text("Wait. "), new Token.ToolCall(0, "a", "t", "1"),
				TestModel.finish(FinishReason.TOOL_CALLS)));
		this.model.says("Done.");
		Completion completion = this.client.prompt("hi").tools(echo("t")).completion().block(LIMIT);
		assertThat(completion).isNotNull();
		assertThat(completion.text()).isEqualTo("Done.");
		assertThat(completion.messages()).containsExactly(
				Message.of(Message.Role.ASSISTANT, new Part.Text("Wait. "), new Part.ToolCall("a", "t", "1")),
				Message.tool(new Part.ToolResult("a", "t", "t1")), Message.assistant("Done."));
	}

	@Test
	void aForcedToolIsForcedOnce() {
		this.model.calls("t", "1").says("end");
		this.client.prompt("hi")
			.tools(echo("t"))
			.options((request) -> request.toolChoice(ToolChoice.REQUIRED))
			.completion()
			.block(LIMIT);
		assertThat(this.model.requests).extracting("toolChoice").containsExactly(ToolChoice.REQUIRED, null);
	}

	@Test
	void theStepLimitEndsTheStreamAndRunsNothingMore() {
		AtomicInteger runs = new AtomicInteger();
		ToolCallback tool = ToolCallback.of(definition("t"), (call) -> "" + runs.incrementAndGet());
		this.model.answers(Flux.just(new Token.Text("a"), new Token.ToolCall(0, "a", "t", "{}"),
				TestModel.finish(FinishReason.TOOL_CALLS)));
		this.model.answers(Flux.just(new Token.Text("b"), new Token.ToolCall(0, "b", "t", "{}"),
				TestModel.finish(FinishReason.TOOL_CALLS)));
		StepVerifier.create(this.client.prompt("hi").tools(tool).toolOptions((options) -> options.maxSteps(2)).stream())
			.thenConsumeWhile((token) -> true)
			.expectErrorSatisfies((error) -> {
				ToolStepLimitException limit = (ToolStepLimitException) error;
				assertThat(limit.getPartialText()).isEqualTo("ab");
				assertThat(limit.getUsage()).isEqualTo(Usage.reported(20, 10));
			})
			.verify(LIMIT);
		assertThat(runs).hasValue(1);
	}

	@Test
	void aFailureOfALaterStepCarriesTheTextAndTheUsageOfAll() {
		this.model.answers(Flux.just(new Token.Text("a"), new Token.ToolCall(0, "a", "t", "{}"),
				TestModel.finish(FinishReason.TOOL_CALLS)));
		LlmStreamException broken = StreamFailure.of(ErrorKind.TRUNCATED, "p", "broke off")
			.partial("b", Usage.reported(1, 1), "id")
			.toException();
		this.model.answers(Flux.concat(Flux.just(new Token.Text("b")), Flux.error(broken)));
		StepVerifier.create(this.client.prompt("hi").tools(echo("t")).stream())
			.thenConsumeWhile((token) -> true)
			.expectErrorSatisfies((error) -> {
				LlmStreamException failure = (LlmStreamException) error;
				assertThat(failure.getKind()).isEqualTo(ErrorKind.TRUNCATED);
				assertThat(failure.getPartialText()).isEqualTo("ab");
				assertThat(failure.getUsage()).isEqualTo(Usage.reported(11, 6));
			})
			.verify(LIMIT);
	}

	@Test
	void aResetTakesBackTheStepOnly() {
		this.model.calls("t", "1");
		this.model.answers(Flux.just(new Token.Text("wrong"), new Token.Reset("again"), new Token.Text("right"),
				TestModel.finish(FinishReason.STOP)));
		Completion completion = this.client.prompt("hi").tools(echo("t")).completion().block(LIMIT);
		assertThat(completion).isNotNull();
		assertThat(completion.text()).isEqualTo("right");
		assertThat(completion.messages()).hasSize(3);
	}

	@Test
	void aStepSaysWhetherItsToolHasBeenStarted() {
		TestPublisher<Token> step = TestPublisher.create();
		boolean[] started = new boolean[2];
		this.model.answers(Flux.deferContextual((context) -> {
			ToolActivity activity = ToolActivity.from(context);
			assertThat(activity).isNotNull();
			started[0] = activity.started();
			return step.flux().doOnComplete(() -> started[1] = activity.started());
		})).says("end");
		StepVerifier.create(this.client.prompt("hi").tools(echo("t")).stream())
			.then(() -> step.next(new Token.ToolCall(0, "a", "t", "{}"), TestModel.finish(FinishReason.TOOL_CALLS))
				.complete())
			.expectNextCount(5)
			.expectComplete()
			.verify(LIMIT);
		assertThat(started).containsExactly(false, true);
	}

	@Test
	void approvalIsAskedForEachCall() {
		this.model.calls("t", "1", "2", "3").says("end");
		ToolApproval approval = (call) -> switch (call.arguments()) {
			case "1" -> Mono.just(ToolApproval.Decision.APPROVED);
			case "2" -> Mono.just(ToolApproval.Decision.denied("Not today."));
			default -> Mono.empty();
		};
		List<Token> tokens = this.client.prompt("hi")
			.tools(echo("t"))
			.toolOptions((options) -> options.approval(approval).maxParallelCalls(1))
			.stream()
			.collectList()
			.block(LIMIT);
		assertThat(tokens).filteredOn(Token.ToolResult.class::isInstance)
			.extracting("content", "error")
			.containsExactly(tuple("t1", false), tuple("Not today.", true), tuple("The call was not approved.", true));
	}

	@Test
	void aDeniedCallEndsNothingEvenIfFailuresDo() {
		this.model.calls("t", "1").says("end");
		Completion completion = this.client.prompt("hi")
			.tools(echo("t"))
			.toolOptions((options) -> options.errorPolicy(ToolErrorPolicy.FAIL)
				.approval((call) -> Mono.just(ToolApproval.Decision.denied("No."))))
			.completion()
			.block(LIMIT);
		assertThat(completion).isNotNull();
		assertThat(completion.text()).isEqualTo("end");
	}

	@Test
	void theModelIsToldWhatAToolWantsItToKnowAndNoMore() {
		this.model.calls("t", "1", "2").calls("unknown", "{}").says("end");
		ToolCallback tool = ToolCallback.of(definition("t"), (call) -> {
			if (call.arguments().equals("1")) {
				throw new ToolException("No such city.");
			}
			throw new IllegalStateException("password=secret");
		});
		List<Token> tokens = this.client.prompt("hi")
			.tools(tool)
			.toolOptions((options) -> options.maxParallelCalls(1))
			.stream()
			.collectList()
			.block(LIMIT);
		assertThat(tokens).filteredOn(Token.ToolResult.class::isInstance)
			.allMatch((token) -> ((Token.ToolResult) token).error())
			.extracting("content")
			.containsExactly("No such city.", "The tool failed.", "There is no tool 'unknown'.");
	}

	@Test
	void aFailureEndsTheStreamWhereThePolicySaysSo() {
		this.model
			.answers(Flux.concat(Flux.just(new Token.Text("a"), new Token.ToolCall(0, "x", "t", "{}")), Flux.never()));
		IllegalStateException cause = new IllegalStateException("broken");
		ToolCallback tool = ToolCallback.of(definition("t"), (call) -> {
			throw cause;
		});
		StepVerifier
			.create(this.client.prompt("hi")
				.tools(tool)
				.toolOptions((options) -> options.errorPolicy(ToolErrorPolicy.FAIL))
				.stream())
			.expectNextCount(2)
			.expectErrorSatisfies((error) -> {
				assertThat(error).isInstanceOf(ToolFailedException.class).hasCause(cause);
				assertThat(error).hasMessageContaining("'t'");
				assertThat(((ToolFailedException) error).getPartialText()).isEqualTo("a");
			})
			.verify(LIMIT);
		assertThat(this.model.cancels).hasValue(1);
	}

	@Test
	void demandReachesTheModelAndHoldsForResults() {
		TestPublisher<Token> first = TestPublisher.create();
		TestPublisher<Token> second = TestPublisher.create();
		this.model.answers(first.flux()).answers(second.flux());
		StepVerifier.create(this.client.prompt("hi").tools(echo("t")).stream(), 2)
			.then(() -> first.assertMaxRequested(2))
			.then(() -> first.next(new Token.ToolCall(0, "a", "t", "{}")))
			.expectNextCount(1)
			.expectNextMatches(Token.ToolResult.class::isInstance)
			.then(() -> first.next(TestModel.finish(FinishReason.TOOL_CALLS)).complete())
			.thenRequest(1)
			.expectNext(SECOND)
			.then(() -> second.assertMaxRequested(0))
			.thenRequest(1)
			.then(() -> second.assertMaxRequested(1))
			.then(() -> second.next(new Token.Text("b")))
			.expectNext(new Token.Text("b"))
			.thenRequest(1)
			.then(() -> second.next(TestModel.finish(FinishReason.STOP)).complete())
			.expectNextCount(1)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aRequestWithoutToolsIsPassedOnAsItIs() {
		this.model.says("hi");
		StepVerifier.create(this.client.prompt("hi").stream()).expectNextCount(2).expectComplete().verify(LIMIT);
	}

	@Test
	void aClientInsideOfAnotherRunsNoTools() {
		this.model.calls("t", "1").says("end");
		LlmStreamClient outer = LlmStreamClient.builder("outer", this.client::stream).tools(ToolLoop.create()).build();
		Completion completion = outer.prompt("hi").tools(echo("t")).completion().block(LIMIT);
		assertThat(completion).isNotNull();
		assertThat(completion.messages()).hasSize(3);
		assertThat(this.model.requests).hasSize(2)
			.allMatch((request) -> request.toolCallbacks().isEmpty() && request.tools().size() == 1);
	}

	@Test
	void toolsAreNamedOnce() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.prompt("hi").tools(echo("t"), echo("t")).stream())
			.withMessageContaining("t");
	}

	@Test
	void aClientWithoutALoopSaysSo() {
		LlmStreamClient plain = LlmStreamClient.create("plain", this.model);
		assertThatIllegalStateException().isThrownBy(() -> plain.prompt("hi").tools(echo("t")))
			.withMessageContaining("plain");
	}

	@Test
	void registeredToolsAreFoundByName() {
		ToolLoop loop = ToolLoop.builder().registry(ToolRegistry.of(List.of(echo("t")))).build();
		assertThat(loop.toolsOf("t")).hasSize(1);
		assertThatIllegalArgumentException().isThrownBy(() -> loop.toolsOf("other"))
			.withMessageContaining("'other'")
			.withMessageContaining("known are: t");
		assertThatIllegalArgumentException().isThrownBy(() -> ToolRegistry.of(List.of(echo("t"), echo("t"))))
			.withMessageContaining("the same name");
	}

	/**
	 * A bean with a tool.
	 */
	static class Adder {

		@Tool
		int add(int x, int y) {
			return x + y;
		}

	}

}
