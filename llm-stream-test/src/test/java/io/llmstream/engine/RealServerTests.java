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
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.llmstream.Completion;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolDefinition;
import io.llmstream.Usage;
import io.llmstream.service.LlmService;
import io.llmstream.service.LlmServiceFactory;
import io.llmstream.service.Tools;
import io.llmstream.tool.Tool;
import io.llmstream.tool.ToolLoop;
import io.llmstream.tool.ToolParam;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Against a real inference server that nobody here wrote.
 * {@code scripts/real-server-tests} starts it and names it in the system property
 * {@code llm-stream.real-server}.
 */
class RealServerTests {

	private static final String SERVER = System.getProperty("llm-stream.real-server", "");

	private static final ToolDefinition WEATHER = new ToolDefinition("get_weather", "Tells the weather of a city",
			"{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}");

	@BeforeAll
	static void needsAServer() {
		assumeTrue(SERVER.startsWith("http"),
				"No real server: scripts/real-server-tests starts one and sets llm-stream.real-server");
	}

	static Stream<String> wires() {
		return Stream.of("llama-cpp", "openai-responses", "anthropic");
	}

	private static LlmStreamClient client(String type) {
		return LlmStreamClient.create(type, Loopback.model(type, SERVER, 16, StreamTimeouts.defaults(), "tiny-chat"));
	}

	private static Completion ask(String type, String prompt, ToolDefinition... tools) {
		LlmStreamClient.PromptSpec request = client(type).prompt(prompt)
			.options((options) -> options.temperature(0.0).maxOutputTokens(400));
		if (tools.length > 0) {
			request.tools(tools);
		}
		return request.call();
	}

	@ParameterizedTest
	@MethodSource("wires")
	void anAnswerIsTheSameEveryTimeAndComesInPieces(String type) {
		Flux<Token> stream = client(type).prompt("Count to 40.")
			.options((options) -> options.temperature(0.0).maxOutputTokens(400))
			.stream();
		List<Token> tokens = stream.collectList().block(Loopback.LIMIT);
		assertThat(tokens).isNotNull();
		List<String> pieces = tokens.stream()
			.filter(Token.Text.class::isInstance)
			.map((token) -> ((Token.Text) token).text())
			.toList();
		assertThat(pieces).hasSizeGreaterThan(20);
		assertThat(String.join("", pieces)).contains("39").contains("40");
		Completion again = ask(type, "Count to 40.");
		assertThat(again.text()).isEqualTo(String.join("", pieces));
		assertThat(again.finishReason()).isEqualTo(FinishReason.STOP);
		assertThat(again.usage().source()).isEqualTo(Usage.Source.REPORTED);
		assertThat(again.usage().outputTokens()).isGreaterThanOrEqualTo(pieces.size());
		assertThat(again.usage().inputTokens()).isPositive();
	}

	@ParameterizedTest
	@MethodSource("wires")
	void allWiresSayTheSame(String type) {
		for (String prompt : List.of("Say hello.", "Tell me a story.", "Say good morning in many languages.",
				"Write a small Java program.")) {
			assertThat(ask(type, prompt).text()).as(prompt).isEqualTo(ask("llama-cpp", prompt).text()).isNotBlank();
		}
	}

	@ParameterizedTest
	@MethodSource("wires")
	void reasoningComesApart(String type) {
		Completion completion = ask(type, "What is 17 + 25? Think first.");
		assertThat(completion.reasoning()).isNotBlank();
		assertThat(completion.text()).contains("42").doesNotContain("<think>");
	}

