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

package io.llmstream.provider.gemini;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.llmstream.CompletionCollector;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.ReasoningOptions;
import io.llmstream.ReasoningOptions.Effort;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.UnsupportedOptionException;
import io.llmstream.provider.DecodedFrames;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.wire.Framing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link GeminiDialect} and what it sends.
 */
class GeminiDialectTests {

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private final GeminiDialect dialect = GeminiDialect.gemini();

	@Test
	void describesTheGeminiApi() {
		assertThat(this.dialect.type()).isEqualTo("gemini");
		assertThat(this.dialect.displayName()).isEqualTo("Google Gemini");
		assertThat(this.dialect.defaultBaseUrl()).isEqualTo("https://generativelanguage.googleapis.com/v1beta");
		assertThat(this.dialect.authentication("k")).isEqualTo(Map.of("x-goog-api-key", "k"));
		assertThat(this.dialect.requiresApiKey()).isTrue();
		assertThat(this.dialect.framing()).isEqualTo(Framing.SSE);
	}

	@Test
	void describesVertexAi() {
		GeminiDialect vertex = GeminiDialect.vertex();
		assertThat(vertex.type()).isEqualTo("vertex");
		assertThat(vertex.displayName()).isEqualTo("Google Vertex AI");
		assertThat(vertex.defaultBaseUrl()).isNull();
		assertThat(vertex.authentication("t")).isEqualTo(Map.of("Authorization", "Bearer t"));
		assertThat(vertex.requiresApiKey()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "gemini-x,/models/gemini-x", "models/gemini-x,/models/gemini-x", "tunedModels/t-1,/tunedModels/t-1",
			"gemini-x@001,/models/gemini-x%40001", "a/../b?c#d é,/models/a%2F..%2Fb%3Fc%23d%20%C3%A9" })
	void putsTheModelIntoThePath(String model, String path) {
		EncodedRequest encoded = encode(StreamRequest.builder().user("hi").model(model));
		assertThat(encoded.path()).isEqualTo(path + ":streamGenerateContent?alt=sse");
	}

	@Test
	void writesAConversation() {
		assertBody(request().system("Be brief.").user("Hi").assistant("Hello").user("Bye").system("Be kind."), """
				{"contents":[
				  {"role":"user","parts":[{"text":"Hi"}]},
				  {"role":"model","parts":[{"text":"Hello"}]},
				  {"role":"user","parts":[{"text":"Bye"}]}],
				 "systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Be kind."}]}}""");
	}

	@Test
	void writesImages() {
		assertBody(request().user(new Part.Text("What?"), Part.Image.of("image/png", new byte[] { 1, 2, 3 }),
				Part.Image.of(URI.create("https://host.example/a/cat.JPG?x=1")), Part.Image.of(URI.create("gs://b/f"))),
				"""
						{"contents":[{"role":"user","parts":[
						  {"text":"What?"},
						  {"inlineData":{"mimeType":"image/png","data":"AQID"}},
						  {"fileData":{"mimeType":"image/jpeg","fileUri":"https://host.example/a/cat.JPG?x=1"}},
						  {"fileData":{"fileUri":"gs://b/f"}}]}]}""");
	}

	@Test
	void writesOptions() {
		assertBody(request().user("Hi").temperature(0.5).topP(0.9).maxOutputTokens(100).stop("A", "B").seed(7L), """
				{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],
				 "generationConfig":{"temperature":0.5,"topP":0.9,"maxOutputTokens":100,
				  "stopSequences":["A","B"],"seed":7}}""");
	}

	@Test
	void writesFormats() {
		assertThat(config(request().responseFormat(ResponseFormat.JSON_OBJECT)))
			.isEqualTo(json("{\"responseMimeType\":\"application/json\"}"));
		assertThat(config(request().responseFormat(ResponseFormat.jsonSchema("s", "{\"type\":\"object\"}")))).isEqualTo(
				json("{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"type\":\"object\"}}"));
	}

	@ParameterizedTest
	@CsvSource({ "MINIMAL,minimal", "LOW,low", "MEDIUM,medium", "HIGH,high", "MAX,high" })
	void writesEfforts(Effort effort, String level) {
		assertThat(config(request().reasoning(ReasoningOptions.effort(effort).show(true))))
			.isEqualTo(json("{\"thinkingConfig\":{\"thinkingLevel\":\"" + level + "\",\"includeThoughts\":true}}"));
	}

