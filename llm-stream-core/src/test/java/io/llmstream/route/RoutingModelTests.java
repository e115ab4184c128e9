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

package io.llmstream.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

import io.llmstream.AuthenticationException;
import io.llmstream.ErrorKind;
import io.llmstream.InvalidRequestException;
import io.llmstream.LlmStreamException;
import io.llmstream.Message;
import io.llmstream.OverloadedException;
import io.llmstream.ReasoningOptions;
import io.llmstream.ResponseFormat;
import io.llmstream.StallTimeoutException;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolActivity;
import io.llmstream.TruncatedStreamException;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link RoutingModel}: failover and mid-stream policies.
 */
class RoutingModelTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final StreamRequest REQUEST = StreamRequest.of("hi");

	private final TestTarget a = new TestTarget("a");

	private final TestTarget b = new TestTarget("b");

	private Route.Builder route(MidStreamPolicy policy) {
		return Route.builder("r").targets(this.a.target(), this.b.target()).midStream(policy);
	}

	private static List<Token> tokens(Route.Builder route) {
		return tokens(route, REQUEST);
	}

	private static List<Token> tokens(Route.Builder route, StreamRequest request) {
		List<Token> tokens = new RoutingModel(route.build()).stream(request).collectList().block(LIMIT);
		assertThat(tokens).isNotNull();
		assertThat(tokens.stream().filter(Token.Finish.class::isInstance)).hasSize(1);
		assertThat(tokens.get(tokens.size() - 1)).isInstanceOf(Token.Finish.class);
		return tokens;
	}

	private static LlmStreamException failure(Route.Builder route, List<Token> before) {
		return failure(route, REQUEST, before);
	}

	private static LlmStreamException failure(Route.Builder route, StreamRequest request, List<Token> before) {
		LlmStreamException failure = catchThrowableOfType(LlmStreamException.class,
				() -> new RoutingModel(route.build()).stream(request).doOnNext(before::add).blockLast(LIMIT));
		assertThat(failure).isNotNull();
		return failure;
	}

	private static String text(List<Token> tokens) {
		StringBuilder text = new StringBuilder();
		for (Token token : tokens) {
			if (token instanceof Token.Reset) {
				text.setLength(0);
			}
			if (token instanceof Token.Text piece) {
				text.append(piece.text());
			}
		}
		return text.toString();
	}

	private static Token.Finish finish(List<Token> tokens) {
		return (Token.Finish) tokens.get(tokens.size() - 1);
	}

	@Test
	void theFirstTargetAnswers() {
		this.a.says("Hello", " world");
		assertThat(text(tokens(route(MidStreamPolicy.FAIL)))).isEqualTo("Hello world");
		assertThat(this.b.requests).isEmpty();
	}

	@Test
	void nothingHappensBeforeTheSubscription() {
		new RoutingModel(route(MidStreamPolicy.FAIL).build()).stream(REQUEST);
		assertThat(this.a.requests).isEmpty();
	}

	@Test
	void theNextTargetIsAskedWhereAnotherMayCureTheFailure() {
		for (ErrorKind kind : Route.defaultFailoverOn()) {
			this.a.fails(kind);
			this.b.says("Hello");
			assertThat(text(tokens(route(MidStreamPolicy.FAIL)))).as("%s", kind).isEqualTo("Hello");
		}
	}

	@Test
	void aFailureOfTheRequestIsPassedOn() {
		for (ErrorKind kind : EnumSet.of(ErrorKind.INVALID_REQUEST, ErrorKind.CONTENT_BLOCKED,
				ErrorKind.CONTEXT_TOO_LONG)) {
			this.a.fails(kind);
			assertThat(failure(route(MidStreamPolicy.CONTINUE), new ArrayList<>()).getKind()).isEqualTo(kind);
		}
		assertThat(this.b.requests).isEmpty();
	}

	@Test
	void reasonsForFailoverCanBeChosen() {
		this.a.fails(ErrorKind.CONTEXT_TOO_LONG).fails(ErrorKind.OVERLOADED);
		this.b.says("Hello");
		Route.Builder route = route(MidStreamPolicy.FAIL).failoverOn(EnumSet.of(ErrorKind.CONTEXT_TOO_LONG));
		assertThat(text(tokens(route))).isEqualTo("Hello");
		assertThat(failure(route, new ArrayList<>())).isInstanceOf(OverloadedException.class);
	}

	@Test
	void whereAllTargetsFailTheLastFailureIsPassedOn() {
		this.a.fails(ErrorKind.OVERLOADED);
		this.b.fails(ErrorKind.AUTHENTICATION);
		assertThat(failure(route(MidStreamPolicy.CONTINUE), new ArrayList<>()))
			.isInstanceOf(AuthenticationException.class);
		assertThat(this.a.requests).hasSize(1);
	}

	@Test
	void aFailureThatIsNoneOfAStreamIsPassedOn() {
		this.a.answers(Flux.error(new IllegalStateException("mine")));
		StepVerifier.create(new RoutingModel(route(MidStreamPolicy.RESTART).build()).stream(REQUEST))
			.expectErrorMessage("mine")
			.verify(LIMIT);
	}

	@Test
	void aTargetThatThrowsFailsTheStream() {
		Route route = Route.builder("r").targets(RouteTarget.builder("x", (request) -> {
			throw new IllegalStateException("mine");
		}).build()).build();
		StepVerifier.create(new RoutingModel(route).stream(REQUEST)).expectErrorMessage("mine").verify(LIMIT);
	}

	@Test
	void optionsThatThrowFailTheStream() {
		Route route = Route.builder("r").targets(this.a.builder().options((request) -> {
			throw new IllegalStateException("mine");
		}).build()).build();
		StepVerifier.create(new RoutingModel(route).stream(REQUEST)).expectErrorMessage("mine").verify(LIMIT);
	}

	@Test
	void manyTargetsThatFailAtOnceDoNotFillTheStack() {
		Route.Builder route = Route.builder("r");
		for (int i = 0; i < 5000; i++) {
			route.targets(new TestTarget("t" + i).fails(ErrorKind.OVERLOADED).target());
		}
		this.a.says("Hello");
		assertThat(text(tokens(route.targets(this.a.target())))).isEqualTo("Hello");
	}

	@Test
	void aTargetIsAskedForItsOwnModelWithItsOwnOptions() {
		this.a.fails(ErrorKind.OVERLOADED);
		this.b.says("Hello");
		Route.Builder route = Route.builder("r")
			.targets(this.a.target(),
					this.b.builder()
						.model("small")
						.options((request) -> request.mutate().temperature(0.5).build())
						.build());
		tokens(route, StreamRequest.builder().user("hi").model("big").build());
		assertThat(this.a.requests.get(0).model()).isEqualTo("big");
		assertThat(this.b.requests.get(0).model()).isEqualTo("small");
		assertThat(this.b.requests.get(0).temperature()).isEqualTo(0.5);
	}

	@Test
	void whatIsNoContentDoesNotPreventFailover() {
		this.a.fails(ErrorKind.OVERLOADED, List.of(new Token.Other("x", "{}")));
		this.b.says("Hello");
		assertThat(text(tokens(route(MidStreamPolicy.FAIL)))).isEqualTo("Hello");
	}

	@Test
	void failKeepsThePartialText() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello", " wor");
		List<Token> before = new ArrayList<>();
		assertThat(failure(route(MidStreamPolicy.FAIL), before).getPartialText()).isEqualTo("Hello wor");
		assertThat(text(before)).isEqualTo("Hello wor");
		assertThat(this.b.requests).isEmpty();
	}

	@Test
	void anAnswerWithoutItsEndIsTruncated() {
		this.a.answers(Flux.fromIterable(TestTarget.texts("Hel")));
		assertThat(failure(route(MidStreamPolicy.FAIL), new ArrayList<>()))
			.isInstanceOf(TruncatedStreamException.class);
	}

	@Test
	void restartBeginsAnewAfterAReset() {
		this.a.fails(ErrorKind.STALL_TIMEOUT, "Hello", " wor");
		this.b.says("Good", " day");
		List<Token> tokens = tokens(route(MidStreamPolicy.RESTART));
		assertThat(tokens.get(2)).isInstanceOf(Token.Reset.class);
		assertThat(text(tokens)).isEqualTo("Good day");
		assertThat(this.b.requests).containsExactly(REQUEST);
		assertThat(finish(tokens).usage()).isEqualTo(Usage.reported(10, 5));
	}

	@Test
	void restartAsksTheOnlyTargetAgain() {
		this.a.fails(ErrorKind.STALL_TIMEOUT, "Hello", " wor").says("Good day");
		Route.Builder route = Route.builder("r").targets(this.a.target()).midStream(MidStreamPolicy.RESTART);
		assertThat(text(tokens(route))).isEqualTo("Good day");
	}

	@Test
	void restartAfterAToolCallNeedsToKnowThatNoToolWasStarted() {
		List<Token> call = List.of(new Token.ToolCallDelta(0, "1", "f", "{}"), new Token.ToolCall(0, "1", "f", "{}"));
		this.a.fails(ErrorKind.TRUNCATED, call).fails(ErrorKind.TRUNCATED, call).fails(ErrorKind.TRUNCATED, call);
		this.b.says("Good day");
		RoutingModel model = new RoutingModel(route(MidStreamPolicy.RESTART).build());
		StepVerifier.create(model.stream(REQUEST))
			.expectNextSequence(call)
			.expectError(TruncatedStreamException.class)
			.verify(LIMIT);
		ToolActivity started = () -> true;
		StepVerifier.create(model.stream(REQUEST).contextWrite(started::in))
			.expectNextSequence(call)
			.expectError(TruncatedStreamException.class)
			.verify(LIMIT);
		ToolActivity idle = () -> false;
		StepVerifier.create(model.stream(REQUEST).contextWrite(idle::in))
			.expectNextSequence(call)
			.expectNextMatches(Token.Reset.class::isInstance)
			.expectNext(new Token.Text("Good day"))
			.expectNextMatches(Token.Finish.class::isInstance)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void restartDiscardsAnUnfinishedToolCall() {
		this.a.fails(ErrorKind.TRUNCATED, List.of(new Token.ToolCallDelta(0, "1", "f", "{\"a")));
		this.b.says("Good day");
		assertThat(text(tokens(route(MidStreamPolicy.RESTART)))).isEqualTo("Good day");
	}

	@Test
	void continueAsksTheNextTargetForTheRest() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello", " wor");
		this.b.says("ld", "!");
		List<Token> tokens = tokens(route(MidStreamPolicy.CONTINUE));
		assertThat(tokens).noneMatch(Token.Reset.class::isInstance);
		assertThat(text(tokens)).isEqualTo("Hello world!");
		assertThat(this.b.requests.get(0).messages()).containsExactly(Message.user("hi"),
				Message.assistant("Hello wor"), Message.user(ContinuationPrompt.DEFAULT_TEXT));
		assertThat(finish(tokens).usage()).isEqualTo(Usage.reported(17, 7));
		assertThat(finish(tokens).model()).isEqualTo("b");
	}

	@Test
	void continueByPromptDropsWhatIsRepeated() {
		this.a.fails(ErrorKind.TRUNCATED, "The quick brown fox jumps");
		this.b.says("brown fox", " jumps", " over");
		assertThat(text(tokens(route(MidStreamPolicy.CONTINUE)))).isEqualTo("The quick brown fox jumps over");
	}

	@Test
	void continueByPromptKeepsWhatIsHeldBackAtTheEnd() {
		this.a.fails(ErrorKind.TRUNCATED, "The quick brown fox jumps");
		this.b.says("brown");
		assertThat(text(tokens(route(MidStreamPolicy.CONTINUE)))).isEqualTo("The quick brown fox jumpsbrown");
	}

	@Test
	void thePromptCanBeReplaced() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello");
		this.b.says(" world");
		tokens(route(MidStreamPolicy.CONTINUE)
			.continuation(new ContinuationSettings((request, text) -> "After " + text, 3, 10)));
		assertThat(this.b.lastMessage()).isEqualTo(Message.user("After Hello"));
	}

	@Test
	void continueByPrefillGivesTheModelItsBeginning() {
		this.a.fails(ErrorKind.TRUNCATED, "ha ha ha ha ha ");
		this.b.says("ha ha ha ha ha!");
		Route.Builder route = Route.builder("r")
			.targets(this.a.target(), this.b.builder().model("m").prefill("m"::equals).build())
			.midStream(MidStreamPolicy.CONTINUE);
		assertThat(text(tokens(route))).isEqualTo("ha ha ha ha ha ha ha ha ha ha!");
		assertThat(this.b.lastMessage()).isEqualTo(Message.assistant("ha ha ha ha ha"));
	}

	@Test
	void aRejectedPrefillIsAskedForByPromptAndNotTriedAgain() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello").fails(ErrorKind.TRUNCATED, "Hello");
		this.b.fails(ErrorKind.INVALID_REQUEST).says(" world").says(" moon");
		RoutingModel model = new RoutingModel(Route.builder("r")
			.targets(this.a.target(), this.b.builder().prefill((name) -> true).build())
			.midStream(MidStreamPolicy.CONTINUE)
			.build());
		assertThat(text(model.stream(REQUEST).collectList().block(LIMIT))).isEqualTo("Hello world");
		assertThat(this.b.requests.get(0).messages()).hasSize(2);
		assertThat(this.b.requests.get(1).messages()).hasSize(3);
		assertThat(text(model.stream(REQUEST).collectList().block(LIMIT))).isEqualTo("Hello moon");
		assertThat(this.b.requests).hasSize(3);
		assertThat(this.b.requests.get(2).messages()).hasSize(3);
	}

	@Test
	void aModelThatIsToReasonIsNotGivenItsBeginning() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello");
		this.b.says(" world");
		tokens(Route.builder("r")
			.targets(this.a.target(), this.b.builder().prefill((name) -> true).build())
			.midStream(MidStreamPolicy.CONTINUE),
				StreamRequest.builder().user("hi").reasoning(ReasoningOptions.budget(1000)).build());
		assertThat(this.b.lastMessage().role()).isEqualTo(Message.Role.USER);
	}

	@Test
	void theTextGoesOnWithAMessageOfTheAssistant() {
		this.a.fails(ErrorKind.TRUNCATED, "lo wor");
		this.b.says("ld");
		tokens(route(MidStreamPolicy.CONTINUE), StreamRequest.builder().user("hi").assistant("Hel").build());
		assertThat(this.b.requests.get(0).messages().get(1)).isEqualTo(Message.assistant("Hello wor"));
		assertThat(this.b.requests.get(0).messages()).hasSize(3);
	}

	@Test
	void theOnlyTargetContinuesItsOwnAnswer() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello").fails(ErrorKind.STALL_TIMEOUT, " wor").says("ld");
		List<Token> tokens = tokens(Route.builder("r").targets(this.a.target()).midStream(MidStreamPolicy.CONTINUE));
		assertThat(text(tokens)).isEqualTo("Hello world");
		assertThat(finish(tokens).usage()).isEqualTo(Usage.reported(24, 9));
	}

	@Test
	void anAnswerIsRecoveredSoManyTimesOnly() {
		this.a.fails(ErrorKind.TRUNCATED, "a").fails(ErrorKind.TRUNCATED, "c");
		this.b.fails(ErrorKind.STALL_TIMEOUT, "b");
		List<Token> before = new ArrayList<>();
		LlmStreamException failure = failure(route(MidStreamPolicy.CONTINUE).maxRecoveries(2), before);
		assertThat(failure).isInstanceOf(TruncatedStreamException.class);
		assertThat(failure.getPartialText()).isEqualTo("abc").isEqualTo(text(before));
		assertThat(failure.getUsage()).isEqualTo(Usage.reported(21, 6));
	}

	@Test
	void aContinuationThatCannotBeginIsLeftToTheNextTarget() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello").says(" world");
		this.b.fails(ErrorKind.OVERLOADED);
		assertThat(text(tokens(route(MidStreamPolicy.CONTINUE)))).isEqualTo("Hello world");
	}

	@Test
	void aContinuationThatBreaksOffWhileItRepeatsIsContinued() {
		this.a.fails(ErrorKind.TRUNCATED, "The quick brown fox jumps").says(" over");
		this.b.fails(ErrorKind.TRUNCATED, "brown fox");
		assertThat(text(tokens(route(MidStreamPolicy.CONTINUE)))).isEqualTo("The quick brown fox jumps over");
	}

	@Test
	void continueNeverGoesOnWithinAToolCall() {
		this.a.fails(ErrorKind.TRUNCATED,
				List.of(new Token.Text("Let me see"), new Token.ToolCallDelta(0, "1", "f", "{\"a")));
		LlmStreamException failure = failure(route(MidStreamPolicy.CONTINUE), new ArrayList<>());
		assertThat(failure.getPartialText()).isEqualTo("Let me see");
		assertThat(this.b.requests).isEmpty();
	}

	@Test
	void continueNeverGoesOnWithReasoning() {
		this.a.fails(ErrorKind.TRUNCATED, List.of(new Token.Text("Let me see"), new Token.Reasoning("Hm")));
		failure(route(MidStreamPolicy.CONTINUE), new ArrayList<>());
		assertThat(this.b.requests).isEmpty();
	}

	@Test
	void continueGoesOnWithTextThatFollowsReasoning() {
		this.a.fails(ErrorKind.TRUNCATED, List.of(new Token.Reasoning("Hm"),
				new Token.ReplayState("d", "signature", "\"s\""), new Token.Text("Hello")));
		this.b.says(" world");
		assertThat(text(tokens(route(MidStreamPolicy.CONTINUE)))).isEqualTo("Hello world");
	}

	@Test
	void continueRestartsAnAnswerWithoutText() {
		this.a.fails(ErrorKind.TRUNCATED, List.of(new Token.Reasoning("Hm")));
		this.b.says("Hello");
		List<Token> tokens = tokens(route(MidStreamPolicy.CONTINUE));
		assertThat(tokens.get(1)).isInstanceOf(Token.Reset.class);
		assertThat(this.b.requests).containsExactly(REQUEST);
	}

	@Test
	void continueNeverMixesTwoDocuments() {
		this.a.fails(ErrorKind.TRUNCATED, "{\"a\":");
		failure(route(MidStreamPolicy.CONTINUE),
				StreamRequest.builder().user("hi").responseFormat(ResponseFormat.JSON_OBJECT).build(),
				new ArrayList<>());
		assertThat(this.b.requests).isEmpty();
	}

	@Test
	void anAnswerOfWhiteSpaceIsAskedForAgain() {
		this.a.fails(ErrorKind.TRUNCATED, "\n\n");
		this.b.says("\n", "\nHello");
		assertThat(text(tokens(route(MidStreamPolicy.CONTINUE)))).isEqualTo("\n\nHello");
		assertThat(this.b.requests).containsExactly(REQUEST);
	}

	@Test
	void theRestHasWhatIsLeftOfTheOutputLimit() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello");
		this.b.says(" world");
		tokens(route(MidStreamPolicy.CONTINUE), StreamRequest.builder().user("hi").maxOutputTokens(10).build());
		assertThat(this.b.requests.get(0).maxOutputTokens()).isEqualTo(8);
	}

	@Test
	void usageThatIsPartlyUnknownIsEstimated() {
		this.a.answers(Flux.just((Token) new Token.Text("Hello"))
			.concatWith(Flux.error(this.a.error(ErrorKind.TRUNCATED, List.of()))));
		this.b.says(" world");
		assertThat(finish(tokens(route(MidStreamPolicy.CONTINUE))).usage())
			.isEqualTo(new Usage(10, 5, 0, 0, 0, Usage.Source.ESTIMATED));
	}

	@Test
	void aFailureOfTheRequestEndsAContinuation() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello");
		this.b.fails(ErrorKind.INVALID_REQUEST);
		LlmStreamException failure = failure(route(MidStreamPolicy.CONTINUE), new ArrayList<>());
		assertThat(failure).isInstanceOf(InvalidRequestException.class);
		assertThat(failure.getPartialText()).isEqualTo("Hello");
	}

	@Test
	void aResetWithinATargetDiscardsWhatWouldBeContinued() {
		this.a.fails(ErrorKind.TRUNCATED,
				List.of(new Token.Text("Hel"), new Token.Reset("again"), new Token.Text("Good")));
		this.b.says(" day");
		assertThat(text(tokens(route(MidStreamPolicy.CONTINUE)))).isEqualTo("Good day");
		assertThat(this.b.requests.get(0).messages().get(1)).isEqualTo(Message.assistant("Good"));
	}

	@Test
	void aResetWithinAContinuationIsABreak() {
		this.a.fails(ErrorKind.TRUNCATED, "Hello").says("ld");
		this.b.answers(Flux.just(new Token.Text(" wor"), new Token.Reset("again"), new Token.Text("Hi")));
		assertThat(text(tokens(route(MidStreamPolicy.CONTINUE)))).isEqualTo("Hello world");
		assertThat(this.b.cancels).hasValue(1);
	}

	@Test
	void impossibleRoutesAreRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> Route.builder("r").build())
			.withMessageContaining("targets");
		assertThatIllegalArgumentException().isThrownBy(() -> route(MidStreamPolicy.FAIL).maxRecoveries(-1).build())
			.withMessageContaining("maxRecoveries");
		assertThatIllegalArgumentException().isThrownBy(() -> this.a.builder().weight(0).build())
			.withMessageContaining("weight");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ContinuationSettings(ContinuationPrompt.of("x"), 10, 9))
			.withMessageContaining("maxOverlap");
		assertThatIllegalArgumentException().isThrownBy(() -> HedgeSettings.after(Duration.ZERO))
			.withMessageContaining("after");
		assertThatIllegalArgumentException().isThrownBy(() -> new StickySettings("t", Duration.ofSeconds(-1), 1))
			.withMessageContaining("idle");
	}

	@Test
	void aStallOfTheLastTargetIsItsOwnKindOfFailure() {
		this.a.fails(ErrorKind.STALL_TIMEOUT, "a");
		assertThat(failure(route(MidStreamPolicy.RESTART).maxRecoveries(0), new ArrayList<>()))
			.isInstanceOf(StallTimeoutException.class);
	}

}
