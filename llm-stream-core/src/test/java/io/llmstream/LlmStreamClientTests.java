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

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link LlmStreamClient} and what it hands out.
 */
class LlmStreamClientTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final AtomicReference<StreamRequest> asked = new AtomicReference<>();

	private Flux<Token> answer = Flux.just(new Token.Reasoning("hm"), new Token.Text(" Hello"), new Token.Text(" you"),
			new Token.ReplayState("acme", "signature", "{}"),
			new Token.ToolCall(0, "c1", "weather", "{\"city\":\"Rome\"}"), new Token.Text("."),
			new Token.Citation("https://example.org", "Example", null, "{}"),
			new Token.Finish(FinishReason.TOOL_CALLS, "tool_calls", Usage.reported(3, 5), "r1", "m1"));

	private final LlmStreamClient client = LlmStreamClient.create("acme", (request) -> {
		this.asked.set(request);
		return this.answer;
	});

	@Test
	void thePromptBecomesTheRequest() {
		ToolDefinition tool = new ToolDefinition("weather", "Tells the weather", "{}");
		StepVerifier
			.create(this.client.prompt("And now?")
				.system("Be brief.")
				.messages(List.of(Message.assistant("Yes.")))
				.user(new Part.Text("Look"), Part.Image.of(URI.create("https://example.org/a.png")))
				.model("m1")
				.tools(tool)
				.tag("tenant", "t1")
				.extra(Map.of("service_tier", "flex"))
				.options((options) -> options.temperature(0.5).maxOutputTokens(10).stop("END").seed(7L))
				.streamText())
			.expectNext(" Hello", " you", ".")
			.expectComplete()
			.verify(LIMIT);
		StreamRequest request = this.asked.get();
		assertThat(request.messages()).extracting(Message::role)
			.containsExactly(Message.Role.USER, Message.Role.SYSTEM, Message.Role.ASSISTANT, Message.Role.USER);
		assertThat(request.model()).isEqualTo("m1");
		assertThat(request.tools()).containsExactly(tool);
		assertThat(request.tags()).containsEntry("tenant", "t1");
		assertThat(request.extra()).containsEntry("service_tier", "flex");
		assertThat(request.temperature()).isEqualTo(0.5);
		assertThat(request.mutate().build()).usingRecursiveComparison().isEqualTo(request);
		assertThat(request).hasToString("StreamRequest[model=m1, messages=4, tools=1]");
	}

	@Test
	void aCompletionHoldsTheWholeAnswer() {
		Completion completion = this.client.prompt("Hi").call();
		assertThat(completion.text()).isEqualTo(" Hello you.");
		assertThat(completion.reasoning()).isEqualTo("hm");
		assertThat(completion.toolCalls()).containsExactly(new Part.ToolCall("c1", "weather", "{\"city\":\"Rome\"}"));
		assertThat(completion.citations()).hasSize(1);
		assertThat(completion.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(completion.usage().totalTokens()).isEqualTo(8);
		assertThat(completion.model()).isEqualTo("m1");
		assertThat(completion.toMessage().parts()).containsExactly(new Part.Text(" Hello you"),
				new Part.ReplayState("acme", "signature", "{}"),
				new Part.ToolCall("c1", "weather", "{\"city\":\"Rome\"}"), new Part.Text("."));
		assertThat(completion.toMessage().text()).isEqualTo(" Hello you.");
	}

	@Test
	void aResetDiscardsWhatCameBefore() {
		this.answer = Flux.just(new Token.Text("half"), new Token.ToolCall(0, "c1", "f", "{}"),
				new Token.Reset("another target"), new Token.Text("whole"),
				new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null));
		StepVerifier.create(this.client.prompt("Hi").completion()).assertNext((completion) -> {
			assertThat(completion.text()).isEqualTo("whole");
			assertThat(completion.parts()).containsExactly(new Part.Text("whole"));
		}).expectComplete().verify(LIMIT);
	}

	@Test
	void aFailedAnswerFailsTheCompletion() {
		this.answer = Flux.error(StreamFailure.of(ErrorKind.OVERLOADED, "acme", "no capacity").toException());
		assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> this.client.prompt("Hi").call())
			.withMessage("acme: no capacity");
	}

	@Test
	void aStreamWithoutFinishIsNoCompletion() {
		this.answer = Flux.just(new Token.Text("half"));
		StepVerifier.create(this.client.prompt("Hi").completion())
			.expectError(IllegalStateException.class)
			.verify(LIMIT);
	}

	@Test
	void impossibleOptionsAreRejectedByName() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> StreamRequest.builder().temperature(Double.POSITIVE_INFINITY).build());
		assertThatIllegalArgumentException().isThrownBy(() -> StreamRequest.builder().temperature(-1.0).build())
			.withMessageContaining("temperature");
		assertThatIllegalArgumentException().isThrownBy(() -> StreamRequest.builder().topP(1.1).build())
			.withMessageContaining("topP");
		assertThatIllegalArgumentException().isThrownBy(() -> StreamRequest.builder().maxOutputTokens(0).build())
			.withMessageContaining("maxOutputTokens");
		assertThatIllegalArgumentException().isThrownBy(() -> ReasoningOptions.budget(0))
			.withMessageContaining("budgetTokens");
		assertThatIllegalArgumentException().isThrownBy(() -> new ToolChoice(ToolChoice.Mode.TOOL, null));
		assertThatIllegalArgumentException().isThrownBy(() -> new Part.Image(null, null, null, null));
		assertThatIllegalArgumentException().isThrownBy(() -> new Part.Image(null, new byte[1], null, null));
	}

	@Test
	void everyKindOfFailureHasItsOwnType() {
		assertThat(Arrays.stream(ErrorKind.values()).map((kind) -> {
			LlmStreamException error = StreamFailure.of(kind, "acme", "failed").toException();
			assertThat(error.getKind()).isEqualTo(kind);
			return error.getClass();
		}).distinct()).hasSize(ErrorKind.values().length);
	}

	@Test
	void usageAddsUpAndKeepsTheWorstSource() {
		Usage sum = Usage.reported(1, 2).plus(new Usage(3, 4, 1, 1, 1, Usage.Source.ESTIMATED));
		assertThat(sum).isEqualTo(new Usage(4, 6, 1, 1, 1, Usage.Source.ESTIMATED));
	}

	record City(String name) {
	}

	/**
	 * Such as a ledger, or a budget: also where the answer becomes an object, and once
	 * where it had to be corrected.
	 */
	@Test
	void whoWantsToKnowOfStreamsKnowsOfObjectsAsWell() {
		AtomicInteger contributed = new AtomicInteger();
		AtomicInteger asked = new AtomicInteger();
		List<StreamOutcome> ends = new ArrayList<>();
		StreamObserver observer = ends::add;
		LlmStreamClient observed = LlmStreamClient
			.builder("acme",
					(request) -> Flux.just(
							new Token.Text((asked.incrementAndGet() % 2 == 1) ? "No." : "{\"name\":\"Rome\"}"),
							new Token.Finish(FinishReason.STOP, "stop", Usage.reported(3, 5), "r1", "m1")))
			.contributors(List.of((client, request) -> {
				contributed.incrementAndGet();
				assertThat(request.messages()).containsExactly(Message.user("Where?"));
				return observer::in;
			}))
			.build();
		LlmStreamClient.PromptSpec prompt = observed.prompt("Where?").output(new OutputOptions(null, 1));
		assertThat(prompt.object(City.class).block(LIMIT)).isEqualTo(new City("Rome"));
		assertThat(contributed).hasValue(1);
		assertThat(ends).extracting(StreamOutcome::end).containsExactly(StreamOutcome.End.COMPLETED);
		StepVerifier.create(prompt.stream(City.class).last().map(Partial::value))
			.expectNext(new City("Rome"))
			.expectComplete()
			.verify(LIMIT);
		assertThat(contributed).hasValue(2);
		assertThat(ends).hasSize(2);
		LlmStreamClient around = LlmStreamClient.create("around", observed::stream);
		asked.set(1);
		assertThat(around.prompt("Where?").object(City.class).block(LIMIT)).isEqualTo(new City("Rome"));
		assertThat(ends).as("a client inside of another one's stream").hasSize(2);
	}

}