	@Test
	void writesBudgets() {
		assertThat(config(request().reasoning(ReasoningOptions.budget(512))))
			.isEqualTo(json("{\"thinkingConfig\":{\"thinkingBudget\":512}}"));
		assertThat(config(request().reasoning(ReasoningOptions.effort(Effort.NONE))))
			.isEqualTo(json("{\"thinkingConfig\":{\"thinkingBudget\":0}}"));
		assertUnsupported(request().reasoning(new ReasoningOptions(Effort.LOW, 512, null)),
				"reasoning.effort together with reasoning.budgetTokens");
	}

	@Test
	void writesTools() {
		StreamRequest.Builder request = request().user("Hi")
			.tools(new ToolDefinition("f", "does f", "{\"type\":\"object\",\"properties\":{}}"),
					new ToolDefinition("g", null, "{\"type\":\"object\"}", false));
		assertBody(request, """
				{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],
				 "tools":[{"functionDeclarations":[
				  {"name":"f","description":"does f","parametersJsonSchema":{"type":"object","properties":{}}},
				  {"name":"g","parametersJsonSchema":{"type":"object"}}]}]}""");
		assertThat(choice(request, ToolChoice.AUTO)).isEqualTo(json("{\"mode\":\"AUTO\"}"));
		assertThat(choice(request, ToolChoice.NONE)).isEqualTo(json("{\"mode\":\"NONE\"}"));
		assertThat(choice(request, ToolChoice.REQUIRED)).isEqualTo(json("{\"mode\":\"ANY\"}"));
		assertThat(choice(request, ToolChoice.tool("g")))
			.isEqualTo(json("{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"g\"]}"));
	}

