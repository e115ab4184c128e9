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
import java.util.function.Consumer;

import io.llmstream.Completion;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;
import io.llmstream.test.ProviderExchange;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stream contract over real HTTP, for each of the five wires.
 */
class EveryWireTests {

	private static final Duration SOON = Duration.ofMillis(200);

	private final ScriptedProvider provider = ScriptedProvider.start();

	/**
	 * So that the loading of classes is not measured.
	 */
	@BeforeAll
	static void warmUp() {
		try (ScriptedProvider provider = ScriptedProvider.start().always(Script.text("a", "b").stallAfter(1))) {
			Disposable subscription = Loopback.model("openai", provider.baseUrl())
				.stream(StreamRequest.of("Hello"))
				.subscribe();
			ProviderExchange exchange = provider.awaitRequest(1, Loopback.LIMIT);
			exchange.awaitTokens(1, Loopback.LIMIT);
			subscription.dispose();
			exchange.awaitClosedByClient(Loopback.LIMIT);
		}
	}

	@AfterEach
	void close() {
		this.provider.close();
	}

	private Flux<Token> stream(String type) {
		return Loopback.model(type, this.provider.baseUrl()).stream(StreamRequest.of("Hello"));
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void anAnswerArrivesWhole(String type) {
		List<String> pieces = List.of(" Hello", "\n\n", "  wörld 👩‍👩‍👧 ", "שלום", "{\"not\":\"json\"}", " end ");
		this.provider.always(Script.start()
			.reasoning("Let me", " think")
			.andText(pieces.toArray(String[]::new))
			.toolCall("get_weather", "{\"city\":", "\"Rome\"}")
			.usage(11, 22)
			.splitEvery(7));
		Completion completion = LlmStreamClient.create(type, Loopback.model(type, this.provider.baseUrl()))
			.prompt("Hello")
			.tools(new ToolDefinition("get_weather", "Tells the weather", "{\"type\":\"object\",\"properties\":{}}"))
			.call();
		assertThat(completion.text()).isEqualTo(String.join("", pieces));
		assertThat(completion.reasoning()).isEqualTo("Let me think");
		assertThat(completion.toolCalls()).singleElement().satisfies((call) -> {
			assertThat(call.name()).isEqualTo("get_weather");
			assertThat(call.arguments().replace(" ", "")).isEqualTo("{\"city\":\"Rome\"}");
			assertThat(call.id()).isNotEmpty();
		});
		assertThat(completion.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(completion.usage().source()).isEqualTo(Usage.Source.REPORTED);
		assertThat(completion.usage().inputTokens()).isEqualTo(11);
		assertThat(completion.usage().outputTokens()).isEqualTo(22);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void tokensArriveOneByOne(String type) {
		this.provider.always(Script.text("a", "b", "c").everyMillis(300));
		StepVerifier.create(stream(type).ofType(Token.Text.class).map(Token.Text::text).elapsed())
			.assertNext((first) -> assertThat(first.getT2()).isEqualTo("a"))
			.assertNext((second) -> assertThat(second.getT1()).as("pause before the second token").isGreaterThan(150))
			.assertNext((third) -> assertThat(third.getT1()).as("pause before the third token").isGreaterThan(150))
			.expectComplete()
			.verify(Loopback.LIMIT);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void cancellingBeforeTheHeadersClosesTheConnection(String type) {
		this.provider.always(Script.text("late").headersAfter(Duration.ofMinutes(1)));
		closesWhenCancelled(type, 0);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void cancellingBeforeTheFirstTokenClosesTheConnection(String type) {
		this.provider.always(Script.silence());
		closesWhenCancelled(type, 0);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void cancellingMidStreamClosesTheConnection(String type) {
		this.provider.always(Script.text("a", "b", "c").stallAfter(2));
		closesWhenCancelled(type, 2);
	}

	private void closesWhenCancelled(String type, int tokens) {
		Disposable subscription = stream(type).subscribe();
		ProviderExchange exchange = this.provider.awaitRequest(1, Loopback.LIMIT);
		exchange.awaitTokens(tokens, Loopback.LIMIT);
		subscription.dispose();
		exchange.awaitClosedByClient(SOON);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void anAnswerThatBreaksOffIsAnErrorWithThePartialText(String type) {
		for (Script script : List.of(Script.text("half", " of it").cut(), Script.text("half", " of it").hangUp(),
				Script.text("half", " of it").reset(), Script.text("half", " of it").cutMidFrame(),
				Script.text("half", " of it").hangUpMidFrame(), Script.text("half", " of it").resetMidFrame())) {
			this.provider.always(script);
			// a reset may overtake what was sent before it
			fails(type, ErrorKind.TRUNCATED, (error) -> assertThat("half of it").startsWith(error.getPartialText()));
		}
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void anErrorWithinTheStreamIsTyped(String type) {
		for (ErrorKind kind : List.of(ErrorKind.OVERLOADED, ErrorKind.RATE_LIMITED, ErrorKind.SERVER_ERROR)) {
			this.provider.always(Script.text("half").inBandError(kind, "It broke"));
			// Ollama's errors are a sentence without a code
			fails(type, (type.equals("ollama")) ? ErrorKind.SERVER_ERROR : kind, (error) -> {
				assertThat(error.getPartialText()).isEqualTo("half");
				assertThat(error.getProviderMessage()).contains("It broke");
				assertThat(error.getProvider()).isEqualTo(type);
				assertThat(error.getModel()).isEqualTo("test-model");
			});
		}
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void anErrorStatusIsTyped(String type) {
		for (ErrorKind kind : List.of(ErrorKind.AUTHENTICATION, ErrorKind.PERMISSION_DENIED, ErrorKind.NOT_FOUND,
				ErrorKind.RATE_LIMITED, ErrorKind.QUOTA_EXHAUSTED, ErrorKind.CONTEXT_TOO_LONG,
				ErrorKind.INVALID_REQUEST, ErrorKind.OVERLOADED, ErrorKind.SERVER_ERROR)) {
			if (kind == ErrorKind.QUOTA_EXHAUSTED && (type.equals("gemini") || type.equals("ollama"))) {
				continue; // these have no such error
			}
			this.provider.always(Script.failure(kind));
			fails(type, kind, (error) -> assertThat(error.getStatus()).isBetween(400, 599));
		}
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void theDelayOfARateLimitIsKnown(String type) {
		this.provider.always(Script.failure(ErrorKind.RATE_LIMITED).retryAfter(Duration.ofSeconds(7)));
		fails(type, ErrorKind.RATE_LIMITED,
				(error) -> assertThat(error.getRetryAfter()).isEqualTo(Duration.ofSeconds(7)));
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void badInputIsATypedErrorWithThePartialText(String type) {
		for (Script script : List.of(Script.text("half").malformedJson(), Script.text("half").invalidUtf8(),
				Script.text("half").oversizedFrame(Loopback.MAX_FRAME_BYTES + 1))) {
			this.provider.always(script);
			fails(type, ErrorKind.MALFORMED, (error) -> assertThat(error.getPartialText()).isEqualTo("half"));
		}
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void aBodyThatIsNoStreamIsATypedError(String type) {
		this.provider.always(Script.html());
		fails(type, ErrorKind.MALFORMED, (error) -> assertThat(error).hasMessageContaining("HTML"));
		this.provider.always(Script.empty());
		fails(type, ErrorKind.TRUNCATED, (error) -> assertThat(error).hasMessageContaining("before it began"));
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void aContentTypeThatLiesDoesNotMatter(String type) {
		this.provider.always(Script.text("fine").contentType("text/plain"));
		StepVerifier.create(stream(type).ofType(Token.Text.class))
			.expectNext(new Token.Text("fine"))
			.expectComplete()
			.verify(Loopback.LIMIT);
	}

	@Test
	void aRedirectNeverCarriesTheKeyToAnotherHost() {
		try (ScriptedProvider other = ScriptedProvider.start()) {
			other.always(Script.text("stolen"));
			this.provider.always(Script.redirect(other.baseUrl() + "/v1/chat/completions"));
			fails("openai", ErrorKind.INVALID_REQUEST, (error) -> assertThat(error).hasMessageContaining("redirect"));
			assertThat(other.requests()).isEmpty();
		}
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void aStallIsAnErrorThatClosesTheConnection(String type) {
		this.provider.always(Script.text("a", "b").stallAfter(1));
		StreamTimeouts timeouts = new StreamTimeouts(Loopback.LIMIT, Duration.ofMillis(300), null, null);
		StepVerifier
			.create(Loopback.model(type, this.provider.baseUrl(), 4, timeouts, "test-model")
				.stream(StreamRequest.of("Hello"))
				.ofType(Token.Text.class))
			.expectNext(new Token.Text("a"))
			.expectErrorSatisfies(
					(error) -> assertThat(((LlmStreamException) error).getKind()).isEqualTo(ErrorKind.STALL_TIMEOUT))
			.verify(Loopback.LIMIT);
		this.provider.awaitClosed(SOON);
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void aSlowReaderSlowsTheSocketAndLosesNothing(String type) {
		String[] pieces = new String[20_000];
		for (int i = 0; i < pieces.length; i++) {
			pieces[i] = "piece " + i + " ".repeat(600);
		}
		this.provider.always(Script.text(pieces));
		StepVerifier.create(stream(type).ofType(Token.Text.class).map(Token.Text::text), 1)
			.expectNext(pieces[0])
			.thenAwait(Duration.ofMillis(500))
			.then(() -> assertThat(this.provider.lastRequest().tokensSent())
				.as("tokens that the provider could send to a reader that reads none")
				.isLessThan(pieces.length))
			.thenRequest(Long.MAX_VALUE)
			.expectNextSequence(List.of(pieces).subList(1, pieces.length))
			.expectComplete()
			.verify(Loopback.LIMIT);
	}

	@Test
	void aCompleteAnswerLeavesItsConnectionForTheNext() {
		this.provider.always(Script.text("a"));
		// with one connection at most, the next request waits until the last one is
		// released
		LlmStreamClient client = LlmStreamClient.create("openai",
				Loopback.model("openai", this.provider.baseUrl(), 1, StreamTimeouts.defaults(), "test-model"));
		for (int i = 0; i < 50; i++) {
			assertThat(client.prompt("Hello").call().text()).isEqualTo("a");
		}
		assertThat(this.provider.acceptedConnections()).isEqualTo(1);
	}

	private void fails(String type, ErrorKind kind, Consumer<LlmStreamException> check) {
		StepVerifier.create(stream(type))
			.thenConsumeWhile((token) -> !(token instanceof Token.Finish))
			.expectErrorSatisfies((error) -> {
				assertThat(error).isInstanceOf(LlmStreamException.class);
				LlmStreamException failure = (LlmStreamException) error;
				assertThat(failure.getKind()).as(failure.toString()).isEqualTo(kind);
				assertThat(failure.toString()).doesNotContain("sk-test-secret");
				check.accept(failure);
			})
			.verify(Loopback.LIMIT);
	}

}
