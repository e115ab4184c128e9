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

package io.llmstream.provider.anthropic;

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

class AnthropicDialectTests {

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private final AnthropicDialect dialect = new AnthropicDialect();

	@Test
	void saysWhereAndHowTheServerIsReached() {
		assertThat(this.dialect.type()).isEqualTo("anthropic");
		assertThat(this.dialect.defaultBaseUrl()).isEqualTo("https://api.anthropic.com");
		assertThat(this.dialect.requiresApiKey()).isTrue();
		assertThat(this.dialect.authentication("secret")).containsExactly(Map.entry("x-api-key", "secret"));
		EncodedRequest encoded = this.dialect.encode(request().user("Hi").build(), "claude");
		assertThat(encoded.path()).isEqualTo("/v1/messages");
		assertThat(encoded.headers()).containsExactly(Map.entry("anthropic-version", "2023-06-01"));
	}

	@Test
	void encodesAPromptWithTheDefaultLimit() {
		assertBody(request().system("Be brief.").user("Hi"), """
				{"model": "claude-x", "max_tokens": 4096, "stream": true, "system": "Be brief.",
				 "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}""");
	}

	@Test
	void encodesSamplingAndStopSequences() {
		JsonNode body = body(request().user("Hi").temperature(0.5).topP(0.9).maxOutputTokens(77).stop("END", "STOP"));
		assertThat(body.get("temperature")).isEqualTo(json("0.5"));
		assertThat(body.get("top_p")).isEqualTo(json("0.9"));
		assertThat(body.get("max_tokens")).isEqualTo(json("77"));
		assertThat(body.get("stop_sequences")).isEqualTo(json("[\"END\", \"STOP\"]"));
	}

	@Test
	void keepsCacheHintsOnEveryKindOfPart() {
		JsonNode body = body(request()
			.message(Message.of(Message.Role.SYSTEM, new Part.Text("Rules"), new Part.Text("More", CacheHint.LONG)))
			.user(new Part.Text("Look", CacheHint.SHORT),
					new Part.Image(URI.create("https://images.example/a.png"), null, null, CacheHint.SHORT))
			.message(Message.of(Message.Role.ASSISTANT, new Part.Text("Well", CacheHint.SHORT),
					new Part.ToolCall("t1", "look", "{}")))
			.message(Message.tool(new Part.ToolResult("t1", "look", "seen", false, CacheHint.LONG))));
		assertThat(body.get("system")).isEqualTo(json("""
				[{"type": "text", "text": "Rules"},
				 {"type": "text", "text": "More", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]"""));
		assertThat(body.get("messages")).isEqualTo(json("""
				[{"role": "user", "content": [
				   {"type": "text", "text": "Look", "cache_control": {"type": "ephemeral"}},
				   {"type": "image", "source": {"type": "url", "url": "https://images.example/a.png"},
				    "cache_control": {"type": "ephemeral"}}]},
				 {"role": "assistant", "content": [
				   {"type": "text", "text": "Well", "cache_control": {"type": "ephemeral"}},
				   {"type": "tool_use", "id": "t1", "name": "look", "input": {}}]},
				 {"role": "user", "content": [
				   {"type": "tool_result", "tool_use_id": "t1", "content": "seen",
				    "cache_control": {"type": "ephemeral", "ttl": "1h"}}]}]"""));
	}

	@Test
	void keepsTheCacheHintOfASystemPromptThatIsOneBlock() {
		JsonNode body = body(
				request().message(Message.of(Message.Role.SYSTEM, new Part.Text("Rules", CacheHint.SHORT))).user("Hi"));
		assertThat(body.get("system")).isEqualTo(json("""
				[{"type": "text", "text": "Rules", "cache_control": {"type": "ephemeral"}}]"""));
	}

	@Test
	void movesTheCacheHintOfAnEmptyTextToThePartBefore() {
		JsonNode body = body(request().user(new Part.Text("Long"), new Part.Text("", CacheHint.LONG)));
		assertThat(body.at("/messages/0/content")).isEqualTo(json("""
				[{"type": "text", "text": "Long", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]"""));
	}

	@Test
	void leavesOutTextOfWhiteSpaceAlone() {
		JsonNode body = body(request().message(Message.system(" "))
			.user("Hi")
			.message(Message.of(Message.Role.ASSISTANT, new Part.Text("\n\n"), new Part.ToolCall("a", "f", "{}")))
			.message(Message.tool(new Part.ToolResult("a", "f", "ok")))
			.message(Message.assistant("\n\t "))
			.user(new Part.Text("Long"), new Part.Text(" \n", CacheHint.SHORT)));
		assertThat(body.has("system")).isFalse();
		assertThat(body.get("messages")).isEqualTo(json("""
				[{"role": "user", "content": [{"type": "text", "text": "Hi"}]},
				 {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "f", "input": {}}]},
				 {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "ok"}]},
				 {"role": "user", "content": [
				   {"type": "text", "text": "Long", "cache_control": {"type": "ephemeral"}}]}]"""));
	}

