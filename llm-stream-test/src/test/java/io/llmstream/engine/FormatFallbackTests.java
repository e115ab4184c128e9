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

import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.LlmStreamException;
import io.llmstream.OutputOptions;
import io.llmstream.Partial;
import io.llmstream.ReasoningOptions;
import io.llmstream.ResponseFormat;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.UnsupportedOptionException;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import io.llmstream.tool.ToolLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Typed objects over real HTTP on all wires, in each way in which a model can be told
 * their form: what is asked is held to the providers' documentation, and the answer is
 * the same.
 */
class FormatFallbackTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String SCHEMA = "{'type':'object','properties':{'title':{'type':'string'}},"
			+ "'required':['title'],'additionalProperties':false}";

	private static final String WORDS = "Answer with JSON that follows the JSON schema below, and with nothing else:"
			+ " no text before or after it, and no code fence.\\n\\n" + SCHEMA.replace("'", "\\'");

	private static final String GIVES = "Gives the answer. Call it once, with all of the answer.";

	private final ScriptedProvider provider = ScriptedProvider.start();

	@AfterEach
	void close() {
		this.provider.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', maxCharsPerColumn = 10_000,
			textBlock = """
					openai | NATIVE | false | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'response_format':{'type':'json_schema','json_schema':{'name':'Dish','strict':true,'schema':$SCHEMA}},'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}}
					openai | NATIVE | true | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'tools':[{'type':'function','function':{'name':'now','description':'A test','parameters':{'type':'object'}}}],'response_format':{'type':'json_schema','json_schema':{'name':'Dish','strict':true,'schema':$SCHEMA}},'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}}
					openai | TOOL | false | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'tools':[{'type':'function','function':{'name':'Dish','description':'$GIVES','parameters':$SCHEMA,'strict':true}}],'tool_choice':{'type':'function','function':{'name':'Dish'}},'parallel_tool_calls':false,'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}}
					openai | TOOL | true | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'tools':[{'type':'function','function':{'name':'now','description':'A test','parameters':{'type':'object'}}},{'type':'function','function':{'name':'Dish','description':'$GIVES','parameters':$SCHEMA,'strict':true}}],'tool_choice':'required','stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}}
					openai | PROMPT | false | {'model':'test-model','messages':[{'role':'system','content':'$WORDS'},{'role':'user','content':'A dish?'}],'response_format':{'type':'json_object'},'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}}
					openai | PROMPT | true | {'model':'test-model','messages':[{'role':'system','content':'$WORDS'},{'role':'user','content':'A dish?'}],'tools':[{'type':'function','function':{'name':'now','description':'A test','parameters':{'type':'object'}}}],'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':false}}
					deepseek | TOOL | false | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'tools':[{'type':'function','function':{'name':'Dish','description':'$GIVES','parameters':$SCHEMA}}],'tool_choice':{'type':'function','function':{'name':'Dish'}},'stream':true,'stream_options':{'include_usage':true}}
					deepseek | TOOL | true | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'tools':[{'type':'function','function':{'name':'now','description':'A test','parameters':{'type':'object'}}},{'type':'function','function':{'name':'Dish','description':'$GIVES','parameters':$SCHEMA}}],'tool_choice':'required','stream':true,'stream_options':{'include_usage':true}}
					deepseek | PROMPT | false | {'model':'test-model','messages':[{'role':'system','content':'$WORDS'},{'role':'user','content':'A dish?'}],'response_format':{'type':'json_object'},'stream':true,'stream_options':{'include_usage':true}}
					openai-responses | NATIVE | false | {'model':'test-model','stream':true,'input':[{'type':'message','role':'user','content':'A dish?'}],'text':{'format':{'type':'json_schema','name':'Dish','schema':$SCHEMA,'strict':true}}}
					openai-responses | NATIVE | true | {'model':'test-model','stream':true,'input':[{'type':'message','role':'user','content':'A dish?'}],'tools':[{'type':'function','name':'now','description':'A test','parameters':{'type':'object'},'strict':false}],'text':{'format':{'type':'json_schema','name':'Dish','schema':$SCHEMA,'strict':true}}}
					openai-responses | TOOL | false | {'model':'test-model','stream':true,'input':[{'type':'message','role':'user','content':'A dish?'}],'tools':[{'type':'function','name':'Dish','description':'$GIVES','parameters':$SCHEMA,'strict':true}],'tool_choice':{'type':'function','name':'Dish'},'parallel_tool_calls':false}
					openai-responses | TOOL | true | {'model':'test-model','stream':true,'input':[{'type':'message','role':'user','content':'A dish?'}],'tools':[{'type':'function','name':'now','description':'A test','parameters':{'type':'object'},'strict':false},{'type':'function','name':'Dish','description':'$GIVES','parameters':$SCHEMA,'strict':true}],'tool_choice':'required'}
					openai-responses | PROMPT | false | {'model':'test-model','stream':true,'instructions':'$WORDS','input':[{'type':'message','role':'user','content':'A dish?'}],'text':{'format':{'type':'json_object'}}}
					openai-responses | PROMPT | true | {'model':'test-model','stream':true,'instructions':'$WORDS','input':[{'type':'message','role':'user','content':'A dish?'}],'tools':[{'type':'function','name':'now','description':'A test','parameters':{'type':'object'},'strict':false}]}
					anthropic | NATIVE | false | {'model':'test-model','max_tokens':4096,'stream':true,'messages':[{'role':'user','content':[{'type':'text','text':'A dish?'}]}],'output_config':{'format':{'type':'json_schema','schema':$SCHEMA}}}
					anthropic | NATIVE | true | {'model':'test-model','max_tokens':4096,'stream':true,'messages':[{'role':'user','content':[{'type':'text','text':'A dish?'}]}],'tools':[{'name':'now','description':'A test','input_schema':{'type':'object'}}],'output_config':{'format':{'type':'json_schema','schema':$SCHEMA}}}
					anthropic | TOOL | false | {'model':'test-model','max_tokens':4096,'stream':true,'messages':[{'role':'user','content':[{'type':'text','text':'A dish?'}]}],'tools':[{'name':'Dish','description':'$GIVES','input_schema':$SCHEMA,'strict':true}],'tool_choice':{'type':'tool','name':'Dish','disable_parallel_tool_use':true}}
					anthropic | TOOL | true | {'model':'test-model','max_tokens':4096,'stream':true,'messages':[{'role':'user','content':[{'type':'text','text':'A dish?'}]}],'tools':[{'name':'now','description':'A test','input_schema':{'type':'object'}},{'name':'Dish','description':'$GIVES','input_schema':$SCHEMA,'strict':true}],'tool_choice':{'type':'any'}}
					anthropic | PROMPT | false | {'model':'test-model','max_tokens':4096,'stream':true,'system':'$WORDS','messages':[{'role':'user','content':[{'type':'text','text':'A dish?'}]}]}
					anthropic | PROMPT | true | {'model':'test-model','max_tokens':4096,'stream':true,'system':'$WORDS','messages':[{'role':'user','content':[{'type':'text','text':'A dish?'}]}],'tools':[{'name':'now','description':'A test','input_schema':{'type':'object'}}]}
					gemini | NATIVE | false | {'contents':[{'role':'user','parts':[{'text':'A dish?'}]}],'generationConfig':{'responseMimeType':'application/json','responseJsonSchema':$SCHEMA}}
					gemini | TOOL | false | {'contents':[{'role':'user','parts':[{'text':'A dish?'}]}],'tools':[{'functionDeclarations':[{'name':'Dish','description':'$GIVES','parametersJsonSchema':$SCHEMA}]}],'toolConfig':{'functionCallingConfig':{'mode':'ANY','allowedFunctionNames':['Dish']}}}
					gemini | TOOL | true | {'contents':[{'role':'user','parts':[{'text':'A dish?'}]}],'tools':[{'functionDeclarations':[{'name':'now','description':'A test','parametersJsonSchema':{'type':'object'}},{'name':'Dish','description':'$GIVES','parametersJsonSchema':$SCHEMA}]}],'toolConfig':{'functionCallingConfig':{'mode':'ANY'}}}
					gemini | PROMPT | false | {'contents':[{'role':'user','parts':[{'text':'A dish?'}]}],'systemInstruction':{'parts':[{'text':'$WORDS'}]},'generationConfig':{'responseMimeType':'application/json'}}
					gemini | PROMPT | true | {'contents':[{'role':'user','parts':[{'text':'A dish?'}]}],'systemInstruction':{'parts':[{'text':'$WORDS'}]},'tools':[{'functionDeclarations':[{'name':'now','description':'A test','parametersJsonSchema':{'type':'object'}}]}]}
					ollama | NATIVE | false | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'stream':true,'format':$SCHEMA}
					ollama | TOOL | false | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'stream':true,'tools':[{'type':'function','function':{'name':'Dish','description':'$GIVES','parameters':$SCHEMA}}]}
					ollama | TOOL | true | {'model':'test-model','messages':[{'role':'user','content':'A dish?'}],'stream':true,'tools':[{'type':'function','function':{'name':'now','description':'A test','parameters':{'type':'object'}}},{'type':'function','function':{'name':'Dish','description':'$GIVES','parameters':$SCHEMA}}]}
					ollama | PROMPT | false | {'model':'test-model','messages':[{'role':'system','content':'$WORDS'},{'role':'user','content':'A dish?'}],'stream':true,'format':'json'}
					ollama | PROMPT | true | {'model':'test-model','messages':[{'role':'system','content':'$WORDS'},{'role':'user','content':'A dish?'}],'stream':true,'tools':[{'type':'function','function':{'name':'now','description':'A test','parameters':{'type':'object'}}}]}
					""")
	void eachWireIsAskedAsItsDocumentationSays(String type, ResponseFormat.Mode mode, boolean tools, String body) {
		answer(mode);
		StepVerifier.create(ask(type, mode, tools).stream(Dish.class).map(Partial::isComplete).distinct())
			.expectNext(false, true)
			.expectComplete()
			.verify(Loopback.LIMIT);
		assertThat(asked(0)).isEqualTo(json(body));
	}

	@ParameterizedTest
	@CsvSource({ "openai, false, NATIVE", "openai, true, NATIVE", "openai-responses, false, NATIVE",
			"openai-responses, true, NATIVE", "anthropic, false, NATIVE", "anthropic, true, NATIVE",
			"gemini, false, NATIVE", "gemini, true, TOOL", "ollama, false, NATIVE", "ollama, true, PROMPT",
			"deepseek, false, TOOL", "deepseek, true, TOOL" })
	void theBestThatAProviderCanDoIsChosen(String type, boolean tools, ResponseFormat.Mode best) {
		answer(best);
		assertThat(ask(type, ResponseFormat.Mode.AUTO, tools).object(Dish.class).block(Loopback.LIMIT))
			.isEqualTo(new Dish("Soup"));
		answer(best);
		ask(type, best, tools).object(Dish.class).block(Loopback.LIMIT);
		assertThat(asked(0)).isEqualTo(asked(1));
	}

	@Test
	void aModelThatThinksIsNotForcedToCallATool() {
		answer(ResponseFormat.Mode.PROMPT);
		ask("deepseek", ResponseFormat.Mode.AUTO, false)
			.options((request) -> request.reasoning(ReasoningOptions.effort(ReasoningOptions.Effort.HIGH)))
			.object(Dish.class)
			.block(Loopback.LIMIT);
		assertThat(asked(0).has("tools")).isFalse();
		assertThat(asked(0).path("response_format").path("type").asString()).isEqualTo("json_object");
	}

	@Test
	void aModeThatAProviderDoesNotHaveIsRejected() {
		StepVerifier.create(ask("deepseek", ResponseFormat.Mode.NATIVE, false).stream(Dish.class))
			.expectErrorSatisfies((error) -> assertThat(error).isInstanceOf(UnsupportedOptionException.class)
				.hasMessageContaining("responseFormat with a schema"))
			.verify(Loopback.LIMIT);
		assertThat(this.provider.requests()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void argumentsOfTheForcedToolAreTheTextOfTheAnswer(String type) {
		answer(ResponseFormat.Mode.TOOL);
		List<Token> tokens = ask(type, ResponseFormat.Mode.TOOL, false)
			.options((request) -> request.responseFormat(format(ResponseFormat.Mode.TOOL)))
			.stream()
			.collectList()
			.block(Loopback.LIMIT);
		assertThat(tokens).isNotNull()
			.noneMatch((token) -> token instanceof Token.ToolCallDelta)
			.noneMatch((token) -> token instanceof Token.ToolCall);
		StringBuilder text = new StringBuilder();
		tokens.forEach((token) -> text.append((token instanceof Token.Text piece) ? piece.text() : ""));
		assertThat(JSON.readTree(text.toString())).isEqualTo(json("{'title':'Soup'}"));
		assertThat(tokens.get(tokens.size() - 1)).isInstanceOfSatisfying(Token.Finish.class,
				(finish) -> assertThat(finish.reason()).isEqualTo(FinishReason.STOP));
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void aToolIsRunBeforeTheForcedToolGivesTheAnswer(String type) {
		this.provider.enqueue(Script.start().toolCall("now", "{}"));
		answer(ResponseFormat.Mode.TOOL);
		assertThat(ask(type, ResponseFormat.Mode.TOOL, true).object(Dish.class).block(Loopback.LIMIT))
			.isEqualTo(new Dish("Soup"));
		assertThat(this.provider.requests()).hasSize(2);
		assertThat(this.provider.lastRequest().body()).contains("noon");
	}

	@ParameterizedTest
	@MethodSource("io.llmstream.engine.Loopback#wires")
	void anAnswerThatBreaksOffIsAnErrorWithItsText(String type) {
		this.provider.enqueue(Script.text("{\"title\":", "\"So").cut());
		StepVerifier.create(ask(type, ResponseFormat.Mode.AUTO, false).stream(Dish.class).last())
			.expectErrorSatisfies(
					(error) -> assertThat(error).isInstanceOfSatisfying(LlmStreamException.class, (failure) -> {
						assertThat(failure.getKind()).isEqualTo(ErrorKind.TRUNCATED);
						assertThat(failure.getPartialText()).isEqualTo("{\"title\":\"So");
					}))
			.verify(Loopback.LIMIT);
	}

	private void answer(ResponseFormat.Mode mode) {
		String[] pieces = { "{\"title\":", "\"So", "up\"}" };
		this.provider.enqueue(
				(mode == ResponseFormat.Mode.TOOL) ? Script.start().toolCall("Dish", pieces) : Script.text(pieces));
	}

	private LlmStreamClient.PromptSpec ask(String type, ResponseFormat.Mode mode, boolean tools) {
		LlmStreamClient.PromptSpec prompt = LlmStreamClient.builder(type, Loopback.model(type, this.provider.baseUrl()))
			.tools(ToolLoop.create())
			.build()
			.prompt("A dish?")
			.output(OutputOptions.DEFAULTS.withMode(mode));
		return (tools)
				? prompt.tools(
						ToolCallback.of(new ToolDefinition("now", "A test", "{\"type\":\"object\"}"), (call) -> "noon"))
				: prompt;
	}

	private static ResponseFormat format(ResponseFormat.Mode mode) {
		return ResponseFormat.jsonSchema("Dish", SCHEMA.replace('\'', '"')).withMode(mode);
	}

	private JsonNode asked(int index) {
		return this.provider.requests().get(index).json();
	}

	private static JsonNode json(String text) {
		return JSON.readTree(text.replace("$WORDS", WORDS)
			.replace("$SCHEMA", SCHEMA)
			.replace("$GIVES", GIVES)
			.replace("\\'", "\0")
			.replace('\'', '"')
			.replace("\0", "\\\""));
	}

	record Dish(String title) {
	}

}
