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

package io.llmstream.provider.responses;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.Part.CacheHint;
import io.llmstream.ReasoningOptions;
import io.llmstream.ReasoningOptions.Effort;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.UnsupportedOptionException;
import io.llmstream.provider.EncodedRequest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ResponsesDialectTests {

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private final ResponsesDialect dialect = new ResponsesDialect();

	@Test
	void saysWhereAndHowTheServerIsReached() {
		assertThat(this.dialect.type()).isEqualTo("openai-responses");
		assertThat(this.dialect.defaultBaseUrl()).isEqualTo("https://api.openai.com/v1");
		assertThat(this.dialect.requiresApiKey()).isTrue();
		assertThat(this.dialect.authentication("secret")).containsExactly(Map.entry("Authorization", "Bearer secret"));
		EncodedRequest encoded = this.dialect.encode(request().user("Hi").build(), "openai");
		assertThat(encoded.path()).isEqualTo("/responses");
		assertThat(encoded.headers()).isEmpty();
	}

	@Test
	void encodesAPrompt() {
		assertThat(body(request().system("Be brief.").system("Be kind.").user("Hi"))).isEqualTo(json("""
				{"model": "gpt-x", "stream": true, "instructions": "Be brief.\\n\\nBe kind.",
				 "input": [{"type": "message", "role": "user", "content": "Hi"}]}"""));
	}

	@Test
	void keepsALaterSystemMessageInItsPlace() {
		assertThat(body(request().user("Hi").system("Now in French.").user("Bye")).get("input")).isEqualTo(json("""
				[{"type": "message", "role": "user", "content": "Hi"},
				 {"type": "message", "role": "system", "content": "Now in French."},
				 {"type": "message", "role": "user", "content": "Bye"}]"""));
	}

	@Test
	void encodesSampling() {
		JsonNode body = body(request().user("Hi").temperature(0.5).topP(0.9).maxOutputTokens(77));
		assertThat(body.get("temperature")).isEqualTo(json("0.5"));
		assertThat(body.get("top_p")).isEqualTo(json("0.9"));
		assertThat(body.get("max_output_tokens")).isEqualTo(json("77"));
	}

	@Test
	void encodesImagesAndIgnoresCacheHints() {
		JsonNode body = body(request().user(new Part.Text("Compare", CacheHint.LONG),
				Part.Image.of(URI.create("https://images.example/a.png")),
				Part.Image.of("image/png", new byte[] { 1, 2, 3 })));
		assertThat(body.get("input")).isEqualTo(json("""
				[{"type": "message", "role": "user", "content": [
				   {"type": "input_text", "text": "Compare"},
				   {"type": "input_image", "image_url": "https://images.example/a.png"},
				   {"type": "input_image", "image_url": "data:image/png;base64,AQID"}]}]"""));
	}

	@Test
	void encodesCallsResultsAndReasoningAsItemsInTheirOrder() {
		String reasoning = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"eA==\"}";
		JsonNode body = body(
				request().user("Weather?")
					.message(Message.of(Message.Role.ASSISTANT,
							new Part.ReplayState("openai-responses", "reasoning", reasoning),
							new Part.ReplayState("anthropic", "thinking", "{}"), new Part.Text("Let me "),
							new Part.Text("look."), new Part.ToolCall("c1", "weather", "{\"city\":\"Paris\"}"),
							new Part.ToolCall("c2", "time", "")))
					.message(Message.tool(new Part.ToolResult("c1", "weather", "12")))
					.message(Message.tool(new Part.ToolResult("c2", "time", "late", true, null))));
		assertThat(body.get("input")).isEqualTo(json("""
				[{"type": "message", "role": "user", "content": "Weather?"},
				 {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "eA=="},
				 {"type": "message", "role": "assistant", "content": "Let me look."},
				 {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{\\"city\\":\\"Paris\\"}"},
				 {"type": "function_call", "call_id": "c2", "name": "time", "arguments": "{}"},
				 {"type": "function_call_output", "call_id": "c1", "output": "12"},
				 {"type": "function_call_output", "call_id": "c2", "output": "Error: late"}]"""));
		assertThat(body.get("store")).isEqualTo(json("false"));
		assertThat(body.get("include")).isEqualTo(json("[\"reasoning.encrypted_content\"]"));
	}

	@Test
	void writesArgumentsThatAreNoObjectAsAMemberOfOne() {
		JsonNode body = body(request().user("Weather?")
			.message(Message.of(Message.Role.ASSISTANT, new Part.ToolCall("c1", "weather", "{ \"city\": \"Paris\" }"),
					new Part.ToolCall("c2", "weather", "{\"city\": \"Pa"))));
		assertThat(body.at("/input/1/arguments").asString()).isEqualTo("{ \"city\": \"Paris\" }");
		assertThat(body.at("/input/2/arguments").asString()).isEqualTo("{\"arguments\":\"{\\\"city\\\": \\\"Pa\"}");
	}

	@Test
	void encodesToolsFlatAndSaysWhetherTheyAreStrict() {
		ToolDefinition loose = new ToolDefinition("weather", "Tells the weather", "{\"type\":\"object\"}");
		ToolDefinition strict = new ToolDefinition("time", null, "{\"type\":\"object\"}", true);
		JsonNode body = body(request().user("Hi").tools(loose, strict).parallelToolCalls(false));
		assertThat(body.get("tools")).isEqualTo(json("""
				[{"type": "function", "name": "weather", "description": "Tells the weather",
				  "parameters": {"type": "object"}, "strict": false},
				 {"type": "function", "name": "time", "parameters": {"type": "object"}, "strict": true}]"""));
		assertThat(body.get("parallel_tool_calls")).isEqualTo(json("false"));
		assertThat(body.has("tool_choice")).isFalse();
	}

	@Test
	void encodesEveryToolChoice() {
		assertThat(toolChoice(ToolChoice.AUTO)).isEqualTo(json("\"auto\""));
		assertThat(toolChoice(ToolChoice.NONE)).isEqualTo(json("\"none\""));
		assertThat(toolChoice(ToolChoice.REQUIRED)).isEqualTo(json("\"required\""));
		assertThat(toolChoice(ToolChoice.tool("weather")))
			.isEqualTo(json("{\"type\": \"function\", \"name\": \"weather\"}"));
	}

	@Test
	void storesNothingAndAsksForEncryptedReasoningWhereItReasons() {
		JsonNode body = body(request().user("Hi").reasoning(ReasoningOptions.effort(Effort.HIGH).show(true)));
		assertThat(body.get("reasoning")).isEqualTo(json("{\"effort\": \"high\", \"summary\": \"auto\"}"));
		assertThat(body.get("store")).isEqualTo(json("false"));
		assertThat(body.get("include")).isEqualTo(json("[\"reasoning.encrypted_content\"]"));
	}

	@Test
	void asksNothingOfModelsThatDoNotReason() {
		JsonNode off = body(request().user("Hi").reasoning(ReasoningOptions.effort(Effort.NONE).show(true)));
		assertThat(off.get("reasoning")).isEqualTo(json("{\"effort\": \"none\"}"));
		assertThat(off.has("include")).isFalse();
		JsonNode hidden = body(request().user("Hi").reasoning(new ReasoningOptions(null, null, false)));
		assertThat(hidden.has("reasoning")).isFalse();
		assertThat(hidden.has("store")).isFalse();
	}

	@Test
	void encodesEveryEffort() {
		assertThat(effort(Effort.MINIMAL)).isEqualTo("minimal");
		assertThat(effort(Effort.LOW)).isEqualTo("low");
		assertThat(effort(Effort.MEDIUM)).isEqualTo("medium");
		assertThat(effort(Effort.MAX)).isEqualTo("xhigh");
	}

	@Test
	void encodesTheFormatOfTheAnswer() {
		JsonNode schema = body(
				request().user("Hi").responseFormat(ResponseFormat.jsonSchema("answer", "{\"type\":\"object\"}")));
		assertThat(schema.get("text")).isEqualTo(
				json("""
						{"format": {"type": "json_schema", "name": "answer", "schema": {"type": "object"}, "strict": true}}"""));
		JsonNode object = body(request().user("Hi").responseFormat(ResponseFormat.JSON_OBJECT));
		assertThat(object.get("text")).isEqualTo(json("{\"format\": {\"type\": \"json_object\"}}"));
	}

	@Test
	void mergesExtraMembersLast() {
		JsonNode body = body(request().user("Hi")
			.responseFormat(ResponseFormat.JSON_OBJECT)
			.reasoning(ReasoningOptions.effort(Effort.LOW))
			.extra("text", Map.of("verbosity", "low"))
			.extra("store", true));
		assertThat(body.get("text"))
			.isEqualTo(json("{\"format\": {\"type\": \"json_object\"}, \"verbosity\": \"low\"}"));
		assertThat(body.get("store")).isEqualTo(json("true"));
	}

	@Test
	void rejectsWhatTheServerCannotDo() {
		for (StreamRequest request : List.of(request().user("Hi").seed(1L).build(),
				request().user("Hi").stop("x").build(),
				request().user("Hi").reasoning(ReasoningOptions.budget(100)).build(),
				request().message(Message.of(Message.Role.ASSISTANT, Part.Image.of("image/png", new byte[1])))
					.build())) {
			assertThatExceptionOfType(UnsupportedOptionException.class)
				.isThrownBy(() -> this.dialect.encode(request, "openai"))
				.withMessageContaining("openai");
		}
	}

	private JsonNode toolChoice(ToolChoice choice) {
		return body(request().user("Hi").tools(new ToolDefinition("weather", "w", "{}")).toolChoice(choice))
			.get("tool_choice");
	}

	private String effort(Effort effort) {
		return body(request().user("Hi").reasoning(ReasoningOptions.effort(effort))).at("/reasoning/effort").asString();
	}

	private static StreamRequest.Builder request() {
		return StreamRequest.builder().model("gpt-x");
	}

	private JsonNode body(StreamRequest.Builder request) {
		return mapper.readTree(this.dialect.encode(request.build(), "openai").body());
	}

	private static JsonNode json(String json) {
		return mapper.readTree(json);
	}

}