	@Test
	void encodesImagesGivenByContent() {
		JsonNode body = body(request().user(Part.Image.of("image/png", new byte[] { 1, 2, 3 })));
		assertThat(body.at("/messages/0/content/0")).isEqualTo(json("""
				{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AQID"}}"""));
	}

	@Test
	void mergesTheResultsOfOneTurnAndPutsThemFirst() {
		JsonNode body = body(request().user("Compare")
			.message(Message.of(Message.Role.ASSISTANT, new Part.ToolCall("a", "weather", "{\"city\":\"Paris\"}"),
					new Part.ToolCall("b", "weather", "")))
			.message(Message.of(Message.Role.TOOL, new Part.Text("Note"), new Part.ToolResult("a", "weather", "12")))
			.message(Message.tool(new Part.ToolResult("b", "weather", "no city", true, null)))
			.user("And now?"));
		assertThat(body.get("messages")).isEqualTo(json("""
				[{"role": "user", "content": [{"type": "text", "text": "Compare"}]},
				 {"role": "assistant", "content": [
				   {"type": "tool_use", "id": "a", "name": "weather", "input": {"city": "Paris"}},
				   {"type": "tool_use", "id": "b", "name": "weather", "input": {}}]},
				 {"role": "user", "content": [
				   {"type": "tool_result", "tool_use_id": "a", "content": "12"},
				   {"type": "tool_result", "tool_use_id": "b", "content": "no city", "is_error": true},
				   {"type": "text", "text": "Note"}]},
				 {"role": "user", "content": [{"type": "text", "text": "And now?"}]}]"""));
	}

	@Test
	void keepsArgumentsThatAreNoObjectAsText() {
		JsonNode body = body(request().user("Hi")
			.message(Message.of(Message.Role.ASSISTANT, new Part.ToolCall("a", "cut", "{\"city\": \"Pa"))));
		assertThat(body.at("/messages/1/content/0/input"))
			.isEqualTo(json("{\"arguments\": \"{\\\"city\\\": \\\"Pa\"}"));
	}

	@Test
	void makesIdsOfOtherProvidersAcceptable() {
		JsonNode body = body(request().user("Hi")
			.message(Message.of(Message.Role.ASSISTANT, new Part.ToolCall("call.1:x", "f", "{}")))
			.message(Message.tool(new Part.ToolResult("call.1:x", "f", "ok"))));
		assertThat(body.at("/messages/1/content/0/id").asString()).isEqualTo("call_1_x");
		assertThat(body.at("/messages/2/content/0/tool_use_id").asString()).isEqualTo("call_1_x");
	}

	@Test
	void putsReplayStateBackVerbatimAndIgnoresThatOfOthers() {
		JsonNode body = body(request().user("Hi")
			.message(Message.of(Message.Role.ASSISTANT,
					new Part.ReplayState("anthropic", "thinking",
							"{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"c2ln\"}"),
					new Part.ReplayState("gemini", "signature", "\"x\""), new Part.Text("Yes")))
			.message(Message.of(Message.Role.ASSISTANT, new Part.ReplayState("openai-responses", "reasoning", "{}"))));
		assertThat(body.get("messages")).isEqualTo(json("""
				[{"role": "user", "content": [{"type": "text", "text": "Hi"}]},
				 {"role": "assistant", "content": [
				   {"type": "thinking", "thinking": "Hm", "signature": "c2ln"},
				   {"type": "text", "text": "Yes"}]}]"""));
	}

	@Test
	void encodesTools() {
		ToolDefinition loose = new ToolDefinition("weather", "Tells the weather", "{\"type\":\"object\"}");
		ToolDefinition strict = new ToolDefinition("time", null, "{\"type\":\"object\"}", true);
		JsonNode body = body(request().user("Hi").tools(loose, strict));
		assertThat(body.get("tools")).isEqualTo(json("""
				[{"name": "weather", "description": "Tells the weather", "input_schema": {"type": "object"}},
				 {"name": "time", "input_schema": {"type": "object"}, "strict": true}]"""));
		assertThat(body.has("tool_choice")).isFalse();
	}

	@Test
	void encodesEveryToolChoice() {
		assertThat(toolChoice(ToolChoice.AUTO, null)).isEqualTo(json("{\"type\": \"auto\"}"));
		assertThat(toolChoice(ToolChoice.NONE, false)).isEqualTo(json("{\"type\": \"none\"}"));
		assertThat(toolChoice(ToolChoice.REQUIRED, true))
			.isEqualTo(json("{\"type\": \"any\", \"disable_parallel_tool_use\": false}"));
		assertThat(toolChoice(ToolChoice.tool("weather"), false))
			.isEqualTo(json("{\"type\": \"tool\", \"name\": \"weather\", \"disable_parallel_tool_use\": true}"));
		assertThat(toolChoice(null, false))
			.isEqualTo(json("{\"type\": \"auto\", \"disable_parallel_tool_use\": true}"));
	}

