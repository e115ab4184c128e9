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

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;
import io.llmstream.tool.ToolLoop;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
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
		}).tools(new Conversations(ToolLoop.create(), memory, windows)).build();
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

}
