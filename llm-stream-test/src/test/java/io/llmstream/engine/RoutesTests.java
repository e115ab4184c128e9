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
import java.util.List;
import java.util.stream.Stream;

import io.llmstream.Completion;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamClient;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.route.HedgeSettings;
import io.llmstream.route.MidStreamPolicy;
import io.llmstream.route.Route;
import io.llmstream.route.RouteTarget;
import io.llmstream.route.RoutingModel;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Routes over real HTTP: two providers, one of which misbehaves.
 */
class RoutesTests {

	private static final Duration SOON = Duration.ofSeconds(2);

	private final ScriptedProvider first = ScriptedProvider.start();

	private final ScriptedProvider second = ScriptedProvider.start();

	private Duration stall = Loopback.LIMIT;

	@AfterEach
	void close() {
		this.first.close();
		this.second.close();
	}

	private RouteTarget target(String name, String type, ScriptedProvider provider, String model) {
		StreamTimeouts timeouts = new StreamTimeouts(Loopback.LIMIT, this.stall, null, null);
		return RouteTarget.builder(name, Loopback.model(type, provider.baseUrl(), 4, timeouts, model))
			.model(model)
			.prefill((asked) -> asked != null && BuiltInDialects.find(type).capabilities().prefills(asked))
			.build();
	}

	private LlmStreamClient client(Route.Builder route) {
		return LlmStreamClient.create("r", new RoutingModel(route.build()));
	}

	private Route.Builder route(String type, MidStreamPolicy policy) {
		return Route.builder("r")
			.targets(target("first", type, this.first, "m1"), target("second", "openai", this.second, "m2"))
			.midStream(policy);
	}