	@Test
	void namesTheSchemaThatIsNoJson() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> encode(request().user("Hi").tools(new ToolDefinition("f", "", "{oops"))))
			.withMessageContaining("the schema of tool f");
	}

	@Test
	void mergesTheResultsOfConsecutiveToolMessages() {
		assertBody(request().user("Hi")
			.message(Message.of(Message.Role.ASSISTANT, new Part.ToolCall("a1", "f", "{\"x\":1}"),
					new Part.ToolCall("gemini-call-r-1", "g", "")))
			.message(Message.tool(new Part.ToolResult("a1", "f", " {\"ok\":true}")))
			.message(Message.tool(new Part.ToolResult("gemini-call-r-1", "g", "sunny")))
			.message(Message.tool(new Part.ToolResult("a1", "f", "{no json")))
			.message(Message.tool(new Part.ToolResult("a1", "f", "boom", true, null)))
			.message(Message.tool(new Part.ToolResult("a1", "f", "[1]")))
			.user("And?"), """
					{"contents":[
					  {"role":"user","parts":[{"text":"Hi"}]},
					  {"role":"model","parts":[
					    {"functionCall":{"id":"a1","name":"f","args":{"x":1}}},
					    {"functionCall":{"name":"g","args":{}}}]},
					  {"role":"user","parts":[
					    {"functionResponse":{"id":"a1","name":"f","response":{"ok":true}}},
					    {"functionResponse":{"name":"g","response":{"result":"sunny"}}},
					    {"functionResponse":{"id":"a1","name":"f","response":{"result":"{no json"}}},
					    {"functionResponse":{"id":"a1","name":"f","response":{"error":"boom"}}},
					    {"functionResponse":{"id":"a1","name":"f","response":{"result":"[1]"}}}]},
					  {"role":"user","parts":[{"text":"And?"}]}]}""");
	}

	@Test
	void putsSignaturesBackOnThePartsTheyCameWith() {
		Message answer = answer("{\"text\":\"thinking\",\"thought\":true,\"thoughtSignature\":\"s0\"},"
				+ "{\"text\":\"Let me \"},{\"text\":\"see.\",\"thoughtSignature\":\"s1\"},"
				+ "{\"executableCode\":{\"code\":\"1\"},\"thoughtSignature\":\"s2\"},"
				+ "{\"codeExecutionResult\":{\"output\":\"1\"}},"
				+ "{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":1},\"id\":\"a\"},\"thoughtSignature\":\"s3\"},"
				+ "{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":2},\"id\":\"b\"}},"
				+ "{\"text\":\"\",\"thoughtSignature\":\"s4\"}");
		JsonNode body = body(request().message(answer));
		assertThat(body.at("/contents/0/parts")).isEqualTo(json("""
				[{"text":"","thought":true,"thoughtSignature":"s0"},
				 {"text":"Let me "},
				 {"text":"see.","thoughtSignature":"s1"},
				 {"executableCode":{"code":"1"},"thoughtSignature":"s2"},
				 {"codeExecutionResult":{"output":"1"}},
				 {"functionCall":{"id":"a","name":"f","args":{"x":1}},"thoughtSignature":"s3"},
				 {"functionCall":{"id":"b","name":"f","args":{"x":2}}},
				 {"text":"","thoughtSignature":"s4"}]"""));
	}

	@Test
	void signsWholeTextsAndStreamedCalls() {
		Message answer = answer("{\"text\":\"So.\",\"thoughtSignature\":\"s1\"},"
				+ "{\"functionCall\":{\"name\":\"f\",\"willContinue\":true},\"thoughtSignature\":\"s2\"},"
				+ "{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.x\",\"numberValue\":1}]}}");
		assertThat(body(request().message(answer)).at("/contents/0/parts")).isEqualTo(json("""
				[{"text":"So.","thoughtSignature":"s1"},
				 {"functionCall":{"name":"f","args":{"x":1}},"thoughtSignature":"s2"}]"""));
	}

	@Test
	void leavesOutTheStateOfOtherDialects() {
		assertThat(body(request().message(Message.of(Message.Role.ASSISTANT,
				new Part.ReplayState("anthropic", "thoughtSignature", "{\"signature\":\"x\",\"text\":0}"),
				new Part.Text("a"))))
			.at("/contents/0/parts")).isEqualTo(json("[{\"text\":\"a\"}]"));
	}

	@Test
	void leavesOutMessagesThatSayNothing() {
		assertBody(request().user("Hi").assistant("").user("Hi?"), """
				{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"user","parts":[{"text":"Hi?"}]}]}""");
	}

	@Test
	void mergesExtraMembersLast() {
		assertThat(config(request().temperature(0.1)
			.extra("generationConfig", Map.of("topK", 5, "temperature", 1, "candidateCount", 1))))
			.isEqualTo(json("{\"temperature\":1,\"topK\":5,\"candidateCount\":1}"));
		assertThat(body(request().user("Hi").extra("cachedContent", "c")).path("cachedContent").asString(""))
			.isEqualTo("c");
	}

	@Test
	void rejectsWhatItCannotDo() {
		assertUnsupported(request().parallelToolCalls(true), "parallelToolCalls");
		assertUnsupported(request().tools(new ToolDefinition("g", null, "{}", true)), "strict tools");
		assertUnsupported(request().extra("generationConfig", Map.of("candidateCount", 2)), "candidateCount");
		assertUnsupported(request().extra("generation_config", Map.of("candidate_count", 3)), "candidateCount");
	}

	private static Message answer(String parts) {
		CompletionCollector collector = new CompletionCollector();
		List<Token> tokens = new ArrayList<>(DecodedFrames
			.of(GeminiDialect.gemini(),
					"{\"candidates\":[{\"content\":{\"parts\":[" + parts + "]},\"finishReason\":\"STOP\"}]}")
			.tokens());
		tokens.forEach(collector::add);
		return new Message(Message.Role.ASSISTANT, collector.parts());
	}

	private static StreamRequest.Builder request() {
		return StreamRequest.builder().model("gemini-x");
	}

	private EncodedRequest encode(StreamRequest.Builder request) {
		return this.dialect.encode(request.build(), "google");
	}

	private JsonNode body(StreamRequest.Builder request) {
		return json(new String(encode(request).body(), StandardCharsets.UTF_8));
	}

	private JsonNode config(StreamRequest.Builder request) {
		return body(request.user("Hi")).path("generationConfig");
	}

	private JsonNode choice(StreamRequest.Builder request, ToolChoice choice) {
		return body(request.toolChoice(choice)).at("/toolConfig/functionCallingConfig");
	}

	private void assertBody(StreamRequest.Builder request, String expected) {
		assertThat(body(request)).isEqualTo(json(expected));
	}

	private void assertUnsupported(StreamRequest.Builder request, String option) {
		assertThatExceptionOfType(UnsupportedOptionException.class).isThrownBy(() -> encode(request.user("Hi")))
			.withMessageContaining("google")
			.withMessageContaining(option);
	}

	private static JsonNode json(String text) {
		return mapper.readTree(text);
	}

}
