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

package io.llmstream.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class SampleApplicationTests {

	@Nested
	class OnServlets extends Stack {

		OnServlets() {
			super("servlet", "TomcatWebServer");
		}

	}

	@Nested
	class OnReactive extends Stack {

		OnReactive() {
			super("reactive", "NettyWebServer");
		}

	}

	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	abstract static class Stack {

		private static final String SAID = "Echo:  two spaces, an empty line\n\nand عربي, 👩‍👩‍👧‍👦, \"quotes\" \\ to the end ";

		private final String stack;

		private final String server;

		private RunningSample sample;

		Stack(String stack, String server) {
			this.stack = stack;
			this.server = server;
		}

		@BeforeAll
		void start() {
			this.sample = RunningSample.on(this.stack);
		}

		@AfterAll
		void stop() {
			this.sample.close();
		}

		@Test
		void runsOnTheServerOfItsStackAndShowsHealthAlone() throws Exception {
			assertThat(this.sample.server().getClass().getSimpleName()).isEqualTo(this.server);
			assertThat(this.sample.get("/").body()).contains("<title>llm-stream chat</title>");
			assertThat(this.sample.get("/js/app.js").headers().firstValue("content-type").orElse(""))
				.contains("javascript");
			assertThat(this.sample.get("/actuator/health").body()).contains("UP");
			assertThat(this.sample.get("/actuator/env").statusCode()).isEqualTo(404);
			assertThat(this.sample.get("/api/providers").body()).contains("\"name\":\"sim-openai\"", "simulated-1")
				.doesNotContain("api-key", "apiKey", "127.0.0.1");
		}

		@ParameterizedTest
		@ValueSource(strings = { "sim-openai", "sim-responses", "sim-anthropic", "sim-gemini", "sim-ollama" })
		void showsTokensOneByOne(String provider) throws Exception {
			HttpResponse<Stream<String>> response = this.sample.chat(provider, SAID);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
			EventLines events = new EventLines(response.body());
			StringBuilder text = new StringBuilder();
			EventLines.Event event = events.next("delta");
			// The first is here while the provider still writes the others.
			assertThat(this.sample.traffic().open()).isOne();
			int deltas = 0;
			for (; !event.isTerminal(); event = events.next()) {
				assertThat(event.name()).isEqualTo("delta");
				text.append(event.data().path("text").stringValue());
				deltas++;
			}
			assertThat(event.name()).isEqualTo("done");
			assertThat(event.data().path("finishReason").stringValue()).isEqualTo("stop");
			assertThat(event.data().path("usage").path("output").intValue()).isGreaterThanOrEqualTo(deltas);
			assertThat(text).hasToString(SAID.substring("Echo:".length()));
			// A busy machine merges pieces, but never all of them.
			assertThat(deltas).isGreaterThanOrEqualTo(3);
		}

		@ParameterizedTest
		@ValueSource(strings = { "sim-openai", "sim-responses", "sim-anthropic", "sim-gemini", "sim-ollama" })
		void keepsReasoningApart(String provider) throws Exception {
			EventLines events = new EventLines(this.sample.chatWithThought(provider, "Why?").body());
			List<String> kinds = new ArrayList<>();
			EventLines.Event event = events.next();
			for (; !event.isTerminal(); event = events.next()) {
				kinds.add(event.data().path("kind").asString(""));
			}
			assertThat(event.name()).isEqualTo("done");
			assertThat(kinds).contains("reasoning", "text");
			assertThat(kinds.lastIndexOf("reasoning")).isLessThan(kinds.indexOf("text"));
		}

		@ParameterizedTest
		@ValueSource(strings = { "sim-responses", "sim-gemini" })
		void writesARecipePieceByPiece(String provider) throws Exception {
			HttpResponse<Stream<String>> response = this.sample.startRecipe(provider, "carrot \"soup\"");
			assertThat(response.statusCode()).isEqualTo(200);
			EventLines events = new EventLines(response.body());
			StringBuilder json = new StringBuilder();
			EventLines.Event event = events.next("delta");
			int deltas = 0;
			for (; !event.isTerminal(); event = events.next()) {
				assertThat(event.data().path("kind").stringValue()).isEqualTo("object");
				json.append(event.data().path("text").stringValue());
				deltas++;
			}
			assertThat(event.name()).isEqualTo("done");
			assertThat(event.data().path("finishReason").stringValue()).isEqualTo("stop");
			assertThat(event.data().path("model").stringValue()).isEqualTo("simulated-1");
			assertThat(event.data().path("usage").path("output").intValue()).isPositive();
			Recipe recipe = JsonMapper.shared().readValue(json.toString(), Recipe.class);
			assertThat(recipe.title()).isEqualTo("Carrot \"soup\"");
			assertThat(recipe.ingredients()).contains(new Recipe.Ingredient("1 tsp", "sugar"));
			// A busy machine merges pieces, but never all of them.
			assertThat(deltas).isGreaterThanOrEqualTo(3);
		}

		@Test
		void keepsARecipeForABrowserThatComesBack() throws Exception {
			HttpResponse<Stream<String>> response = this.sample.startRecipe("sim-openai", "soup");
			String run = runId(response);
			try (Stream<String> lines = response.body()) {
				new EventLines(lines).next("delta");
			}
			EventLines events = new EventLines(this.sample.watchRun(run).body());
			StringBuilder json = new StringBuilder();
			for (EventLines.Event event = events.next("delta"); !event.isTerminal(); event = events.next()) {
				json.append(event.data().path("text").stringValue());
			}
			assertThat(JsonMapper.shared().readValue(json.toString(), Recipe.class).title()).isEqualTo("Soup");
		}

		@ParameterizedTest
		@ValueSource(strings = { "{}", "{\"provider\":\"none\",\"dish\":\"soup\"}", "{\"provider\":\"sim-openai\"}" })
		void rejectsAnOrderThatIsNone(String body) throws Exception {
			assertThat(this.sample.post("/api/recipes", body).statusCode()).isEqualTo(400);
		}

		@Test
		void closesTheUpstreamWhenTheBrowserLeaves() throws Exception {
			long before = this.sample.traffic().closedByClient();
			try (Stream<String> lines = this.sample.chat("sim-openai", "Tell me a long story").body()) {
				new EventLines(lines).next("delta");
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(this.sample.traffic().closedByClient()).isEqualTo(before + 1));
		}

		@Test
		void keepsARunForABrowserThatComesBack() throws Exception {
			HttpResponse<Stream<String>> response = this.sample.startRun("sim-openai", SAID);
			String run = runId(response);
			try (Stream<String> lines = response.body()) {
				new EventLines(lines).next("delta");
			}
			EventLines events = new EventLines(this.sample.watchRun(run).body());
			assertThat(events.next().name()).isEqualTo("start");
			StringBuilder text = new StringBuilder();
			EventLines.Event event = events.next();
			for (; !event.isTerminal(); event = events.next()) {
				text.append(event.data().path("text").stringValue());
			}
			assertThat(event.name()).isEqualTo("done");
			assertThat(text).hasToString(SAID.substring("Echo:".length()));
		}

		@Test
		void stopsARunForAllWhoWatchIt() throws Exception {
			long before = this.sample.traffic().closedByClient();
			HttpResponse<Stream<String>> response = this.sample.startRun("sim-openai", "Tell me a long story");
			String run = runId(response);
			EventLines first = new EventLines(response.body());
			EventLines second = new EventLines(this.sample.watchRun(run).body());
			first.next("delta");
			second.next("delta");
			assertThat(this.sample.stopRun(run).statusCode()).isEqualTo(200);
			for (EventLines events : List.of(first, second)) {
				events.next("aborted");
				assertThat(events.hasNext()).isFalse();
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(this.sample.traffic().closedByClient()).isEqualTo(before + 1));
		}

		@Test
		void knowsNoRunThatWasNotStarted() throws Exception {
			String unknown = "0123456789abcdef0123456789abcdef";
			assertThat(this.sample.watchRun(unknown).statusCode()).isEqualTo(404);
			assertThat(this.sample.stopRun(unknown).statusCode()).isEqualTo(404);
		}

		private static String runId(HttpResponse<?> response) {
			return response.headers().firstValue("X-Run-Id").orElseThrow();
		}

		@Test
		void reportsAnErrorAfterThePartialAnswer() throws Exception {
			EventLines events = new EventLines(this.sample.chat("sim-anthropic", "Break off in the middle").body());
			assertThat(events.next("delta").data().path("text").stringValue()).isNotEmpty();
			EventLines.Event error = events.next("run-error");
			assertThat(error.data().path("code").stringValue()).isEqualTo("overloaded");
			assertThat(error.data().path("partial").booleanValue()).isTrue();
			assertThat(events.hasNext()).isFalse();
		}

		@Test
		void sendsTheWholeConversation() throws Exception {
			EventLines events = new EventLines(
					this.sample.chat("sim-gemini", "My name is Ada.", "Hello Ada.", "What did I say first?").body());
			StringBuilder text = new StringBuilder();
			for (EventLines.Event event = events.next("delta"); !event.isTerminal(); event = events.next()) {
				text.append(event.data().path("text").stringValue());
			}
			assertThat(text).contains("My name is Ada.");
		}

		@ParameterizedTest
		@ValueSource(strings = { "{}", "{\"provider\":\"none\",\"messages\":[{\"role\":\"user\",\"text\":\"a\"}]}",
				"{\"provider\":\"sim-openai\",\"messages\":[]}",
				"{\"provider\":\"sim-openai\",\"messages\":[{\"role\":\"system\",\"text\":\"a\"}]}",
				"{\"provider\":\"sim-openai\",\"messages\":[{\"role\":\"user\"}]}" })
		void rejectsAQuestionThatIsNone(String body) throws Exception {
			long before = this.sample.traffic().requests();
			assertThat(this.sample.post(body).statusCode()).isEqualTo(400);
			assertThat(this.sample.traffic().requests()).isEqualTo(before);
		}

	}

	@Nested
	class WithAKey {

		@Test
		void asksTheRealProviderWithIt() throws Exception {
			try (ScriptedProvider real = ScriptedProvider.start().always(Script.text("I am ", "real").usage(3, 2));
					RunningSample sample = RunningSample.on("servlet", "--OPENAI_API_KEY=a-key",
							"--OPENAI_MODEL=a-model", "--OPENAI_BASE_URL=" + real.baseUrl() + "/v1")) {
				assertThat(sample.get("/api/providers").body()).contains("\"name\":\"openai\"", "a-model")
					.doesNotContain("a-key");
				EventLines events = new EventLines(sample.chat("openai", "Who are you?").body());
				assertThat(events.next("delta").data().path("text").stringValue()).startsWith("I am ");
				assertThat(events.next("done").data().path("usage").path("output").intValue()).isEqualTo(2);
				assertThat(real.lastRequest().header("authorization")).isEqualTo("Bearer a-key");
				assertThat(real.lastRequest().json().path("model").stringValue()).isEqualTo("a-model");
				real.always(Script.text("{\"title\":\"So", "up\",\"summary\":\"\",\"servings\":1,\"minutes\":5,",
						"\"ingredients\":[],\"steps\":[]}"));
				EventLines recipe = new EventLines(sample.startRecipe("openai", "soup").body());
				assertThat(recipe.next("delta").data().path("text").stringValue()).startsWith("{\"title\":\"So");
				recipe.next("done");
				assertThat(real.lastRequest().json().at("/response_format/json_schema/name").stringValue())
					.isEqualTo("Recipe");
				assertThat(real.lastRequest().json().at("/messages/1/content").stringValue())
					.isEqualTo("Write a recipe for soup.");
			}
		}

	}

}