	static Stream<Script> breaks() {
		return Stream.of(Script.text("Hello", " wor").cut(), Script.text("Hello", " wor").reset(),
				Script.text("Hello", " wor").malformedJson(), Script.text("Hello", " wor").hangUp(),
				Script.text("Hello", " wor").inBandError(ErrorKind.SERVER_ERROR));
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void anAnswerThatBreaksOffIsContinuedByTheOtherProvider(String type) {
		this.second.always(Script.text("ld", "!").usage(9, 3));
		List<Script> breaks = breaks().toList();
		for (int i = 0; i < breaks.size(); i++) {
			this.first.always(breaks.get(i));
			Completion completion = client(route(type, MidStreamPolicy.CONTINUE)).prompt("Hi").call();
			assertThat(completion.text()).as("break %d", i).isEqualTo("Hello world!");
			assertThat(completion.finish().attempts()).extracting(StreamAttempt::end)
				.containsExactly(StreamOutcome.End.FAILED, StreamOutcome.End.COMPLETED);
			assertThat(completion.usage().outputTokens()).isGreaterThanOrEqualTo(3);
			JsonNode messages = this.second.lastRequest().json().get("messages");
			assertThat(messages).hasSize(3);
			assertThat(messages.get(1).get("content").asString()).isEqualTo("Hello wor");
			this.first.awaitIdle(SOON);
		}
	}

	@Test
	void anAnswerThatStallsIsContinuedByTheOtherProvider() {
		this.stall = Duration.ofSeconds(2);
		this.first.always(Script.text("Hello", " wor").stall());
		this.second.always(Script.text("ld", "!"));
		assertThat(client(route("openai", MidStreamPolicy.CONTINUE)).prompt("Hi").call().text())
			.isEqualTo("Hello world!");
		this.first.lastRequest().awaitClosedByClient(SOON);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void anAnswerThatBreaksOffIsRestartedByTheOtherProvider(String type) {
		this.second.always(Script.text("Good", " day").usage(9, 3));
		this.first.always(Script.text("Hello", " wor").cut());
		StepVerifier.create(client(route(type, MidStreamPolicy.RESTART)).stream(StreamRequest.of("Hi")))
			.expectNext(new Token.Text("Hello"), new Token.Text(" wor"))
			.expectNextMatches(Token.Reset.class::isInstance)
			.expectNext(new Token.Text("Good"), new Token.Text(" day"))
			.assertNext((token) -> assertThat(((Token.Finish) token).usage()).isEqualTo(Usage.reported(9, 3)))
			.expectComplete()
			.verify(Loopback.LIMIT);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void theOtherProviderAnswersWhereOneRefuses(String type) {
		this.second.always(Script.text("Hello"));
		for (Script script : List.of(Script.failure(ErrorKind.OVERLOADED), Script.failure(ErrorKind.AUTHENTICATION),
				Script.start().inBandError(ErrorKind.SERVER_ERROR), Script.empty(), Script.html())) {
			this.first.always(script);
			assertThat(client(route(type, MidStreamPolicy.FAIL)).prompt("Hi").call().text()).isEqualTo("Hello");
		}
	}

	@Test
	void theOtherProviderAnswersWhereNobodyListens() {
		this.first.close();
		this.second.always(Script.text("Hello"));
		assertThat(client(route("openai", MidStreamPolicy.FAIL)).prompt("Hi").call().text()).isEqualTo("Hello");
	}

	@Test
	void aModelThatTakesItIsGivenTheBeginningOfItsAnswer() {
		this.first.always(Script.text("Hello ", "wor ").cut());
		this.second.always(Script.text(" ld"));
		Route.Builder route = Route.builder("r")
			.targets(target("first", "openai", this.first, "m1"),
					target("second", "anthropic", this.second, "claude-haiku-4-5"))
			.midStream(MidStreamPolicy.CONTINUE);
		assertThat(client(route).prompt("Hi").call().text()).isEqualTo("Hello wor ld");
		JsonNode messages = this.second.lastRequest().json().get("messages");
		assertThat(messages).hasSize(2);
		assertThat(messages.get(1).get("role").asString()).isEqualTo("assistant");
		assertThat(messages.get(1).toString()).contains("Hello wor\"");
	}

	@Test
	void aModelThatRejectsItIsAskedWithAPrompt() {
		this.first.always(Script.text("Hello", " wor").cut());
		this.second.enqueue(Script.failure(ErrorKind.INVALID_REQUEST)).always(Script.text("ld"));
		Route.Builder route = Route.builder("r")
			.targets(target("first", "openai", this.first, "m1"),
					target("second", "anthropic", this.second, "claude-haiku-4-5"))
			.midStream(MidStreamPolicy.CONTINUE);
		Completion completion = client(route).prompt("Hi").call();
		assertThat(completion.text()).isEqualTo("Hello world");
		assertThat(completion.finish().attempts()).hasSize(3);
		assertThat(this.second.lastRequest().json().get("messages")).hasSize(3);
	}

	@Test
	void aServerThatNeedsMembersForItGetsThem() {
		this.first.always(Script.text("Hello", " wor").cut());
		this.second.always(Script.text("ld"));
		Route.Builder route = Route.builder("r")
			.targets(target("first", "openai", this.first, "m1"), target("second", "vllm", this.second, "llama"))
			.midStream(MidStreamPolicy.CONTINUE);
		assertThat(client(route).prompt("Hi").call().text()).isEqualTo("Hello world");
		JsonNode body = this.second.lastRequest().json();
		assertThat(body.get("continue_final_message").asBoolean()).isTrue();
		assertThat(body.get("add_generation_prompt").asBoolean()).isFalse();
	}

	@Test
	void theSlowerOfTwoIsCancelled() {
		this.first.always(Script.text("late").headersAfter(Duration.ofMinutes(1)));
		this.second.always(Script.text("Hello"));
		Completion completion = client(
				route("openai", MidStreamPolicy.FAIL).hedge(HedgeSettings.after(Duration.ofMillis(100))))
			.prompt("Hi")
			.call();
		assertThat(completion.text()).isEqualTo("Hello");
		assertThat(completion.finish().attempts()).extracting(StreamAttempt::end)
			.containsExactly(StreamOutcome.End.CANCELLED, StreamOutcome.End.COMPLETED);
		this.first.lastRequest().awaitClosedByClient(SOON);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void cancellingAContinuationClosesItsConnection(String type) {
		this.first.always(Script.text("Hello", " wor").cut());
		this.second.always(Script.text("ld", "!").stallAfter(1));
		StepVerifier.create(client(route(type, MidStreamPolicy.CONTINUE)).stream(StreamRequest.of("Hi")))
			.expectNext(new Token.Text("Hello"), new Token.Text(" wor"), new Token.Text("ld"))
			.thenCancel()
			.verify(Loopback.LIMIT);
		this.second.lastRequest().awaitClosedByClient(SOON);
		this.first.awaitIdle(SOON);
	}

}
