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

package io.llmstream.conversation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.llmstream.Completion;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.Message;
import io.llmstream.OutputOptions;
import io.llmstream.Part;
import io.llmstream.Partial;
import io.llmstream.StreamAdmission;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;
import io.llmstream.tool.ToolLoop;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Conversations}.
 */
class ConversationsTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final Token FINISH = finish(FinishReason.STOP);

	private final InMemoryConversationMemory memory = new InMemoryConversationMemory(10, 100);

	private final List<StreamRequest> requests = new ArrayList<>();

	private final Deque<Flux<Token>> answers = new ArrayDeque<>();

	private final LlmStreamClient client = client(this.memory);

	private LlmStreamClient client(ConversationMemory memory, ConversationWindow... windows) {
		return LlmStreamClient.builder("test", (request) -> {
			this.requests.add(request);
			return this.answers.remove();
		}).tools(ToolLoop.create()).conversations(new Conversations(memory, windows)).build();
	}

	private static Token.Finish finish(FinishReason reason) {
		return new Token.Finish(reason, null, Usage.reported(1, 1), null, null);
	}

	private static Token text(String text) {
		return new Token.Text(text);
	}

	private List<Message> kept() {
		List<Message> kept = this.memory.load("c").block(LIMIT);
		assertThat(kept).isNotNull();
		return kept;
	}

	private void say(String question, Token... answer) {
		this.answers.add(Flux.just(answer));
		StepVerifier.create(this.client.prompt(question).conversation("c").stream())
			.thenConsumeWhile((token) -> true)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void modelIsShownWhatWasSaidBefore() {
		say("My name is Ada.", text("Hel"), text("lo Ada."), FINISH);
		this.answers.add(Flux.just(text("Ada."), FINISH));
		StepVerifier.create(this.client.prompt().system("Be brief.").user("Who am I?").conversation("c").stream())
			.expectNext(text("Ada."))
			.expectNextMatches(Token.Finish.class::isInstance)
			.expectComplete()
			.verify(LIMIT);
		StreamRequest second = this.requests.get(1);
		assertThat(second.messages()).containsExactly(Message.system("Be brief."), Message.user("My name is Ada."),
				Message.assistant("Hello Ada."), Message.user("Who am I?"));
		assertThat(kept()).containsExactly(Message.user("My name is Ada."), Message.assistant("Hello Ada."),
				Message.user("Who am I?"), Message.assistant("Ada."));
	}

	@Test
	void conversationsAreApart() {
		say("a", text("b"), FINISH);
		this.answers.add(Flux.just(text("d"), FINISH));
		assertThat(this.client.prompt("c").conversation("other").completion().block(LIMIT)).isNotNull();
		assertThat(this.requests.get(1).messages()).containsExactly(Message.user("c"));
		this.answers.add(Flux.just(text("f"), FINISH));
		assertThat(this.client.prompt("e").completion().block(LIMIT)).isNotNull();
		assertThat(this.requests.get(2).messages()).containsExactly(Message.user("e"));
		assertThat(kept()).hasSize(2);
	}

	@Test
	void callsAndResultsOfAllStepsAreKept() {
		this.answers.add(Flux.just(text("Well."), new Token.ReplayState("d", "signature", "1"),
				new Token.ToolCall(0, "t1", "f", "{}"), finish(FinishReason.TOOL_CALLS)));
		this.answers.add(Flux.just(text("So."), FINISH));
		ToolCallback tool = ToolCallback.reactive(new ToolDefinition("f", null, "{\"type\":\"object\"}"),
				(invocation) -> Mono.just("42"));
		assertThat(this.client.prompt("Hi").tools(tool).conversation("c").completion().block(LIMIT)).isNotNull();
		assertThat(kept()).containsExactly(Message.user("Hi"),
				Message.of(Message.Role.ASSISTANT, new Part.Text("Well."), new Part.ReplayState("d", "signature", "1"),
						new Part.ToolCall("t1", "f", "{}")),
				Message.tool(new Part.ToolResult("t1", "f", "42")), Message.assistant("So."));
	}

	@Test
	void whatAResetTookBackIsNotKept() {
		say("Hi", text("old"), new Token.Reset("again"), text("new"), FINISH);
		assertThat(kept()).containsExactly(Message.user("Hi"), Message.assistant("new"));
	}

	@Test
	void partOfAnAnswerThatFailsIsKeptWithoutStateOfItsProvider() {
		LlmStreamException failure = StreamFailure.of(ErrorKind.TRUNCATED, "p", "cut").toException();
		this.answers.add(Flux.concat(Flux.just(new Token.ReplayState("d", "signature", "1"), text("Hel"), text("lo")),
				Flux.error(failure)));
		StepVerifier.create(this.client.prompt("Hi").conversation("c").stream())
			.expectNextCount(3)
			.expectErrorMatches(
					(error) -> error instanceof LlmStreamException ex && ex.getKind() == ErrorKind.TRUNCATED)
			.verify(LIMIT);
		assertThat(kept()).containsExactly(Message.user("Hi"), Message.assistant("Hello"));
	}

	@Test
	void partOfAnAnswerThatIsStoppedIsKept() {
		TestPublisher<Token> answer = TestPublisher.create();
		this.answers.add(answer.flux());
		StepVerifier.create(this.client.prompt("Hi").conversation("c").stream())
			.then(() -> answer.next(text("Hel"), text("lo")))
			.expectNext(text("Hel"), text("lo"))
			.thenCancel()
			.verify(LIMIT);
		answer.assertCancelled();
		assertThat(kept()).containsExactly(Message.user("Hi"), Message.assistant("Hello"));
	}

	@Test
	void aCallThatWasStoppedIsAnsweredWithThatInTheNextRequest() {
		CountDownLatch started = new CountDownLatch(1);
		ToolCallback tool = ToolCallback.reactive(new ToolDefinition("f", null, "{\"type\":\"object\"}"),
				(invocation) -> Mono.<String>never().doOnSubscribe((subscription) -> started.countDown()));
		this.answers.add(Flux.just(new Token.ToolCall(0, "t1", "f", "{}"), finish(FinishReason.TOOL_CALLS)));
		StepVerifier.create(this.client.prompt("Hi").tools(tool).conversation("c").stream())
			.expectNextCount(1)
			.then(() -> awaits(started))
			.thenCancel()
			.verify(LIMIT);
		say("And now?", text("Well."), FINISH);
		assertThat(this.requests.get(1).messages()).containsExactly(Message.user("Hi"),
				Message.of(Message.Role.ASSISTANT, new Part.ToolCall("t1", "f", "{}")),
				Message.tool(new Part.ToolResult("t1", "f", ToolCallPairs.STOPPED, true, null)),
				Message.user("And now?"));
	}

	private static void awaits(CountDownLatch latch) {
		try {
			assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void resultsThatTheApplicationSendsAnswerTheCallsBefore() {
		say("Hi", new Token.ToolCall(0, "t1", "f", "{}"), finish(FinishReason.TOOL_CALLS));
		Message result = Message.tool(new Part.ToolResult("t1", "f", "42"));
		this.answers.add(Flux.just(text("So."), FINISH));
		assertThat(this.client.prompt().messages(List.of(result)).conversation("c").completion().block(LIMIT))
			.isNotNull();
		assertThat(this.requests.get(1).messages()).containsExactly(Message.user("Hi"),
				Message.of(Message.Role.ASSISTANT, new Part.ToolCall("t1", "f", "{}")), result);
		assertThat(kept()).hasSize(4);
	}

	@Test
	void nothingIsKeptOfATurnWithoutAnAnswer() {
		this.answers.add(Flux.error(StreamFailure.of(ErrorKind.OVERLOADED, "p", "busy").toException()));
		StepVerifier.create(this.client.prompt("Hi").conversation("c").stream())
			.expectError(LlmStreamException.class)
			.verify(LIMIT);
		assertThat(kept()).isEmpty();
	}

	@Test
	void modelIsShownWhatFitsIntoTheWindow() {
		LlmStreamClient narrow = client(this.memory, ConversationWindow.ofMessages(2),
				ConversationWindow.ofTokens(1000));
		say("1", text("a"), FINISH);
		say("2", text("b"), FINISH);
		this.answers.add(Flux.just(text("c"), FINISH));
		assertThat(narrow.prompt("3").conversation("c").completion().block(LIMIT)).isNotNull();
		assertThat(this.requests.get(2).messages()).containsExactly(Message.user("2"), Message.assistant("b"),
				Message.user("3"));
	}

	private static ConversationMemory memory(Mono<List<Message>> loaded, Mono<Void> stored,
			List<List<Message>> appended) {
		return new ConversationMemory() {

			@Override
			public Mono<List<Message>> load(String conversationId) {
				return loaded;
			}

			@Override
			public Mono<Void> append(String conversationId, List<Message> messages) {
				appended.add(messages);
				return stored;
			}

			@Override
			public Mono<Void> delete(String conversationId) {
				return Mono.empty();
			}

		};
	}

	@Test
	void endWaitsUntilTheTurnIsKept() {
		Sinks.Empty<Void> stored = Sinks.empty();
		List<List<Message>> appended = new ArrayList<>();
		ConversationMemory slow = memory(Mono.empty(), stored.asMono(), appended);
		this.answers.add(Flux.just(text("a"), FINISH));
		StepVerifier.create(client(slow).prompt("Hi").conversation("c").stream())
			.expectNext(text("a"))
			.then(() -> assertThat(appended).hasSize(1))
			.then(stored::tryEmitEmpty)
			.expectNextMatches(Token.Finish.class::isInstance)
			.expectComplete()
			.verify(LIMIT);
		assertThat(appended).containsExactly(List.of(Message.user("Hi"), Message.assistant("a")));
	}

	@Test
	void memoryThatCannotBeReadFailsTheStreamBeforeTheModelIsAsked() {
		ConversationMemory broken = memory(Mono.error(new IllegalStateException("no")), Mono.empty(),
				new ArrayList<>());
		StepVerifier.create(client(broken).prompt("Hi").conversation("c").stream())
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(LlmStreamException.class)
				.hasMessageContaining("the conversation could not be read")
				.hasRootCauseMessage("no"))
			.verify(LIMIT);
		assertThat(this.requests).isEmpty();
	}

	@Test
	void memoryThatCannotBeWrittenLeavesTheAnswerWhole() {
		ConversationMemory broken = memory(Mono.just(List.of()), Mono.error(new IllegalStateException("full")),
				new ArrayList<>());
		this.answers.add(Flux.just(text("a"), FINISH));
		StepVerifier.create(client(broken).prompt("Hi").conversation("c").stream())
			.expectNext(text("a"))
			.expectNextMatches(Token.Finish.class::isInstance)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void modelIsAskedForNoMoreThanTheSubscriberAsksFor() {
		TestPublisher<Token> answer = TestPublisher.create();
		this.answers.add(answer.flux());
		StepVerifier.create(this.client.prompt("Hi").conversation("c").stream(), 0)
			.thenRequest(2)
			.then(() -> answer.next(text("a"), text("b")))
			.expectNext(text("a"), text("b"))
			.then(() -> answer.assertMaxRequested(2))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void clientThatKeepsNoConversationsSaysSo() {
		LlmStreamClient plain = LlmStreamClient.builder("plain", (request) -> Flux.never())
			.tools(ToolLoop.create())
			.build();
		assertThatIllegalStateException().isThrownBy(() -> plain.prompt("Hi").conversation("c"))
			.withMessageContaining("'plain' keeps no conversations");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.prompt("Hi").conversation(" "));
	}

	@Test
	void runnerOfToolsAndRunnerOfConversationsKnowNothingOfEachOther() {
		this.answers.add(Flux.just(text("a"), FINISH));
		LlmStreamClient plain = LlmStreamClient.builder("test", (request) -> this.answers.remove())
			.conversations(new Conversations(this.memory))
			.build();
		assertThat(plain.prompt("Hi").conversation("c").completion().block(LIMIT)).isNotNull();
		assertThat(kept()).containsExactly(Message.user("Hi"), Message.assistant("a"));
	}

	/**
	 * A memory that does input and output answers on a thread of its own.
	 */
	@Test
	void modelAndToolsKnowWhatTheSubscribingThreadKnew() {
		ConversationMemory elsewhere = memory(Mono.just(List.<Message>of()).publishOn(Schedulers.boundedElastic()),
				Mono.empty(), new ArrayList<>());
		List<String> known = new ArrayList<>();
		this.answers.add(Flux.just(new Token.ToolCall(0, "t1", "f", "{}"), finish(FinishReason.TOOL_CALLS)));
		this.answers.add(Flux.just(text("So."), FINISH));
		LlmStreamClient client = LlmStreamClient.builder("test", (request) -> this.answers.remove())
			.tools(ToolLoop.create())
			.conversations(new Conversations(elsewhere))
			.contributors(List.of((name, request) -> {
				known.add("contributor " + MDC.get("trace"));
				return (context) -> context;
			}))
			.build();
		ToolCallback tool = ToolCallback.of(new ToolDefinition("f", null, "{\"type\":\"object\"}"), (call) -> {
			known.add("tool " + MDC.get("trace"));
			return "42";
		});
		MDC.put("trace", "7");
		try {
			assertThat(client.prompt("Hi").tools(tool).conversation("c").completion().block(LIMIT)).isNotNull();
		}
		finally {
			MDC.clear();
		}
		assertThat(known).containsExactly("contributor 7", "tool 7");
	}

	@Test
	void requestRightAfterAStopWaitsUntilThatIsKept() {
		Sinks.Empty<Void> stored = Sinks.empty();
		List<List<Message>> appended = new ArrayList<>();
		ConversationMemory slow = memory(Mono.fromSupplier(() -> appended.isEmpty() ? List.of() : appended.get(0)),
				stored.asMono(), appended);
		LlmStreamClient client = client(slow);
		this.answers.add(Flux.concat(Flux.just(text("Hel")), Flux.never()));
		StepVerifier.create(client.prompt("Hi").conversation("c").stream())
			.expectNext(text("Hel"))
			.thenCancel()
			.verify(LIMIT);
		this.answers.add(Flux.just(text("a"), FINISH));
		StepVerifier.create(client.prompt("Go on").conversation("c").stream())
			.expectSubscription()
			.then(() -> assertThat(this.requests).hasSize(1))
			.then(stored::tryEmitEmpty)
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.requests.get(1).messages()).containsExactly(Message.user("Hi"), Message.assistant("Hel"),
				Message.user("Go on"));
	}

	@Test
	void turnThatIsNeverKeptHoldsUpTheNextRequestForAWhileOnly() {
		LlmStreamClient client = client(memory(Mono.just(List.of()), Mono.never(), new ArrayList<>()));
		this.answers.add(Flux.concat(Flux.just(text("Hel")), Flux.never()));
		this.answers.add(Flux.just(text("a")).concatWith(Flux.never()));
		StepVerifier
			.withVirtualTime(() -> Flux.concat(client.prompt("Hi").conversation("c").stream().take(1),
					client.prompt("Go on").conversation("c").stream()))
			.expectNext(text("Hel"))
			.expectNoEvent(Duration.ofSeconds(9))
			.thenAwait(Duration.ofSeconds(1))
			.expectNext(text("a"))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void whoCanStillRefuseAStreamWaitsUntilItsConversationIsRead() {
		Sinks.One<List<Message>> history = Sinks.one();
		LlmStreamClient client = client(memory(history.asMono(), Mono.empty(), new ArrayList<>()));
		this.answers.add(Flux.just(text("a"), FINISH));
		StreamAdmission admission = new StreamAdmission();
		StepVerifier.create(client.prompt("Hi").conversation("c").stream().contextWrite(admission::in))
			.then(() -> assertThat(admission.isPending()).isTrue())
			.then(() -> history.tryEmitValue(List.of()))
			.expectNext(text("a"), FINISH)
			.expectComplete()
			.verify(LIMIT);
		assertThat(admission.isPending()).isFalse();
	}

	@Test
	void answerEndsEvenIfItsTurnIsNeverKept() {
		LlmStreamClient client = client(memory(Mono.just(List.of()), Mono.never(), new ArrayList<>()));
		StepVerifier.withVirtualTime(() -> {
			this.answers.add(Flux.just(text("a"), FINISH));
			return client.prompt("Hi").conversation("c").stream();
		})
			.expectNext(text("a"))
			.expectNoEvent(Duration.ofSeconds(9))
			.thenAwait(Duration.ofSeconds(1))
			.expectNext(FINISH)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void conversationThatIsNeverReadFailsTheRequest() {
		LlmStreamClient client = client(memory(Mono.never(), Mono.empty(), new ArrayList<>()));
		StepVerifier.withVirtualTime(() -> client.prompt("Hi").conversation("c").stream())
			.thenAwait(Duration.ofSeconds(10))
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(LlmStreamException.class)
				.hasMessageContaining("could not be read"))
			.verify(LIMIT);
		assertThat(this.requests).isEmpty();
	}

	@Test
	void turnsAreKeptOneAfterTheOther() {
		List<Sinks.Empty<Void>> stored = new ArrayList<>();
		ConversationMemory slow = new ConversationMemory() {

			@Override
			public Mono<List<Message>> load(String conversationId) {
				return Mono.just(List.of());
			}

			@Override
			public Mono<Void> append(String conversationId, List<Message> messages) {
				stored.add(Sinks.empty());
				return stored.get(stored.size() - 1).asMono();
			}

			@Override
			public Mono<Void> delete(String conversationId) {
				return Mono.empty();
			}

		};
		TestPublisher<Token> first = TestPublisher.create();
		TestPublisher<Token> second = TestPublisher.create();
		this.answers.add(first.flux());
		this.answers.add(second.flux());
		LlmStreamClient client = client(slow);
		client.prompt("1").conversation("c").stream().subscribe();
		client.prompt("2").conversation("c").stream().subscribe();
		first.next(text("a"), FINISH).complete();
		second.next(text("b"), FINISH).complete();
		assertThat(stored).hasSize(1);
		stored.get(0).tryEmitEmpty();
		assertThat(stored).hasSize(2);
	}

	@Test
	void answersAtTheSameTimeAreKeptOneAfterTheOther() {
		TestPublisher<Token> first = TestPublisher.create();
		TestPublisher<Token> second = TestPublisher.create();
		this.answers.add(first.flux());
		this.answers.add(second.flux());
		Mono<Completion> one = this.client.prompt("1").conversation("c").completion().cache();
		Mono<Completion> other = this.client.prompt("2").conversation("c").completion().cache();
		one.subscribe();
		other.subscribe();
		first.next(text("a"));
		second.next(text("b"), FINISH).complete();
		first.next(text("aa"), FINISH).complete();
		assertThat(one.block(LIMIT)).isNotNull();
		assertThat(other.block(LIMIT)).isNotNull();
		assertThat(kept()).containsExactly(Message.user("2"), Message.assistant("b"), Message.user("1"),
				Message.assistant("aaa"));
	}

	record City(String name) {
	}

	@Test
	void objectIsKeptAsWhatTheModelSaid() {
		this.answers.add(Flux.just(text("{\"name\":"), text("\"Oslo\"}"), FINISH));
		assertThat(this.client.prompt("Where?").conversation("c").object(City.class).block(LIMIT))
			.isEqualTo(new City("Oslo"));
		assertThat(kept()).containsExactly(Message.user("Where?"), Message.assistant("{\"name\":\"Oslo\"}"));
		this.answers.add(Flux.just(text("[{\"name\":\"Oslo\"},{\"name\":\"Rome\"}]"), FINISH));
		StepVerifier.create(this.client.prompt("Two?").conversation("c").streamElements(City.class))
			.expectNext(new City("Oslo"), new City("Rome"))
			.expectComplete()
			.verify(LIMIT);
		assertThat(kept()).hasSize(4);
	}

	@Test
	void wrongAnswerThatIsCorrectedIsNotKept() {
		this.answers.add(Flux.just(text("It is Oslo."), FINISH));
		this.answers.add(Flux.just(text("{\"name\":\"Oslo\"}"), FINISH));
		StepVerifier
			.create(this.client.prompt("Where?")
				.conversation("c")
				.output(new OutputOptions(null, 1))
				.stream(City.class)
				.last()
				.map(Partial::value))
			.expectNext(new City("Oslo"))
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.requests.get(1).messages()).hasSize(3);
		assertThat(kept()).containsExactly(Message.user("Where?"), Message.assistant("{\"name\":\"Oslo\"}"));
	}

	@Test
	void typeThatCannotBeHadIsRefusedBeforeTheConversationIsRead() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.client.prompt("Hi").conversation("c").object(Runnable.class));
	}

}