	@ParameterizedTest
	@MethodSource("wires")
	void toolsAreCalledAndTheirResultsAnswered(String type) {
		Completion asks = ask(type, "What is the weather in Paris and in Rome?", WEATHER);
		assertThat(asks.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(asks.toolCalls()).extracting(Part.ToolCall::name).containsExactly("get_weather", "get_weather");
		assertThat(asks.toolCalls()).extracting((call) -> call.arguments().replaceAll("\\s", ""))
			.containsExactly("{\"city\":\"Paris\"}", "{\"city\":\"Rome\"}");
		StreamRequest.Builder next = StreamRequest.builder()
			.user("What is the weather in Paris and in Rome?")
			.message(asks.toMessage())
			.temperature(0.0)
			.maxOutputTokens(200)
			.tools(WEATHER);
		asks.toolCalls()
			.forEach((call) -> next
				.message(Message.tool(new Part.ToolResult(call.id(), call.name(), "{\"weather\":\"sunny\"}"))));
		Completion answer = client(type).completion(next.build()).block(Loopback.LIMIT);
		assertThat(answer).isNotNull();
		assertThat(answer.text() + answer.toolCalls()).isNotBlank();
	}

	@ParameterizedTest
	@MethodSource("wires")
	void aServiceWithAToolStreamsTheFinalAnswer(String type) {
		Weather weather = new Weather();
		LlmStreamClient client = LlmStreamClient
			.builder(type, Loopback.model(type, SERVER, 16, StreamTimeouts.defaults(), "tiny-chat"))
			.tools(ToolLoop.create())
			.build();
		Forecast forecast = new LlmServiceFactory((name) -> client, (bean) -> weather, new DefaultResourceLoader())
			.create(Forecast.class);
		List<Token> tokens = forecast
			.ask("What is the weather in Paris?", (options) -> options.temperature(0.0).maxOutputTokens(400))
			.collectList()
			.block(Loopback.LIMIT);
		assertThat(tokens).isNotNull();
		assertThat(weather.cities).contains("Paris");
		int result = indexOf(tokens, Token.ToolResult.class);
		assertThat(indexOf(tokens, Token.ToolCall.class)).isBetween(0, result - 1);
		assertThat(tokens.subList(result, tokens.size()).stream().filter(Token.Text.class::isInstance))
			.as("pieces of the final answer")
			.hasSizeGreaterThan(1);
		assertThat(tokens.get(tokens.size() - 1)).isInstanceOfSatisfying(Token.Finish.class,
				(finish) -> assertThat(finish.reason()).isEqualTo(FinishReason.STOP));
	}

	@ParameterizedTest
	@MethodSource("wires")
	void aToolIsRunAndTheModelGoesOnInTheSameStream(String type) {
		WeatherTools weather = new WeatherTools();
		LlmStreamClient client = LlmStreamClient
			.builder(type, Loopback.model(type, SERVER, 16, StreamTimeouts.defaults(), "tiny-chat"))
			.tools(ToolLoop.create())
			.build();
		List<Token> tokens = client.prompt("What is the weather in Paris and in Rome?")
			.tools(weather)
			.options((options) -> options.temperature(0.0).maxOutputTokens(200))
			.stream()
			.collectList()
			.block(Loopback.LIMIT);
		assertThat(tokens).isNotNull();
		assertThat(weather.asked).containsExactlyInAnyOrder("Paris", "Rome");
		assertThat(tokens).filteredOn(Token.ToolResult.class::isInstance)
			.extracting((token) -> ((Token.ToolResult) token).content())
			.containsExactlyInAnyOrder("{\"city\":\"Paris\",\"weather\":\"sunny\"}",
					"{\"city\":\"Rome\",\"weather\":\"sunny\"}");
		int second = tokens.indexOf(new Token.StepStart(2));
		assertThat(second).isPositive();
		assertThat(tokens.subList(second, tokens.size())).filteredOn(Token.Text.class::isInstance).isNotEmpty();
		assertThat(tokens.get(tokens.size() - 1)).isInstanceOfSatisfying(Token.Finish.class,
				(finish) -> assertThat(finish.reason()).isEqualTo(FinishReason.STOP));
	}

	private static int indexOf(List<Token> tokens, Class<? extends Token> type) {
		for (int i = 0; i < tokens.size(); i++) {
			if (type.isInstance(tokens.get(i))) {
				return i;
			}
		}
		return -1;
	}

	static class WeatherTools {

		final Queue<String> asked = new ConcurrentLinkedQueue<>();

		@Tool(name = "get_weather", description = "Tells the weather of a city")
		Map<String, String> weather(@ToolParam(name = "city", description = "the city") String city) {
			this.asked.add(city);
			Map<String, String> weather = new TreeMap<>();
			weather.put("city", city);
			weather.put("weather", "sunny");
			return weather;
		}

	}

	@ParameterizedTest
	@MethodSource("wires")
	void aCutAnswerSaysSo(String type) {
		Completion completion = client(type).prompt("Tell me a story.")
			.options((options) -> options.temperature(0.0).maxOutputTokens(5))
			.call();
		assertThat(completion.text()).isNotBlank();
		// this server says "completed" for Responses even when the length limit cut the
		// answer
		assertThat(completion.finishReason())
			.isEqualTo((type.equals("openai-responses")) ? FinishReason.STOP : FinishReason.LENGTH);
	}

	@Test
	void cancellingLeavesTheServerFreeForTheNext() {
		for (int i = 0; i < 8; i++) {
			StepVerifier
				.create(client("llama-cpp").prompt("Tell me a story.")
					.options((options) -> options.maxOutputTokens(2000))
					.stream(), 2)
				.expectNextCount(2)
				.thenCancel()
				.verify(Loopback.LIMIT);
		}
		assertThat(client("llama-cpp").prompt("Say hello.").completion().block(Duration.ofSeconds(10))).isNotNull();
	}

	@LlmService
	@Tools(Weather.class)
	interface Forecast {

		Flux<Token> ask(String question, Consumer<StreamRequest.Builder> options);

	}

	static class Weather {

		private final List<String> cities = new CopyOnWriteArrayList<>();

		@Tool(name = "get_weather", description = "Tells the weather of a city")
		Map<String, String> weather(String city) {
			this.cities.add(city);
			return Map.of("weather", "sunny");
		}

	}

}
