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

package io.llmstream.provider.openai;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.ReasoningOptions;
import io.llmstream.ResponseFormat;
import io.llmstream.StreamRequest;
import io.llmstream.ToolChoice;
import io.llmstream.ToolDefinition;
import io.llmstream.UnsupportedOptionException;
import io.llmstream.provider.EncodedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ChatRequestTests {

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private static final ToolDefinition weather = new ToolDefinition("weather", "Tells the weather",
			"{\"type\":\"object\"}");

	private static OpenAiChatDialect dialect(String type) {
		OpenAiProfile profile = OpenAiProfiles.find(type);
		assertThat(profile).isNotNull();
		return new OpenAiChatDialect(profile);
	}

	private static JsonNode json(String text) {
		return mapper.readTree(text.replace('\'', '"'));
	}

	private static ObjectNode encode(String type, Consumer<StreamRequest.Builder> customizer) {
		StreamRequest.Builder builder = StreamRequest.builder().model("m1");
		customizer.accept(builder);
		EncodedRequest encoded = dialect(type).encode(builder.build(), "mine");
		assertThat(encoded.path()).isEqualTo("/chat/completions");
		return (ObjectNode) mapper.readTree(encoded.body());
	}

	/** The body without what every request has. */
	private static JsonNode options(String type, Consumer<StreamRequest.Builder> customizer) {
		ObjectNode body = encode(type, customizer.andThen((builder) -> builder.user("Hi")));
		body.remove(List.of("model", "messages", "stream", "stream_options"));
		return body;
	}

	private static JsonNode messages(String type, Message... messages) {
		return encode(type, (builder) -> builder.messages(List.of(messages))).get("messages");
	}

	@Test
	void aPlainRequestOfOpenAi() {
		assertThat(encode("openai", (builder) -> builder.system("Be brief").user("Hi"))).isEqualTo(json(
				"{'model':'m1','messages':[{'role':'system','content':'Be brief'},{'role':'user','content':'Hi'}],'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}}"));
	}

	@ParameterizedTest
	@CsvSource({ "azure-openai,true", "deepseek,true", "groq,true", "vllm,true", "openrouter,true",
			"openai-compatible,true", "mistral,false" })
	void usageIsAskedForWhereItMustBe(String type, boolean asked) {
		ObjectNode body = encode(type, (builder) -> builder.user("Hi"));
		if (asked) {
			assertThat(body.get("stream_options")).isEqualTo(json("{'include_usage':true}"));
		}
		else {
			assertThat(body.has("stream_options")).isFalse();
		}
		assertThat(body.get("stream").booleanValue()).isTrue();
	}

	@Test
	void samplingOptionsAreWritten() {
		assertThat(options("openai",
				(builder) -> builder.temperature(0.5).topP(0.9).maxOutputTokens(64).stop("END", "STOP").seed(7L)))
			.isEqualTo(
					json("{'temperature':0.5,'top_p':0.9,'max_completion_tokens':64,'stop':['END','STOP'],'seed':7}"));
	}

	@Test
	void membersAreNamedAsTheServerKnowsThem() {
		assertThat(options("mistral", (builder) -> builder.maxOutputTokens(64).seed(7L)))
			.isEqualTo(json("{'max_tokens':64,'random_seed':7}"));
		assertThat(options("openai-compatible", (builder) -> builder.maxOutputTokens(64)))
			.isEqualTo(json("{'max_tokens':64}"));
	}

	@Test
	void imagesAreWrittenByAddressAndByContent() {
		Message message = Message.user(new Part.Text("What is this?"),
				Part.Image.of(URI.create("https://a.example/cat.png")),
				Part.Image.of("image/png", new byte[] { 1, 2, 3 }));
		assertThat(messages("openai", message)).isEqualTo(json(
				"[{'role':'user','content':[{'type':'text','text':'What is this?'},{'type':'image_url','image_url':{'url':'https://a.example/cat.png'}},{'type':'image_url','image_url':{'url':'data:image/png;base64,AQID'}}]}]"));
	}

	@Test
	void textOfSeveralPartsIsOneString() {
		assertThat(messages("deepseek", Message.user(new Part.Text("a"), new Part.Text("b"))))
			.isEqualTo(json("[{'role':'user','content':'ab'}]"));
	}

	@Test
	void cacheHintsAreWrittenWhereTheyAreUnderstood() {
		Message message = Message.of(Message.Role.SYSTEM, new Part.Text("long", Part.CacheHint.LONG));
		assertThat(messages("openrouter", message)).isEqualTo(json(
				"[{'role':'system','content':[{'type':'text','text':'long','cache_control':{'type':'ephemeral','ttl':'1h'}}]}]"));
		assertThat(messages("openai", message)).isEqualTo(json("[{'role':'system','content':'long'}]"));
	}

	@Test
	void toolsAndTheirChoiceAreWritten() {
		assertThat(options("openai",
				(builder) -> builder.tools(weather, new ToolDefinition("add", null, "{}", true))
					.toolChoice(ToolChoice.tool("add"))
					.parallelToolCalls(false)))
			.isEqualTo(json(
					"{'tools':[{'type':'function','function':{'name':'weather','description':'Tells the weather','parameters':{'type':'object'}}},{'type':'function','function':{'name':'add','parameters':{},'strict':true}}],'tool_choice':{'type':'function','function':{'name':'add'}},'parallel_tool_calls':false}"));
	}

	@ParameterizedTest
	@CsvSource({ "openai,REQUIRED,required", "mistral,REQUIRED,any", "openai,NONE,none", "openai,AUTO,auto" })
	void toolChoicesAreWords(String type, String mode, String word) {
		ToolChoice choice = new ToolChoice(ToolChoice.Mode.valueOf(mode), null);
		assertThat(options(type, (builder) -> builder.tools(weather).toolChoice(choice)).get("tool_choice"))
			.isEqualTo(json("'" + word + "'"));
	}

	@Test
	void aServerThatKnowsNoToolChoiceIsNotTold() {
		assertThat(options("ollama-openai", (builder) -> builder.tools(weather).toolChoice(ToolChoice.AUTO))
			.has("tool_choice")).isFalse();
	}

	@Test
	void aConversationWithToolsIsWritten() {
		Message assistant = Message.of(Message.Role.ASSISTANT, new Part.Text("Let me see"),
				new Part.ToolCall("call_1", "weather", "{\"city\":\"Oslo\"}"),
				new Part.ToolCall("call_2", "weather", ""));
		Message results = Message.of(Message.Role.TOOL, new Part.ToolResult("call_1", "weather", "Sunny"),
				new Part.ToolResult("call_2", "weather", "no city", true, null));
		assertThat(messages("openai", assistant, results)).isEqualTo(json(
				"[{'role':'assistant','content':'Let me see','tool_calls':[{'id':'call_1','type':'function','function':{'name':'weather','arguments':'{\\u0022city\\u0022:\\u0022Oslo\\u0022}'}},{'id':'call_2','type':'function','function':{'name':'weather','arguments':'{}'}}]},{'role':'tool','tool_call_id':'call_1','content':'Sunny'},{'role':'tool','tool_call_id':'call_2','content':'Error: no city'}]"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{ "city":"Oslo" }      | { "city":"Oslo" }
			{"city": "Os           | {"arguments":"{\\"city\\": \\"Os"}
			{"city":"Oslo"} {}     | {"arguments":"{\\"city\\":\\"Oslo\\"} {}"}
			Oslo                   | {"arguments":"Oslo"}
			["Oslo"]               | {"arguments":["Oslo"]}
			""")
	void argumentsThatAreNoObjectAreWrittenAsAMemberOfOne(String written, String sent) {
		JsonNode call = messages("openai",
				Message.of(Message.Role.ASSISTANT, new Part.ToolCall("call_1", "weather", written)))
			.at("/0/tool_calls/0/function");
		assertThat(call.get("arguments").asString()).isEqualTo(sent);
	}

	@Test
	void lineBreaksWithinArgumentsAreEscaped() {
		JsonNode call = messages("openai",
				Message.of(Message.Role.ASSISTANT, new Part.ToolCall("call_1", "say", "{\"text\":\"a\nb\"}")))
			.at("/0/tool_calls/0/function");
		assertThat(call.get("arguments").asString()).isEqualTo("{\"text\":\"a\\nb\"}");
	}

	@Test
	void anAssistantThatOnlyCallsHasNoContent() {
		JsonNode message = messages("openai",
				Message.of(Message.Role.ASSISTANT, new Part.ToolCall("call_1", "weather", "{}")))
			.get(0);
		assertThat(message.get("content").isNull()).isTrue();
		assertThat(messages("openai", Message.assistant("Hi")))
			.isEqualTo(json("[{'role':'assistant','content':'Hi'}]"));
	}

	@Test
	void mistralGetsIdsOfItsFormAndNames() {
		JsonNode messages = messages("mistral",
				Message.of(Message.Role.ASSISTANT, new Part.ToolCall("call_0123456789", "weather", "{}"),
						new Part.ToolCall("abcDEF123", "weather", "{}")),
				Message.tool(new Part.ToolResult("call_0123456789", "weather", "Sunny")));
		String id = messages.get(0).get("tool_calls").get(0).get("id").asString();
		assertThat(id).matches("[a-zA-Z0-9]{9}");
		assertThat(messages.get(0).get("tool_calls").get(1).get("id").asString()).isEqualTo("abcDEF123");
		assertThat(messages.get(1).get("tool_call_id").asString()).isEqualTo(id);
		assertThat(messages.get(1).get("name").asString()).isEqualTo("weather");
	}

	@Test
	void responseFormatsAreWritten() {
		assertThat(options("openai", (builder) -> builder.responseFormat(ResponseFormat.JSON_OBJECT)))
			.isEqualTo(json("{'response_format':{'type':'json_object'}}"));
		assertThat(options("openai",
				(builder) -> builder.responseFormat(ResponseFormat.jsonSchema("person", "{\"type\":\"object\"}"))))
			.isEqualTo(json(
					"{'response_format':{'type':'json_schema','json_schema':{'name':'person','strict':true,'schema':{'type':'object'}}}}"));
	}

	@Test
	void extraMembersAreMergedLast() {
		assertThat(options("openai", (builder) -> builder.temperature(0.5).extra("temperature", 1).extra("user", "u1")))
			.isEqualTo(json("{'temperature':1,'user':'u1'}"));
		assertThat(encode("openai",
				(builder) -> builder.user("Hi").extra("stream_options", Map.of("include_usage", false)))
			.get("stream_options")).isEqualTo(json("{'include_usage':false,'include_obfuscation':false}"));
	}

	@Test
	void moreThanOneChoiceIsRejected() {
		assertThatExceptionOfType(UnsupportedOptionException.class)
			.isThrownBy(() -> options("openai", (builder) -> builder.extra("n", 2)))
			.withMessageContaining("mine")
			.withMessageContaining("n greater than 1");
		assertThat(options("openai", (builder) -> builder.extra("n", 1))).isEqualTo(json("{'n':1}"));
	}

	@Test
	void whatAServerCannotDoIsRejected() {
		assertThatExceptionOfType(UnsupportedOptionException.class).isThrownBy(
				() -> options("deepseek", (builder) -> builder.responseFormat(ResponseFormat.jsonSchema("a", "{}"))));
		assertThatExceptionOfType(UnsupportedOptionException.class)
			.isThrownBy(() -> options("openai", (builder) -> builder.reasoning(ReasoningOptions.budget(100))));
		assertThatExceptionOfType(UnsupportedOptionException.class).isThrownBy(
				() -> messages("ollama-openai", Message.user(Part.Image.of(URI.create("https://a.example/cat.png")))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"openai            | MAX    | {'reasoning_effort':'xhigh'}",
			"openai            | NONE   | {'reasoning_effort':'none'}",
			"xai               | MINIMAL| {'reasoning_effort':'low'}",
			"mistral           | LOW    | {'reasoning_effort':'high'}",
			"deepseek          | MAX    | {'thinking':{'type':'enabled'},'reasoning_effort':'max'}",
			"deepseek          | NONE   | {'thinking':{'type':'disabled'}}",
			"openrouter        | HIGH   | {'reasoning':{'effort':'high'}}",
			"together          | NONE   | {'reasoning':{'enabled':false}}",
			"together          | HIGH   | {'reasoning_effort':'high'}",
			"gemini-openai     | LOW    | {'reasoning_effort':'low'}",
			"llama-cpp         | NONE   | {'chat_template_kwargs':{'enable_thinking':false}}",
			"llama-cpp         | LOW    | {'chat_template_kwargs':{'enable_thinking':true,'reasoning_effort':'low'}}",
			"vllm              | NONE   | {'chat_template_kwargs':{'enable_thinking':false}}",
			"vllm              | HIGH   | {'chat_template_kwargs':{'enable_thinking':true},'reasoning_effort':'high'}" })
	void effortIsWrittenInTheServersWords(String type, ReasoningOptions.Effort effort, String expected) {
		assertThat(options(type, (builder) -> builder.reasoning(ReasoningOptions.effort(effort))))
			.isEqualTo(json(expected));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "openrouter    | {'reasoning':{'max_tokens':500}}",
					"litellm       | {'thinking':{'type':'enabled','budget_tokens':500}}",
					"gemini-openai | {'extra_body':{'google':{'thinking_config':{'thinking_budget':500}}}}" })
	void aBudgetIsWrittenWhereOneIsKnown(String type, String expected) {
		assertThat(options(type, (builder) -> builder.reasoning(ReasoningOptions.budget(500))))
			.isEqualTo(json(expected));
	}

	@Test
	void showingReasoningIsAskedFor() {
		ReasoningOptions shown = new ReasoningOptions(null, null, true);
		ReasoningOptions hidden = new ReasoningOptions(null, null, false);
		assertThat(options("groq", (builder) -> builder.reasoning(shown)))
			.isEqualTo(json("{'include_reasoning':true}"));
		assertThat(options("openrouter", (builder) -> builder.reasoning(hidden)))
			.isEqualTo(json("{'reasoning':{'enabled':true,'exclude':true}}"));
		assertThat(options("gemini-openai", (builder) -> builder.reasoning(shown)))
			.isEqualTo(json("{'extra_body':{'google':{'thinking_config':{'include_thoughts':true}}}}"));
		assertThatExceptionOfType(UnsupportedOptionException.class)
			.isThrownBy(() -> options("openai", (builder) -> builder.reasoning(shown)))
			.withMessageContaining("reasoning.show");
	}

	@Test
	void reasoningIsReplayedWhileToolsAreAtWork() {
		Part.ReplayState state = new Part.ReplayState("deepseek", "reasoning_content", "\"Hm\"");
		Part.ToolCall call = new Part.ToolCall("a", "x", "{}");
		assertThat(
				messages("deepseek", Message.of(Message.Role.ASSISTANT, call, state)).get(0).get("reasoning_content"))
			.isEqualTo(json("'Hm'"));
		assertThat(messages("deepseek", Message.of(Message.Role.ASSISTANT, new Part.Text("a"), state)).get(0)
			.has("reasoning_content")).isFalse();
		assertThat(messages("groq", Message.of(Message.Role.ASSISTANT, call, state)).get(0).has("reasoning_content"))
			.isFalse();
	}

	@Test
	void blocksOfReasoningAreAlwaysReplayed() {
		Part.ReplayState state = new Part.ReplayState("openrouter", "reasoning_details",
				"[{\"type\":\"reasoning.text\"}]");
		assertThat(messages("openrouter", Message.of(Message.Role.ASSISTANT, new Part.Text("a"), state)))
			.isEqualTo(json("[{'role':'assistant','content':'a','reasoning_details':[{'type':'reasoning.text'}]}]"));
	}

	@Test
	void whatTheDecoderKeptOfACallGoesBackToThatCall() {
		Part.ReplayState state = new Part.ReplayState("gemini-openai", "tool_call.extra_content",
				"{\"id\":\"b\",\"extra_content\":{\"google\":{\"thought_signature\":\"s\"}}}");
		JsonNode calls = messages("gemini-openai", Message.of(Message.Role.ASSISTANT, new Part.ToolCall("a", "x", "{}"),
				new Part.ToolCall("b", "x", "{}"), state))
			.get(0)
			.get("tool_calls");
		assertThat(calls.get(0).has("extra_content")).isFalse();
		assertThat(calls.get(1).get("extra_content")).isEqualTo(json("{'google':{'thought_signature':'s'}}"));
	}

}