	@Test
	void sendsNoToolChoiceWithoutTools() {
		assertThat(body(request().user("Hi").parallelToolCalls(false)).has("tool_choice")).isFalse();
	}

	@Test
	void encodesAReasoningBudgetAndMakesRoomForIt() {
		JsonNode body = body(request().user("Hi").reasoning(ReasoningOptions.budget(10_000).show(false)));
		assertThat(body.get("thinking"))
			.isEqualTo(json("{\"type\": \"enabled\", \"budget_tokens\": 10000, \"display\": \"omitted\"}"));
		assertThat(body.get("max_tokens")).isEqualTo(json("14096"));
		assertThat(body.has("output_config")).isFalse();
	}

	@Test
	void encodesAReasoningEffort() {
		JsonNode body = body(request().user("Hi").reasoning(ReasoningOptions.effort(Effort.MAX).show(true)));
		assertThat(body.get("thinking")).isEqualTo(json("{\"type\": \"adaptive\", \"display\": \"summarized\"}"));
		assertThat(body.get("output_config")).isEqualTo(json("{\"effort\": \"max\"}"));
		assertThat(body.get("max_tokens")).isEqualTo(json("16384"));
		assertThat(effort(Effort.MINIMAL)).isEqualTo("low");
		assertThat(effort(Effort.LOW)).isEqualTo("low");
		assertThat(effort(Effort.MEDIUM)).isEqualTo("medium");
		assertThat(effort(Effort.HIGH)).isEqualTo("high");
	}

	@Test
	void switchesReasoningOff() {
		JsonNode body = body(request().user("Hi").reasoning(ReasoningOptions.effort(Effort.NONE).show(true)));
		assertThat(body.get("thinking")).isEqualTo(json("{\"type\": \"disabled\"}"));
		assertThat(body.has("output_config")).isFalse();
		assertThat(body.get("max_tokens")).isEqualTo(json("4096"));
	}

	@Test
	void showsReasoningWithoutAnEffort() {
		JsonNode body = body(request().user("Hi").reasoning(new ReasoningOptions(null, null, true)));
		assertThat(body.get("thinking")).isEqualTo(json("{\"type\": \"adaptive\", \"display\": \"summarized\"}"));
		assertThat(body(request().user("Hi").reasoning(new ReasoningOptions(null, null, false))).has("thinking"))
			.isFalse();
	}

	@Test
	void encodesASchemaBesideAnEffort() {
		JsonNode body = body(request().user("Hi")
			.reasoning(ReasoningOptions.effort(Effort.LOW))
			.responseFormat(ResponseFormat.jsonSchema("answer", "{\"type\":\"object\"}")));
		assertThat(body.get("output_config")).isEqualTo(json("""
				{"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}}"""));
	}

	@Test
	void mergesExtraMembersLast() {
		JsonNode body = body(request().user("Hi")
			.reasoning(ReasoningOptions.effort(Effort.LOW))
			.extra("service_tier", "auto")
			.extra("output_config", Map.of("effort", "high"))
			.extra("max_tokens", 5));
		assertThat(body.get("service_tier").asString()).isEqualTo("auto");
		assertThat(body.at("/output_config/effort").asString()).isEqualTo("high");
		assertThat(body.get("max_tokens")).isEqualTo(json("5"));
	}

	@Test
	void rejectsWhatTheServerCannotDo() {
		for (StreamRequest request : List.of(request().user("Hi").seed(1L).build(),
				request().user("Hi").responseFormat(ResponseFormat.JSON_OBJECT).build(),
				request().message(Message.of(Message.Role.SYSTEM, Part.Image.of("image/png", new byte[1]))).build())) {
			assertThatExceptionOfType(UnsupportedOptionException.class)
				.isThrownBy(() -> this.dialect.encode(request, "claude"))
				.withMessageContaining("claude");
		}
	}

	private JsonNode toolChoice(ToolChoice choice, Boolean parallel) {
		return body(request().user("Hi")
			.tools(new ToolDefinition("weather", "w", "{}"))
			.toolChoice(choice)
			.parallelToolCalls(parallel)).get("tool_choice");
	}

	private String effort(Effort effort) {
		return body(request().user("Hi").reasoning(ReasoningOptions.effort(effort))).at("/output_config/effort")
			.asString();
	}

	private static StreamRequest.Builder request() {
		return StreamRequest.builder().model("claude-x");
	}

	private void assertBody(StreamRequest.Builder request, String expected) {
		assertThat(body(request)).isEqualTo(json(expected));
	}

	private JsonNode body(StreamRequest.Builder request) {
		return mapper.readTree(this.dialect.encode(request.build(), "claude").body());
	}

	private static JsonNode json(String json) {
		return mapper.readTree(json);
	}

}
