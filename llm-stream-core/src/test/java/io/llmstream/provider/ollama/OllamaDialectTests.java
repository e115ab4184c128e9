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

package io.llmstream.provider.ollama;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.ReasoningOptions;
import io.llmstream.ReasoningOptions.Effort;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.UnsupportedOptionException;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.wire.Framing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OllamaDialect} and what it sends.
 */
class OllamaDialectTests {

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private final OllamaDialect dialect = new OllamaDialect();

	@Test
	void describesOllama() {
		assertThat(this.dialect.type()).isEqualTo("ollama");
		assertThat(this.dialect.displayName()).isEqualTo("Ollama");
		assertThat(this.dialect.defaultBaseUrl()).isEqualTo("http://localhost:11434");
		assertThat(this.dialect.requiresApiKey()).isFalse();
		assertThat(this.dialect.authentication("k")).isEqualTo(Map.of("Authorization", "Bearer k"));
		assertThat(this.dialect.framing()).isEqualTo(Framing.NDJSON);
	}

	@Test
	void writesAConversation() {
		EncodedRequest encoded = this.dialect.encode(request().system("Be brief.")
			.user(new Part.Text("What is "), new Part.Text("this?"), Part.Image.of("image/png", new byte[] { 1, 2, 3 }),
					Part.Image.of("image/png", new byte[] { 4 }))
			.assistant("A cat.")
			.build(), "local");
		assertThat(encoded.path()).isEqualTo("/api/chat");
		assertThat(json(new String(encoded.body(), StandardCharsets.UTF_8))).isEqualTo(json("""
				{"model":"m","messages":[
				  {"role":"system","content":"Be brief."},
				  {"role":"user","content":"What is this?","images":["AQID","BA=="]},
				  {"role":"assistant","content":"A cat."}],
				 "stream":true}"""));
	}

	@Test
	void writesOptions() {
		assertBody(request().user("Hi")
			.temperature(0.5)
			.topP(0.9)
			.maxOutputTokens(100)
			.stop("A", "B")
			.seed(7L)
			.extra("keep_alive", "5m")
			.extra("options", Map.of("num_ctx", 4096)), """
					{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"keep_alive":"5m",
					 "options":{"temperature":0.5,"top_p":0.9,"num_predict":100,"stop":["A","B"],"seed":7,
					  "num_ctx":4096}}""");
	}

	@Test
	void writesToolsCallsAndResults() {
		assertBody(
				request().user("Hi")
					.tools(new ToolDefinition("f", "does f", "{\"type\":\"object\"}"),
							new ToolDefinition("g", null, "{\"type\":\"object\"}", false))
					.message(Message.of(Message.Role.ASSISTANT, new Part.Text("Well."),
							new Part.ToolCall("a", "f", "{\"x\":[1,{}]}"), new Part.ToolCall("b", "g", "")))
					.message(Message.of(Message.Role.TOOL, new Part.ToolResult("a", "f", "{\"ok\":true}"),
							new Part.ToolResult("b", "g", "sunny"))),
				"""
						{"model":"m","messages":[{"role":"user","content":"Hi"},
						  {"role":"assistant","content":"Well.","tool_calls":[
						    {"id":"a","function":{"name":"f","arguments":{"x":[1,{}]}}},
						    {"id":"b","function":{"name":"g","arguments":{}}}]},
						  {"role":"tool","tool_name":"f","tool_call_id":"a","content":"{\\"ok\\":true}"},
						  {"role":"tool","tool_name":"g","tool_call_id":"b","content":"sunny"}],
						 "stream":true,
						 "tools":[
						  {"type":"function","function":{"name":"f","description":"does f","parameters":{"type":"object"}}},
						  {"type":"function","function":{"name":"g","parameters":{"type":"object"}}}]}""");
	}

	@Test
	void sendsTheThinkingBeforeACallAgain() {
		JsonNode message = body(request().user("Hi")
			.message(Message.of(Message.Role.ASSISTANT, new Part.ToolCall("a", "f", "{}"),
					new Part.ReplayState("anthropic", "thinking", "{\"x\":1}"),
					new Part.ReplayState("ollama", "thinking", "\"so\\n\"")))
			.message(Message.tool(new Part.ToolResult("a", "f", "r", false, null)))).at("/messages/1");
		assertThat(message).isEqualTo(json("{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"so\\n\","
				+ "\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{}}}]}"));
	}

	@ParameterizedTest
	@CsvSource({ "NONE,false", "MINIMAL,\"low\"", "LOW,\"low\"", "MEDIUM,\"medium\"", "HIGH,\"high\"", "MAX,\"high\"" })
	void writesEfforts(Effort effort, String think) {
		assertThat(body(request().user("Hi").reasoning(ReasoningOptions.effort(effort))).path("think"))
			.isEqualTo(json(think));
	}

	@Test
	void thinksWhereReasoningIsToBeShown() {
		assertThat(body(request().user("Hi").reasoning(new ReasoningOptions(null, null, true))).path("think"))
			.isEqualTo(json("true"));
		assertThat(body(request().user("Hi").reasoning(new ReasoningOptions(null, null, false))).has("think"))
			.isFalse();
	}

	@Test
	void writesFormats() {
		assertThat(body(request().user("Hi").responseFormat(ResponseFormat.JSON_OBJECT)).path("format"))
			.isEqualTo(json("\"json\""));
		assertThat(body(request().user("Hi").responseFormat(ResponseFormat.jsonSchema("s", "{\"type\":\"object\"}")))
			.path("format")).isEqualTo(json("{\"type\":\"object\"}"));
	}

	@Test
	void rejectsWhatItCannotDo() {
		assertUnsupported(request().toolChoice(ToolChoice.REQUIRED), "toolChoice");
		assertUnsupported(request().parallelToolCalls(false), "parallelToolCalls");
		assertUnsupported(request().reasoning(ReasoningOptions.budget(10)), "reasoning.budgetTokens");
		assertUnsupported(request().user(Part.Image.of(URI.create("https://host.example/a.png"))), "images by url");
	}

	private void assertUnsupported(StreamRequest.Builder request, String option) {
		assertThatExceptionOfType(UnsupportedOptionException.class).isThrownBy(() -> body(request.user("Hi")))
			.withMessageContaining("local")
			.withMessageContaining(option);
	}

	private void assertBody(StreamRequest.Builder request, String expected) {
		assertThat(body(request)).isEqualTo(json(expected));
	}

	private JsonNode body(StreamRequest.Builder request) {
		return json(new String(this.dialect.encode(request.build(), "local").body(), StandardCharsets.UTF_8));
	}

	private static StreamRequest.Builder request() {
		return StreamRequest.builder().model("m");
	}

	private static JsonNode json(String text) {
		return mapper.readTree(text);
	}

}
