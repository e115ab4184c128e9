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

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.llmstream.Completion;
import io.llmstream.LlmStreamClient;
import io.llmstream.ReasoningOptions;
import io.llmstream.StreamRequest;
import io.llmstream.ToolCallback;
import io.llmstream.ToolDefinition;
import io.llmstream.test.Script;
import io.llmstream.test.ScriptedProvider;
import io.llmstream.tool.ToolLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tool loops over real HTTP in all five dialects, with answers written from the
 * providers' documentation: the second request is the first one with exactly the messages
 * that the documentation asks for.
 */
class ToolWiresTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}";

	private final ScriptedProvider provider = ScriptedProvider.start();

	@AfterEach
	void close() {
		this.provider.close();
	}

	private static ToolCallback tool(String name) {
		return ToolCallback.of(new ToolDefinition(name, "A test", SCHEMA),
				(call) -> name + ":" + call.arguments().replace(" ", ""));
	}

	private static Script sse(String... events) {
		return Script.body("text/event-stream",
				Arrays.stream(events)
					.map((event) -> "data: " + event.replace('\'', '"') + "\n\n")
					.collect(Collectors.joining()));
	}

	private static Script named(String... events) {
		return Script.body("text/event-stream", Arrays.stream(events).map((event) -> {
			String json = event.replace('\'', '"');
			return "event: " + JSON.readTree(json).path("type").asString() + "\ndata: " + json + "\n\n";
		}).collect(Collectors.joining()));
	}

	private void ask(String type, Script first, ReasoningOptions reasoning) {
		this.provider.enqueue(first, Script.text("It is warm."));
		Completion completion = LlmStreamClient.builder(type, Loopback.model(type, this.provider.baseUrl()))
			.tools(ToolLoop.create())
			.build()
			.prompt("Where is it warm?")
			.tools(tool("get_weather"), tool("now"))
			.options((request) -> request.reasoning(reasoning))
			.completion()
			.block(Loopback.LIMIT);
		assertThat(completion).isNotNull();
		assertThat(completion.text()).isEqualTo("It is warm.");
		assertThat(this.provider.requests()).hasSize(2);
	}

	private void ask(String type, Script first) {
		ask(type, first, null);
	}

	private void assertSecond(String member, String expected) {
		ObjectNode body = (ObjectNode) this.provider.requests().get(0).json();
		JsonNode messages = JSON.readTree(expected.replace('\'', '"'));
		body.set(member, messages);
		assertThat(this.provider.requests().get(1).json()).isEqualTo(body);
	}

	@Test
	void openAiChatWithParallelCallsInFragmentsAndWithoutArguments() {
		ask("openai", sse(
				"{'id':'c1','choices':[{'index':0,'delta':{'role':'assistant','content':null,'tool_calls':[{'index':0,'id':'call_a','type':'function','function':{'name':'get_weather','arguments':''}}]},'finish_reason':null}]}",
				"{'id':'c1','choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{\\'ci'}}]},'finish_reason':null}]}",
				"{'id':'c1','choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'ty\\':\\'Paris\\'}'}}]},'finish_reason':null}]}",
				"{'id':'c1','choices':[{'index':0,'delta':{'tool_calls':[{'index':1,'id':'call_b','type':'function','function':{'name':'now','arguments':''}}]},'finish_reason':null}]}",
				"{'id':'c1','choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}",
				"{'id':'c1','choices':[],'usage':{'prompt_tokens':9,'completion_tokens':5,'total_tokens':14}}",
				"[DONE]"));
		assertSecond("messages",
				"""
						[{'role':'user','content':'Where is it warm?'},
						 {'role':'assistant','content':null,'tool_calls':[
						  {'id':'call_a','type':'function','function':{'name':'get_weather','arguments':'{\\'city\\':\\'Paris\\'}'}},
						  {'id':'call_b','type':'function','function':{'name':'now','arguments':'{}'}}]},
						 {'role':'tool','tool_call_id':'call_a','content':'get_weather:{\\'city\\':\\'Paris\\'}'},
						 {'role':'tool','tool_call_id':'call_b','content':'now:{}'}]""");
		assertThat(this.provider.requests().get(0).json().get("tools"))
			.isEqualTo(JSON.readTree(("[{'type':'function','function':{'name':'get_weather','description':'A test',"
					+ "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}},"
					+ "{'type':'function','function':{'name':'now','description':'A test',"
					+ "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}}]")
				.replace('\'', '"')));
	}

	@Test
	void openAiChatWithTheSameIndexAndAnotherId() {
		ask("gemini-openai", sse(
				"{'choices':[{'index':0,'delta':{'role':'assistant','content':'Let me see.','tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'get_weather','arguments':'{\\'city\\':\\'Paris\\'}'},'extra_content':{'google':{'thought_signature':'c2ln'}}}]}}]}",
				"{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'b','type':'function','function':{'name':'get_weather','arguments':'{\\'city\\':\\'Rome\\'}'}}]},'finish_reason':'stop'}]}",
				"[DONE]"));
		assertSecond("messages",
				"""
						[{'role':'user','content':'Where is it warm?'},
						 {'role':'assistant','content':'Let me see.','tool_calls':[
						  {'id':'a','type':'function','function':{'name':'get_weather','arguments':'{\\'city\\':\\'Paris\\'}'},
						   'extra_content':{'google':{'thought_signature':'c2ln'}}},
						  {'id':'b','type':'function','function':{'name':'get_weather','arguments':'{\\'city\\':\\'Rome\\'}'}}]},
						 {'role':'tool','tool_call_id':'a','name':'get_weather','content':'get_weather:{\\'city\\':\\'Paris\\'}'},
						 {'role':'tool','tool_call_id':'b','name':'get_weather','content':'get_weather:{\\'city\\':\\'Rome\\'}'}]""");
	}

	@Test
	void deepSeekWantsItsReasoningAgainWhileToolsAreAtWork() {
		ask("deepseek", sse("{'choices':[{'index':0,'delta':{'role':'assistant','reasoning_content':'I need '}}]}",
				"{'choices':[{'index':0,'delta':{'reasoning_content':'the weather.'}}]}",
				"{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'now','arguments':'{}'}}]}}]}",
				"{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}", "[DONE]"));
		assertSecond("messages", """
				[{'role':'user','content':'Where is it warm?'},
				 {'role':'assistant','content':null,'reasoning_content':'I need the weather.','tool_calls':[
				  {'id':'a','type':'function','function':{'name':'now','arguments':'{}'}}]},
				 {'role':'tool','tool_call_id':'a','content':'now:{}'}]""");
	}

	@Test
	void responsesWithEncryptedReasoning() {
		String reasoning = "{'id':'rs_1','type':'reasoning','summary':[{'type':'summary_text','text':'Hm.'}],'encrypted_content':'gAAA'}";
		String first = "{'id':'fc_1','type':'function_call','status':'completed','call_id':'call_a','name':'get_weather','arguments':'{\\'city\\':\\'Paris\\'}'}";
		String second = "{'id':'fc_2','type':'function_call','status':'completed','call_id':'call_b','name':'now','arguments':''}";
		ask("openai-responses", named(
				"{'type':'response.created','sequence_number':0,'response':{'id':'resp_1','status':'in_progress','model':'m','output':[]}}",
				"{'type':'response.output_item.added','output_index':0,'item':{'id':'rs_1','type':'reasoning','summary':[]}}",
				"{'type':'response.reasoning_summary_text.delta','item_id':'rs_1','output_index':0,'summary_index':0,'delta':'Hm.'}",
				"{'type':'response.output_item.done','output_index':0,'item':" + reasoning + "}",
				"{'type':'response.output_item.added','output_index':1,'item':{'id':'fc_1','type':'function_call','status':'in_progress','call_id':'call_a','name':'get_weather','arguments':''}}",
				"{'type':'response.function_call_arguments.delta','item_id':'fc_1','output_index':1,'delta':'{\\'city\\':'}",
				"{'type':'response.function_call_arguments.delta','item_id':'fc_1','output_index':1,'delta':'\\'Paris\\'}'}",
				"{'type':'response.function_call_arguments.done','item_id':'fc_1','output_index':1,'arguments':'{\\'city\\':\\'Paris\\'}'}",
				"{'type':'response.output_item.done','output_index':1,'item':" + first + "}",
				"{'type':'response.output_item.added','output_index':2,'item':{'id':'fc_2','type':'function_call','status':'in_progress','call_id':'call_b','name':'now','arguments':''}}",
				"{'type':'response.output_item.done','output_index':2,'item':" + second + "}",
				"{'type':'response.completed','response':{'id':'resp_1','status':'completed','model':'m','output':["
						+ reasoning + "," + first + "," + second
						+ "],'usage':{'input_tokens':9,'output_tokens':5,'total_tokens':14}}}"),
				ReasoningOptions.effort(ReasoningOptions.Effort.LOW));
		assertSecond("input",
				"""
						[{'type':'message','role':'user','content':'Where is it warm?'},
						 {'id':'rs_1','type':'reasoning','summary':[{'type':'summary_text','text':'Hm.'}],'encrypted_content':'gAAA'},
						 {'type':'function_call','call_id':'call_a','name':'get_weather','arguments':'{\\'city\\':\\'Paris\\'}'},
						 {'type':'function_call','call_id':'call_b','name':'now','arguments':'{}'},
						 {'type':'function_call_output','call_id':'call_a','output':'get_weather:{\\'city\\':\\'Paris\\'}'},
						 {'type':'function_call_output','call_id':'call_b','output':'now:{}'}]""");
		assertThat(this.provider.requests().get(0).json().get("include").toString())
			.contains("reasoning.encrypted_content");
	}

	@Test
	void anthropicWithInterleavedThinkingAndSignatures() {
		ask("anthropic", named(
				"{'type':'message_start','message':{'id':'msg_1','type':'message','role':'assistant','model':'m','content':[],'stop_reason':null,'usage':{'input_tokens':9,'output_tokens':1}}}",
				"{'type':'content_block_start','index':0,'content_block':{'type':'thinking','thinking':'','signature':''}}",
				"{'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'I need the weather.'}}",
				"{'type':'content_block_delta','index':0,'delta':{'type':'signature_delta','signature':'c2lnMQ=='}}",
				"{'type':'content_block_stop','index':0}",
				"{'type':'content_block_start','index':1,'content_block':{'type':'text','text':''}}",
				"{'type':'content_block_delta','index':1,'delta':{'type':'text_delta','text':'Let me look.'}}",
				"{'type':'content_block_stop','index':1}",
				"{'type':'content_block_start','index':2,'content_block':{'type':'tool_use','id':'toolu_1','name':'get_weather','input':{}}}",
				"{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':''}}",
				"{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':'{\\'city\\': '}}",
				"{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':'\\'Paris\\'}'}}",
				"{'type':'content_block_stop','index':2}",
				"{'type':'content_block_start','index':3,'content_block':{'type':'redacted_thinking','data':'eHl6'}}",
				"{'type':'content_block_stop','index':3}",
				"{'type':'content_block_start','index':4,'content_block':{'type':'tool_use','id':'toolu_2','name':'now','input':{}}}",
				"{'type':'content_block_delta','index':4,'delta':{'type':'input_json_delta','partial_json':''}}",
				"{'type':'content_block_stop','index':4}",
				"{'type':'message_delta','delta':{'stop_reason':'tool_use','stop_sequence':null},'usage':{'output_tokens':50}}",
				"{'type':'message_stop'}"), ReasoningOptions.budget(2048));
		assertSecond("messages", """
				[{'role':'user','content':[{'type':'text','text':'Where is it warm?'}]},
				 {'role':'assistant','content':[
				  {'type':'thinking','thinking':'I need the weather.','signature':'c2lnMQ=='},
				  {'type':'text','text':'Let me look.'},
				  {'type':'tool_use','id':'toolu_1','name':'get_weather','input':{'city':'Paris'}},
				  {'type':'redacted_thinking','data':'eHl6'},
				  {'type':'tool_use','id':'toolu_2','name':'now','input':{}}]},
				 {'role':'user','content':[
				  {'type':'tool_result','tool_use_id':'toolu_1','content':'get_weather:{\\'city\\':\\'Paris\\'}'},
				  {'type':'tool_result','tool_use_id':'toolu_2','content':'now:{}'}]}]""");
	}

	@Test
	void geminiWithASignatureOnTheFirstOfParallelCalls() {
		ask("gemini", sse(
				"{'candidates':[{'content':{'role':'model','parts':[{'text':'Hm.','thought':true}]}}],'responseId':'r1'}",
				"{'candidates':[{'content':{'role':'model','parts':[{'functionCall':{'id':'fa','name':'get_weather','args':{'city':'Paris'}},'thoughtSignature':'c2ln'},{'functionCall':{'id':'fb','name':'now','args':{}}}]}}],'responseId':'r1'}",
				"{'candidates':[{'content':{'role':'model','parts':[{'text':''}]},'finishReason':'STOP'}],'usageMetadata':{'promptTokenCount':9,'candidatesTokenCount':5,'totalTokenCount':14},'responseId':'r1'}"));
		assertSecond("contents",
				"""
						[{'role':'user','parts':[{'text':'Where is it warm?'}]},
						 {'role':'model','parts':[
						  {'functionCall':{'id':'fa','name':'get_weather','args':{'city':'Paris'}},'thoughtSignature':'c2ln'},
						  {'functionCall':{'id':'fb','name':'now','args':{}}}]},
						 {'role':'user','parts':[
						  {'functionResponse':{'id':'fa','name':'get_weather','response':{'result':'get_weather:{\\'city\\':\\'Paris\\'}'}}},
						  {'functionResponse':{'id':'fb','name':'now','response':{'result':'now:{}'}}}]}]""");
	}

	@Test
	void geminiWithPartialArguments() {
		ask("gemini", sse(
				"{'candidates':[{'content':{'role':'model','parts':[{'functionCall':{'name':'get_weather','willContinue':true},'thoughtSignature':'c2ln'}]}}],'responseId':'r1'}",
				"{'candidates':[{'content':{'role':'model','parts':[{'functionCall':{'partialArgs':[{'jsonPath':'$.city','stringValue':'Pa','willContinue':true}],'willContinue':true}}]}}],'responseId':'r1'}",
				"{'candidates':[{'content':{'role':'model','parts':[{'functionCall':{'partialArgs':[{'jsonPath':'$.city','stringValue':'ris'}],'willContinue':true}}]}}],'responseId':'r1'}",
				"{'candidates':[{'content':{'role':'model','parts':[{'functionCall':{}}]}}],'responseId':'r1'}",
				"{'candidates':[{'content':{'role':'model','parts':[{'text':''}]},'finishReason':'STOP'}],'responseId':'r1'}"));
		assertSecond("contents",
				"""
						[{'role':'user','parts':[{'text':'Where is it warm?'}]},
						 {'role':'model','parts':[
						  {'functionCall':{'name':'get_weather','args':{'city':'Paris'}},'thoughtSignature':'c2ln'}]},
						 {'role':'user','parts':[
						  {'functionResponse':{'name':'get_weather','response':{'result':'get_weather:{\\'city\\':\\'Paris\\'}'}}}]}]""");
	}

	@Test
	void ollamaWithThinkingAndParallelCalls() {
		String[] lines = {
				"{'model':'m','created_at':'2026-01-01T00:00:00Z','message':{'role':'assistant','content':'','thinking':'I need '},'done':false}",
				"{'model':'m','created_at':'2026-01-01T00:00:00Z','message':{'role':'assistant','content':'','thinking':'the weather.'},'done':false}",
				"{'model':'m','created_at':'2026-01-01T00:00:01Z','message':{'role':'assistant','content':'','tool_calls':[{'id':'call_a','function':{'index':0,'name':'get_weather','arguments':{'city':'Paris'}}}]},'done':false}",
				"{'model':'m','created_at':'2026-01-01T00:00:02Z','message':{'role':'assistant','content':'','tool_calls':[{'id':'call_b','function':{'index':1,'name':'now','arguments':{}}}]},'done':false}",
				"{'model':'m','created_at':'2026-01-01T00:00:03Z','message':{'role':'assistant','content':''},'done':true,'done_reason':'stop','prompt_eval_count':9,'eval_count':5}" };
		ask("ollama", Script.body("application/x-ndjson", String.join("\n", lines).replace('\'', '"') + "\n"));
		assertSecond("messages",
				"""
						[{'role':'user','content':'Where is it warm?'},
						 {'role':'assistant','content':'','thinking':'I need the weather.','tool_calls':[
						  {'id':'call_a','function':{'name':'get_weather','arguments':{'city':'Paris'}}},
						  {'id':'call_b','function':{'name':'now','arguments':{}}}]},
						 {'role':'tool','tool_name':'get_weather','tool_call_id':'call_a','content':'get_weather:{\\'city\\':\\'Paris\\'}'},
						 {'role':'tool','tool_name':'now','tool_call_id':'call_b','content':'now:{}'}]""");
	}

	@Test
	void everyWireTellsTheModelOfAFailure() {
		for (String type : List.of("openai", "openai-responses", "anthropic", "gemini", "ollama")) {
			this.provider.reset();
			this.provider.enqueue(Script.start().toolCall("broken", "{}"), Script.text("Sorry."));
			ToolCallback broken = ToolCallback.of(new ToolDefinition("broken", "A test", SCHEMA), (call) -> {
				throw new IllegalStateException("secret");
			});
			StreamRequest.Builder request = StreamRequest.builder().user("hi").toolCallbacks(List.of(broken));
			Completion completion = LlmStreamClient.builder(type, Loopback.model(type, this.provider.baseUrl()))
				.tools(ToolLoop.create())
				.build()
				.completion(request.build())
				.block(Loopback.LIMIT);
			assertThat(completion).isNotNull();
			assertThat(completion.text()).isEqualTo("Sorry.");
			assertThat(this.provider.lastRequest().body()).contains("The tool failed.").doesNotContain("secret");
		}
	}

}
