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

package io.llmstream.test;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what each wire looks like, as a client sees it that knows nothing of this
 * library.
 */
@ExtendWith(ScriptedProviderExtension.class)
class WireShapesTests {

	private static final Script SCRIPT = Script.start()
		.reasoning("Let me ", "see.")
		.signature("sig")
		.andText("Héllo", " \"wörld\"\n")
		.toolCall("get_weather", "{\"city\":", "\"Paris\"}")
		.toolCall("now")
		.usage(new Usage(100, 40, 30, 0, 10, Usage.Source.REPORTED));

	@Test
	void openAiChat(ScriptedProvider provider) {
		provider.enqueue(SCRIPT);
		HttpResponse<String> response = Http.post(provider, Wire.OPENAI_CHAT);
		assertThat(response.headers().firstValue("content-type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("text/event-stream"));
		assertThat(response.headers().firstValue("x-request-id")).isPresent();
		assertThat(response.body()).endsWith("data: [DONE]\n\n");
		List<JsonNode> chunks = Http.events(response.body());
		assertThat(join(chunks, "/choices/0/delta/content")).isEqualTo("Héllo \"wörld\"\n");
		assertThat(join(chunks, "/choices/0/delta/reasoning_content")).isEqualTo("Let me see.");
		assertThat(join(chunks, "/choices/0/delta/tool_calls/0/function/arguments")).isEqualTo("{\"city\":\"Paris\"}");
		assertThat(join(chunks, "/choices/0/delta/tool_calls/0/id")).isEqualTo("call_1call_2");
		assertThat(join(chunks, "/choices/0/finish_reason")).isEqualTo("tool_calls");
		JsonNode last = chunks.get(chunks.size() - 1);
		assertThat(last.path("choices").size()).isZero();
		assertThat(last.at("/usage/prompt_tokens").asInt()).isEqualTo(100);
		assertThat(last.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(30);
		assertThat(last.at("/usage/completion_tokens_details/reasoning_tokens").asInt()).isEqualTo(10);
		assertThat(last.path("model").asString()).isEqualTo("m-1");
	}

	@Test
	void openAiResponses(ScriptedProvider provider) {
		provider.enqueue(SCRIPT);
		String body = Http.post(provider, Wire.OPENAI_RESPONSES).body();
		List<JsonNode> events = Http.events(body);
		assertThat(events).extracting((event) -> event.path("sequence_number").asInt(-1))
			.containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
		assertThat(body).doesNotContain("[DONE]").contains("event: response.output_text.delta\ndata: {");
		assertThat(joinDeltas(events, "response.output_text.delta")).isEqualTo("Héllo \"wörld\"\n");
		assertThat(joinDeltas(events, "response.reasoning_summary_text.delta")).isEqualTo("Let me see.");
		assertThat(joinDeltas(events, "response.function_call_arguments.delta")).isEqualTo("{\"city\":\"Paris\"}");
		JsonNode response = events.get(events.size() - 1);
		assertThat(response.path("type").asString()).isEqualTo("response.completed");
		JsonNode output = response.at("/response/output");
		assertThat(output).extracting((item) -> item.path("type").asString())
			.containsExactly("reasoning", "message", "function_call", "function_call");
		assertThat(output.at("/0/encrypted_content").asString()).isEqualTo("sig");
		assertThat(output.at("/1/content/0/text").asString()).isEqualTo("Héllo \"wörld\"\n");
		assertThat(output.at("/2/call_id").asString()).isEqualTo("call_1");
		assertThat(output.at("/2/arguments").asString()).isEqualTo("{\"city\":\"Paris\"}");
		assertThat(response.at("/response/usage/output_tokens").asInt()).isEqualTo(40);
	}

	@Test
	void anthropic(ScriptedProvider provider) {
		provider.enqueue(SCRIPT);
		String body = Http.post(provider, Wire.ANTHROPIC).body();
		List<JsonNode> events = Http.events(body);
		assertThat(body).startsWith("event: message_start\ndata: {");
		assertThat(join(events, "/delta/text")).isEqualTo("Héllo \"wörld\"\n");
		assertThat(join(events, "/delta/thinking")).isEqualTo("Let me see.");
		assertThat(join(events, "/delta/signature")).isEqualTo("sig");
		assertThat(join(events, "/delta/partial_json")).isEqualTo("{\"city\":\"Paris\"}");
		assertThat(join(events, "/delta/stop_reason")).isEqualTo("tool_use");
		assertThat(join(events, "/content_block/type")).isEqualTo("thinkingtexttool_usetool_use");
		long starts = events.stream().filter((event) -> type(event).equals("content_block_start")).count();
		long stops = events.stream().filter((event) -> type(event).equals("content_block_stop")).count();
		assertThat(stops).isEqualTo(starts).isEqualTo(4);
		assertThat(events.get(0).at("/message/usage/input_tokens").asInt()).isEqualTo(70);
		assertThat(events.get(0).at("/message/usage/cache_read_input_tokens").asInt()).isEqualTo(30);
		assertThat(type(events.get(events.size() - 1))).isEqualTo("message_stop");
		assertThat(events.get(events.size() - 2).at("/usage/output_tokens").asInt()).isEqualTo(40);
	}

	@Test
	void gemini(ScriptedProvider provider) {
		provider.enqueue(SCRIPT);
		String body = Http.post(provider, Wire.GEMINI).body();
		assertThat(body).contains("}\r\n\r\n").doesNotContain("[DONE]");
		assertGemini(Http.events(body));
	}

	@Test
	void geminiWithoutSseIsOneArray(ScriptedProvider provider) {
		provider.enqueue(SCRIPT);
		HttpResponse<String> response = Http.post(provider, Wire.GEMINI_ARRAY);
		assertThat(response.headers().firstValue("content-type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("application/json"));
		JsonNode array = Http.JSON.readTree(response.body());
		assertGemini(array.valueStream().toList());
	}

	@Test
	void vertexHasPathsOfItsOwn(ScriptedProvider provider) {
		provider.enqueue(Script.text("a"));
		String body = Http
			.post(provider.baseUrl()
					+ "/v1/projects/p/locations/l/publishers/google/models/g-2:streamGenerateContent?$x=1&alt=sse")
			.body();
		assertThat(Http.events(body).get(0).path("modelVersion").asString()).isEqualTo("g-2");
	}

	private static void assertGemini(List<JsonNode> chunks) {
		List<JsonNode> parts = chunks.stream().map((chunk) -> chunk.at("/candidates/0/content/parts/0")).toList();
		assertThat(parts.stream()
			.filter((part) -> !part.path("thought").asBoolean(false))
			.map((part) -> part.path("text").asString(""))
			.collect(Collectors.joining())).isEqualTo("Héllo \"wörld\"\n");
		assertThat(join(parts, "/functionCall/name")).isEqualTo("get_weathernow");
		assertThat(parts.stream()
			.filter((part) -> part.has("functionCall"))
			.findFirst()
			.orElseThrow()
			.at("/functionCall/args/city")
			.asString()).isEqualTo("Paris");
		JsonNode last = chunks.get(chunks.size() - 1);
		assertThat(last.at("/candidates/0/finishReason").asString()).isEqualTo("STOP");
		assertThat(last.at("/usageMetadata/candidatesTokenCount").asInt()).isEqualTo(30);
		assertThat(last.at("/usageMetadata/thoughtsTokenCount").asInt()).isEqualTo(10);
		assertThat(last.at("/usageMetadata/totalTokenCount").asInt()).isEqualTo(140);
		assertThat(last.path("modelVersion").asString()).isEqualTo("m-1");
	}

	@Test
	void ollama(ScriptedProvider provider) {
		provider.enqueue(SCRIPT);
		List<JsonNode> lines = Http.lines(Http.post(provider, Wire.OLLAMA).body());
		assertThat(join(lines, "/message/content")).isEqualTo("Héllo \"wörld\"\n");
		assertThat(join(lines, "/message/thinking")).isEqualTo("Let me see.");
		assertThat(join(lines, "/message/tool_calls/0/function/name")).isEqualTo("get_weathernow");
		assertThat(join(lines, "/message/tool_calls/0/function/arguments/city")).isEqualTo("Paris");
		JsonNode last = lines.get(lines.size() - 1);
		assertThat(last.path("done").asBoolean(false)).isTrue();
		assertThat(last.path("done_reason").asString()).isEqualTo("stop");
		assertThat(last.path("prompt_eval_count").asInt()).isEqualTo(100);
	}

	@Test
	void openAiReportsUsageOnlyToThoseWhoAsk() {
		AnswerFacts facts = AnswerFacts.of(SCRIPT, "m", false);
		WireWriter writer = Wire.OPENAI_CHAT.newWriter(facts);
		writer.end();
		assertThat(new String(writer.take(), StandardCharsets.UTF_8)).isEqualTo("data: [DONE]\n\n");
	}

	@Test
	void reasonsAreInTheWordsOfTheWire() {
		Script cut = Script.text("a").finish(FinishReason.LENGTH);
		assertThat(text(cut, Wire.OPENAI_CHAT)).contains("\"finish_reason\":\"length\"");
		assertThat(text(cut, Wire.OPENAI_RESPONSES)).contains("event: response.incomplete", "max_output_tokens");
		assertThat(text(cut, Wire.ANTHROPIC)).contains("\"stop_reason\":\"max_tokens\"");
		assertThat(text(cut, Wire.GEMINI)).contains("\"finishReason\":\"MAX_TOKENS\"");
		assertThat(text(cut, Wire.OLLAMA)).contains("\"done_reason\":\"length\"");
		assertThat(text(Script.text("a").finish("eos"), Wire.OPENAI_CHAT)).contains("\"finish_reason\":\"eos\"");
		assertThat(text(Script.text("a").finish(FinishReason.ERROR), Wire.OPENAI_RESPONSES))
			.contains("event: response.failed");
	}

	@Test
	void refusalsAreInTheWordsOfTheWire() {
		Script refusal = Script.start().refusal("I can", "not.");
		assertThat(join(Http.events(text(refusal, Wire.OPENAI_CHAT)), "/choices/0/delta/refusal"))
			.isEqualTo("I cannot.");
		assertThat(joinDeltas(Http.events(text(refusal, Wire.OPENAI_RESPONSES)), "response.refusal.delta"))
			.isEqualTo("I cannot.");
		assertThat(join(Http.events(text(refusal, Wire.ANTHROPIC)), "/delta/text")).isEqualTo("I cannot.");
	}

	@Test
	void aSurrogatePairMayBeSplitOverTwoTokens() {
		List<JsonNode> chunks = Http.events(text(Script.text("\uD83D", "\uDE00"), Wire.OPENAI_CHAT));
		assertThat(join(chunks, "/choices/0/delta/content")).isEqualTo("\uD83D\uDE00");
	}

	@Test
	void errorsWithinAStreamHaveTheShapeOfTheWire() {
		Script error = Script.text("a").inBandError(ErrorKind.OVERLOADED, "busy");
		assertThat(last(Http.events(text(error, Wire.OPENAI_CHAT))).at("/error/message").asString()).isEqualTo("busy");
		assertThat(text(error, Wire.OPENAI_CHAT)).doesNotContain("[DONE]");
		assertThat(text(error, Wire.OPENAI_RESPONSES)).contains("event: error\n", "event: response.failed\n");
		assertThat(last(Http.events(text(error, Wire.ANTHROPIC))).at("/error/type").asString())
			.isEqualTo("overloaded_error");
		assertThat(last(Http.events(text(error, Wire.GEMINI))).at("/error/status").asString()).isEqualTo("UNAVAILABLE");
		assertThat(Http.JSON.readTree(text(error, Wire.GEMINI_ARRAY)).at("/1/error/code").asInt()).isEqualTo(503);
		assertThat(last(Http.lines(text(error, Wire.OLLAMA))).path("error").asString()).isEqualTo("busy");
	}

	@ParameterizedTest
	@EnumSource(Wire.class)
	void keepAlivesFramesAndRawTextGoWhereTheyAreWritten(Wire wire) {
		String body = text(Script.text("a").keepAlive("still here").frame("new_event", "{\"x\":1}").raw("\n\n").cut(),
				wire);
		assertThat(body.indexOf("{\"x\":1}")).isGreaterThan(body.indexOf("\"a\""));
		assertThat(body).endsWith("\n\n");
	}

	@ParameterizedTest
	@EnumSource(Wire.class)
	void anErrorStatusHasABodyInTheShapeOfTheWire(Wire wire) {
		for (ErrorKind kind : List.of(ErrorKind.AUTHENTICATION, ErrorKind.PERMISSION_DENIED, ErrorKind.NOT_FOUND,
				ErrorKind.RATE_LIMITED, ErrorKind.QUOTA_EXHAUSTED, ErrorKind.CONTEXT_TOO_LONG,
				ErrorKind.INVALID_REQUEST, ErrorKind.CONTENT_BLOCKED, ErrorKind.OVERLOADED, ErrorKind.SERVER_ERROR)) {
			JsonNode body = Http.JSON.readTree(Script.failure(kind).errorMessage("said").bytes(wire));
			JsonNode error = body.path("error");
			assertThat((error.isObject()) ? error.path("message").asString() : error.asString()).isEqualTo("said");
		}
	}

	private static String text(Script script, Wire wire) {
		return new String(script.bytes(wire), StandardCharsets.UTF_8);
	}

	private static JsonNode last(List<JsonNode> all) {
		return all.get(all.size() - 1);
	}

	private static String type(JsonNode event) {
		return event.path("type").asString("");
	}

	private static String join(List<JsonNode> documents, String pointer) {
		return documents.stream()
			.map((document) -> document.at(pointer))
			.filter(JsonNode::isString)
			.map(JsonNode::asString)
			.collect(Collectors.joining());
	}

	private static String joinDeltas(List<JsonNode> events, String type) {
		return events.stream()
			.filter((event) -> type(event).equals(type))
			.map((event) -> event.path("delta").asString())
			.collect(Collectors.joining());
	}

}
