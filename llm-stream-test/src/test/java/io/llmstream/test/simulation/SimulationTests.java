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

package io.llmstream.test.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolDefinition;
import io.llmstream.engine.ProviderSettings;
import io.llmstream.engine.ProviderStreamingModel;
import io.llmstream.http.WebClientHttpExchange;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.anthropic.AnthropicDialect;
import io.llmstream.provider.gemini.GeminiDialect;
import io.llmstream.provider.ollama.OllamaDialect;
import io.llmstream.provider.openai.OpenAiChatDialect;
import io.llmstream.provider.openai.OpenAiProfiles;
import io.llmstream.provider.responses.ResponsesDialect;
import io.llmstream.test.ScriptedProvider;
import io.llmstream.test.TokenAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.web.reactive.function.client.WebClient;

import static io.llmstream.test.TokenAssertions.assertThatTokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Simulation}, through the engine and every dialect.
 */
class SimulationTests {

	private static final ToolDefinition WEATHER = new ToolDefinition("get_weather", "Tells the weather",
			"{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"}}}");

	private final ScriptedProvider provider = ScriptedProvider.start()
		.script(Simulation.create().tokensPerSecond(20_000).withoutWaiting());

	@AfterEach
	void close() {
		this.provider.close();
	}

	static Stream<ProviderDialect> dialects() {
		return Stream.of(new OpenAiChatDialect(Objects.requireNonNull(OpenAiProfiles.find("openai"))),
				new ResponsesDialect(), new AnthropicDialect(), GeminiDialect.gemini(), new OllamaDialect());
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void repeatsTheUsersWordsAndCountsTurns(ProviderDialect dialect) {
		StreamRequest request = StreamRequest.builder()
			.system("Be kind.")
			.user("first words")
			.assistant("An answer.")
			.user("  zweite Wörter 👋\nin two lines")
			.build();
		ask(dialect, request).finishesWith(FinishReason.STOP)
			.hasReasoning("")
			.tokensSatisfy((tokens) -> assertThat(text(tokens))
				.startsWith("You said:\n\n> zweite Wörter 👋\n> in two lines\n\n## Turn 2 of")
				.contains("\n   - like this one\n", "| turns | 2 |", "\n    page.append(piece);", "👩‍🚀🎉"));
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void callsToolsAndQuotesTheirResults(ProviderDialect dialect) {
		StreamRequest request = StreamRequest.builder().user("What is the weather in Rome?").tools(WEATHER).build();
		ask(dialect, request).hasToolCall("get_weather", "{\"city\":\"Rome\",\"days\":1}");
		StreamRequest next = request.mutate()
			.message(new Message(Message.Role.ASSISTANT,
					List.of(new Part.ToolCall("call_1", "get_weather", "{\"city\":\"Rome\",\"days\":1}"))))
			.message(Message.tool(new Part.ToolResult("call_1", "get_weather", "21 degrees")))
			.build();
		ask(dialect, next).hasToolCalls(0)
			.finishesWith(FinishReason.STOP)
			.tokensSatisfy(
					(tokens) -> assertThat(text(tokens)).startsWith("The tool has answered:").contains("21 degrees"));
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void specialWordsAskForFaults(ProviderDialect dialect) {
		ask(dialect, StreamRequest.of("End with an error, please")).failsWith(ErrorKind.OVERLOADED)
			.failsSatisfying((failure) -> assertThat(failure.getPartialText()).startsWith("You said:"));
		ask(dialect, StreamRequest.of("cut it")).failsWith(ErrorKind.TRUNCATED);
		ask(dialect, StreamRequest.of("reach the limit")).failsWith(ErrorKind.RATE_LIMITED)
			.failsSatisfying((failure) -> assertThat(failure.getRetryAfter()).isEqualTo(Duration.ofSeconds(2)));
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void thinksFirstWhenAsked(ProviderDialect dialect) {
		ask(dialect, StreamRequest.of("Please think about it")).finishesWith(FinishReason.STOP)
			.tokensSatisfy((tokens) -> {
				assertThat(tokens.stream().filter(Token.Reasoning.class::isInstance)).hasSizeGreaterThan(5);
				assertThat(tokens.stream().dropWhile((token) -> !(token instanceof Token.Text)))
					.noneMatch(Token.Reasoning.class::isInstance);
			});
	}

	@Test
	void longAnswersAreLong() {
		ask(new OllamaDialect(), StreamRequest.of("A long one"))
			.tokensSatisfy((tokens) -> assertThat(tokens).hasSizeGreaterThan(1000));
	}

	@Test
	void keepsItsPace() {
		this.provider.script(Simulation.create());
		long start = System.nanoTime();
		StreamRequest tool = StreamRequest.builder().user("Use the tool").tools(WEATHER).build();
		ask(new OllamaDialect(), tool).hasToolCalls(1);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(400),
				Duration.ofSeconds(5));
		assertThatIllegalArgumentException().isThrownBy(() -> Simulation.create().tokensPerSecond(0));
	}

	@Test
	void startsAProvider() {
		try (ScriptedProvider started = Simulation.start(0)) {
			assertThat(started.port()).isPositive();
		}
	}

	@Test
	void piecesMakeUpTheTextAndSplitNoCharacter() {
		String text = "  Héllo\r\n\r\n  wörld, 👩‍👩‍👧‍👦🇳🇴 extraordinarily \t long\n";
		String[] pieces = Pieces.of(text);
		assertThat(String.join("", pieces)).isEqualTo(text);
		assertThat(pieces).hasSizeGreaterThan(8).anySatisfy((piece) -> assertThat(piece).contains("👩‍👩‍👧‍👦"));
	}

	private TokenAssert ask(ProviderDialect dialect, StreamRequest request) {
		String version = (dialect.defaultBaseUrl() != null) ? dialect.defaultBaseUrl().replaceAll("https?://[^/]+", "")
				: "";
		ProviderSettings settings = ProviderSettings.builder("simulated", dialect)
			.baseUrl(this.provider.baseUrl() + version)
			.apiKey(() -> "key")
			.defaultModel("simulated-1")
			.build();
		return assertThatTokens(
				new ProviderStreamingModel(settings, new WebClientHttpExchange(WebClient.create())).stream(request))
			.within(Duration.ofSeconds(20));
	}

	private static String text(List<? extends Token> tokens) {
		StringBuilder text = new StringBuilder();
		for (Token token : tokens) {
			text.append((token instanceof Token.Text piece) ? piece.text() : "");
		}
		return text.toString();
	}

}
