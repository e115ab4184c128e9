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

import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.provider.DecodedAnswer;
import io.llmstream.provider.DecodedFrames;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.TokenDecoder.Phase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ResponsesTokenDecoderTests {

	private static final String CREATED = """
			{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response",\
			"status":"in_progress","model":"gpt-x","output":[],"error":null,"usage":null}}""";

	private static final Usage USAGE = new Usage(30, 20, 8, 2, 12, Usage.Source.REPORTED);

	@Test
	void decodesTextThatComesFourTimesOnce() {
		String part = "{\"type\":\"output_text\",\"text\":\"Hello\",\"annotations\":[]}";
		String message = "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[" + part + "]}";
		DecodedAnswer answer = decode(CREATED, added(0, "{\"id\":\"m\",\"type\":\"message\",\"content\":[]}"),
				at(0, "response.content_part.added", "\"part\":{\"type\":\"output_text\",\"text\":\"\"}"),
				text(0, "Hel"), text(0, "lo"), at(0, "response.output_text.done", "\"text\":\"Hello\""),
				at(0, "response.content_part.done", "\"part\":" + part), done(0, message), completed(message));
		assertThat(answer.tokens()).containsExactly(new Token.Text("Hel"), new Token.Text("lo"));
		assertThat(answer.finish())
			.isEqualTo(new Token.Finish(FinishReason.STOP, "completed", USAGE, "resp_1", "gpt-x"));
		assertThat(answer.decoder().phase()).isEqualTo(Phase.DONE);
	}

	@Test
	void losesNoTextThatComesOnlyAtTheEnd() {
		String message = message("m", "Hello");
		String added = added(0, "{\"id\":\"m\",\"type\":\"message\",\"content\":[]}");
		String textDone = at(0, "response.output_text.done", "\"text\":\"Hello\"");
		for (DecodedAnswer answer : List.of(decode(CREATED, added, textDone, done(0, message), completed(message)),
				decode(CREATED, added, text(0, "Hel"), done(0, message), completed(message)),
				decode(CREATED, added, done(0, message), completed("")), decode(CREATED, added, completed(message)),
				decode(CREATED, completed(message)), decode(CREATED, text(0, "Hel"), completed(message)))) {
			assertThat(answer.text()).isEqualTo("Hello");
		}
	}

	@Test
	void repeatsNoTextWhereTheWholeDiffersFromThePieces() {
		DecodedAnswer answer = decode(CREATED, text(0, "Hello."), completed(message("m", "Hello, and more")));
		assertThat(answer.text()).isEqualTo("Hello.");
	}

	@Test
	void keepsSeveralMessagesAndPartsApart() {
		String first = message("m1", "One");
		String second = """
				{"id":"m2","type":"message","content":[{"type":"output_text","text":"Two"},\
				{"type":"output_text","text":"Three"}]}""";
		DecodedAnswer answer = decode(CREATED, added(0, "{\"id\":\"m1\",\"type\":\"message\"}"), text(0, "One"),
				done(0, first), added(2, "{\"id\":\"m2\",\"type\":\"message\"}"), text(2, "Two"), done(2, second),
				completed(first + "," + second));
		assertThat(answer.text()).isEqualTo("OneTwoThree");
	}

	@Test
	void followsAServerWhoseContentIndexIsNotAPosition() {
		String message = message("m", "Hello");
		DecodedAnswer answer = decode(CREATED, added(1, "{\"id\":\"m\",\"type\":\"message\"}"),
				"{\"type\":\"response.output_text.delta\",\"output_index\":1,\"content_index\":1,\"delta\":\"Hello\"}",
				done(1, message), completed(message));
		assertThat(answer.text()).isEqualTo("Hello");
	}

	@Test
	void followsAServerWhoseIdsChangeFromEventToEvent() {
		DecodedAnswer answer = decode(CREATED, added(0, "{\"id\":\"a\",\"type\":\"message\"}"),
				"{\"type\":\"response.output_text.delta\",\"item_id\":\"b\",\"output_index\":0,\"delta\":\"Hi\"}",
				done(0, message("c", "Hi")), completed(message("d", "Hi")));
		assertThat(answer.text()).isEqualTo("Hi");
	}

	@Test
	void followsAServerThatNamesItemsByIdOnly() {
		String reasoning = """
				{"id":"r","type":"reasoning","summary":[],"encrypted_content":"",\
				"content":[{"type":"reasoning_text","text":"Hm"}]}""";
		String call = "{\"id\":\"f\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"g\",\"arguments\":\"{}\"}";
		DecodedAnswer answer = decode(CREATED,
				"{\"type\":\"response.output_item.added\",\"item\":{\"id\":\"r\",\"type\":\"reasoning\"}}",
				"{\"type\":\"response.reasoning_text.delta\",\"item_id\":\"r\",\"delta\":\"Hm\"}",
				"{\"type\":\"response.output_item.added\",\"item\":{\"id\":\"m\",\"type\":\"message\"}}",
				"{\"type\":\"response.output_text.delta\",\"item_id\":\"m\",\"delta\":\"Hi\"}",
				"{\"type\":\"response.output_item.added\",\"item\":{\"id\":\"f\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"g\"}}",
				"{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"f\",\"delta\":\"{}\"}",
				"{\"type\":\"response.output_item.done\",\"item\":" + reasoning + "}",
				"{\"type\":\"response.output_text.done\",\"item_id\":\"m\",\"text\":\"Hi\"}",
				"{\"type\":\"response.output_item.done\",\"item\":" + message("m", "Hi") + "}",
				"{\"type\":\"response.output_item.done\",\"item\":" + call + "}",
				completed(reasoning + "," + message("m", "Hi") + "," + call));
		assertThat(answer.tokens()).containsExactly(new Token.Reasoning("Hm"), new Token.Text("Hi"),
				new Token.ToolCallDelta(0, "c", "g", ""), new Token.ToolCallDelta(0, null, null, "{}"),
				new Token.ToolCall(0, "c", "g", "{}"));
		assertThat(answer.finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
	}

	@Test
	void decodesRefusals() {
		String whole = "{\"id\":\"m\",\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"I cannot.\"}]}";
		DecodedAnswer answer = decode(CREATED, added(0, "{\"id\":\"m\",\"type\":\"message\"}"),
				at(0, "response.refusal.delta", "\"delta\":\"I can\""),
				at(0, "response.refusal.delta", "\"delta\":\"not.\""),
				at(0, "response.refusal.done", "\"refusal\":\"I cannot.\""), done(0, whole), completed(whole));
		assertThat(answer.tokens()).containsExactly(new Token.Refusal("I can"), new Token.Refusal("not."));
		assertThat(decode(CREATED, done(0, whole), completed("")).tokens())
			.containsExactly(new Token.Refusal("I cannot."));
	}

	@Test
	void decodesFunctionCallsAsTheyAreWritten() {
		String call = """
				{"id":"fc_1","type":"function_call","call_id":"call_1","name":"weather",\
				"arguments":"{\\"city\\":1}","status":"completed"}""";
		String bare = "{\"id\":\"fc_2\",\"type\":\"function_call\",\"call_id\":\"call_2\",\"name\":\"time\",\"arguments\":\"\"}";
		DecodedAnswer answer = decode(CREATED, added(0, call.replace("{\\\"city\\\":1}", "")),
				at(0, "response.function_call_arguments.delta", "\"delta\":\"{\\\"city\""),
				at(0, "response.function_call_arguments.delta", "\"delta\":\"\\\":1}\""),
				at(0, "response.function_call_arguments.done", "\"arguments\":\"{\\\"city\\\":1}\""), done(0, call),
				added(1, bare), done(1, bare), completed(call + "," + bare));
		assertThat(answer.signals()).containsExactly(DecodedAnswer.PROGRESS,
				new Token.ToolCallDelta(0, "call_1", "weather", ""), DecodedAnswer.SILENT, DecodedAnswer.PROGRESS,
				new Token.ToolCallDelta(0, null, null, "{\"city"), DecodedAnswer.PROGRESS,
				new Token.ToolCallDelta(0, null, null, "\":1}"), DecodedAnswer.PROGRESS,
				new Token.ToolCall(0, "call_1", "weather", "{\"city\":1}"), DecodedAnswer.AUDIBLE,
				DecodedAnswer.PROGRESS, DecodedAnswer.PROGRESS, new Token.ToolCallDelta(1, "call_2", "time", ""),
				DecodedAnswer.SILENT, DecodedAnswer.PROGRESS, new Token.ToolCall(1, "call_2", "time", "{}"),
				DecodedAnswer.AUDIBLE, DecodedAnswer.PROGRESS, DecodedAnswer.PROGRESS);
		assertThat(answer.finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(answer.finish().rawReason()).isEqualTo("completed");
	}

	@Test
	void completesCallsWhoseArgumentsComeLate() {
		String call = "{\"id\":\"f\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"g\",\"arguments\":\"{\\\"x\\\":1}\"}";
		List<Token> expected = List.of(new Token.ToolCallDelta(0, "c", "g", ""),
				new Token.ToolCallDelta(0, null, null, "{\"x\":1}"), new Token.ToolCall(0, "c", "g", "{\"x\":1}"));
		assertThat(decode(CREATED, completed(call)).tokens()).isEqualTo(expected);
		assertThat(decode(CREATED, done(0, call), completed("")).tokens()).isEqualTo(expected);
		assertThat(decode(CREATED, added(0, call), completed("")).tokens()).isEqualTo(expected);
	}

	@Test
	void decodesCallsOfCustomTools() {
		String call = "{\"type\":\"custom_tool_call\",\"id\":\"t\",\"call_id\":\"c\",\"name\":\"sql\",\"input\":\"SELECT 1\"}";
		DecodedAnswer answer = decode(CREATED, added(0, call.replace("SELECT 1", "")),
				at(0, "response.custom_tool_call_input.delta", "\"delta\":\"SELECT\""),
				at(0, "response.custom_tool_call_input.done", "\"input\":\"SELECT 1\""), done(0, call),
				completed(call));
		assertThat(answer.tokens()).containsExactly(new Token.ToolCallDelta(0, "c", "sql", ""),
				new Token.ToolCallDelta(0, null, null, "SELECT"), new Token.ToolCallDelta(0, null, null, " 1"),
				new Token.ToolCall(0, "c", "sql", "SELECT 1"));
	}

	@Test
	void decodesASummaryAndTheEncryptedReasoning() {
		String reasoning = """
				{"id":"rs_1","type":"reasoning","status":null,"encrypted_content":"eHl6",\
				"summary":[{"type":"summary_text","text":"Plan"},{"type":"summary_text","text":"Check"}]}""";
		DecodedAnswer answer = decode(CREATED, added(0, "{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[]}"),
				summary(0, "Pl"), summary(0, "an"),
				"{\"type\":\"response.reasoning_summary_text.done\",\"output_index\":0,\"summary_index\":0,\"text\":\"Plan\"}",
				summary(1, "Check"), done(0, reasoning), completed(reasoning));
		String state = """
				{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Plan"},\
				{"type":"summary_text","text":"Check"}],"encrypted_content":"eHl6"}""";
		assertThat(answer.signals()).containsExactly(DecodedAnswer.PROGRESS, DecodedAnswer.SILENT,
				DecodedAnswer.AUDIBLE, new Token.Reasoning("Pl"), new Token.Reasoning("an"), DecodedAnswer.PROGRESS,
				DecodedAnswer.SILENT, DecodedAnswer.AUDIBLE, new Token.Reasoning("Check"), DecodedAnswer.PROGRESS,
				new Token.ReplayState("openai-responses", "reasoning", state), DecodedAnswer.PROGRESS);
	}

	@Test
	void tellsReasoningOnceThoughItComesInFullAndAsASummary() {
		String reasoning = """
				{"id":"r","type":"reasoning","summary":[{"type":"summary_text","text":"Plan"}],\
				"content":[{"type":"reasoning_text","text":"Plan"}]}""";
		String added = added(0, "{\"id\":\"r\",\"type\":\"reasoning\"}");
		assertThat(decode(CREATED, added, at(0, "response.reasoning_text.delta", "\"delta\":\"Plan\""),
				done(0, reasoning), completed(reasoning))
			.reasoning()).isEqualTo("Plan");
		assertThat(decode(CREATED, added, summary(0, "Plan"), done(0, reasoning), completed(reasoning)).reasoning())
			.isEqualTo("Plan");
		assertThat(decode(CREATED, completed(reasoning)).reasoning()).isEqualTo("Plan");
	}

	@Test
	void decodesCitationsOnce() {
		String web = "{\"type\":\"url_citation\",\"url\":\"https://a.example\",\"title\":\"A\",\"start_index\":0}";
		String file = "{\"type\":\"file_citation\",\"file_id\":\"f\",\"filename\":\"b.pdf\",\"index\":3}";
		String message = "{\"id\":\"m\",\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\",\"annotations\":["
				+ web + "," + file + "]}]}";
		DecodedAnswer answer = decode(CREATED, text(0, "Hi"),
				at(0, "response.output_text.annotation.added", "\"annotation\":" + web), done(0, message),
				completed(message));
		assertThat(answer.tokens()).containsExactly(new Token.Text("Hi"),
				new Token.Citation("https://a.example", "A", null, web), new Token.Citation(null, "b.pdf", null, file));
	}

	@Test
	void carriesToolsThatTheServerRunsAndWhatItDoesNotKnow() {
		String search = "{\"id\":\"ws\",\"type\":\"web_search_call\",\"status\":\"completed\"}";
		String searching = at(0, "response.web_search_call.searching", "\"item_id\":\"ws\"");
		String novel = "{\"type\":\"response.novelty\",\"x\":[1, 2]}";
		String compaction = "{\"id\":\"cmp\",\"type\":\"compaction\",\"encrypted_content\":\"eA==\"}";
		DecodedAnswer answer = decode(CREATED, added(0, search), searching, done(0, search), novel,
				"{\"type\":\"keepalive\",\"sequence_number\":4}", done(1, compaction),
				completed(search + "," + compaction));
		assertThat(answer.signals()).startsWith(DecodedAnswer.PROGRESS, DecodedAnswer.SILENT,
				new Token.Other("response.web_search_call.searching", searching), DecodedAnswer.PROGRESS,
				new Token.Other("web_search_call", search), DecodedAnswer.AUDIBLE,
				new Token.Other("response.novelty", novel), DecodedAnswer.PROGRESS,
				new Token.ReplayState("openai-responses", "compaction", compaction));
		assertThat(answer.tokens()).hasSize(4);
		assertThat(answer.finish().reason()).isEqualTo(FinishReason.STOP);
	}

	@Test
	void tellsWhyAnAnswerIsIncomplete() {
		String incomplete = """
				{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete",\
				"incomplete_details":{"reason":"REASON"},"output":[],"usage":{"input_tokens":1,"output_tokens":2}}}""";
		assertFinish(incomplete.replace("REASON", "max_output_tokens"), FinishReason.LENGTH, "max_output_tokens");
		assertFinish(incomplete.replace("REASON", "content_filter"), FinishReason.CONTENT_FILTER, "content_filter");
		assertFinish(incomplete.replace("REASON", "novelty"), FinishReason.OTHER, "novelty");
		assertFinish(incomplete.replace("{\"reason\":\"REASON\"}", "null"), FinishReason.OTHER, "incomplete");
		assertFinish(
				incomplete.replace("response.incomplete", "response.completed").replace("REASON", "max_output_tokens"),
				FinishReason.LENGTH, "max_output_tokens");
	}

	@Test
	void aCallThatIsCutBeforeItsArgumentsHasNone() {
		String call = "{\"id\":\"f\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"rm\",\"arguments\":\"\"STATUS}";
		String open = call.replace("STATUS", ",\"status\":\"in_progress\"");
		String cut = call.replace("STATUS", ",\"status\":\"incomplete\"");
		String complete = call.replace("STATUS", ",\"status\":\"completed\"");
		String silent = call.replace("STATUS", "");
		assertArguments("", added(0, open), done(0, cut), incomplete(cut));
		assertArguments("", added(0, open), done(0, cut), incomplete(""));
		assertArguments("", added(0, open), incomplete(cut));
		assertArguments("", added(0, open), incomplete(open));
		assertArguments("", added(0, open), incomplete(silent));
		assertArguments("", added(0, open), incomplete(""));
		assertArguments("{}", added(0, open), incomplete(complete));
		assertArguments("{}", added(0, open), done(0, silent), incomplete(""));
		assertArguments("{}", added(0, open), done(0, complete), completed(complete));
		assertArguments("{}", added(0, open), completed(open));
		assertArguments("{}", added(0, open), completed(""));
	}

	@Test
	void gatewaysNameTheEndAndThePiecesOfTextInTheirOwnWay() {
		DecodedFrames decoded = DecodedFrames.of(new ResponsesDialect(),
				at(0, "response.content_part.delta", "\"content_index\":0,\"delta\":\"Once\""),
				"{\"type\":\"response.done\",\"response\":{\"status\":\"completed\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}}");
		assertThat(decoded.tokens()).containsExactly(new Token.Text("Once"));
		assertThat(decoded.decoder().finish().usage()).isEqualTo(Usage.reported(3, 2));
	}

	@Test
	void aLastEventWhoseResponseFailedIsAnErrorWhateverItsName() {
		assertThatExceptionOfType(ProviderErrorException.class).isThrownBy(() -> DecodedFrames
			.of(new ResponsesDialect(), "{\"type\":\"response.completed\",\"response\":{\"status\":\"failed\"}}"));
	}

	private static void assertArguments(String arguments, String... documents) {
		assertThat(decode(documents).tokens()).filteredOn(Token.ToolCall.class::isInstance)
			.containsExactly(new Token.ToolCall(0, "c", "rm", arguments));
	}

	private static String incomplete(String output) {
		return "{\"type\":\"response.incomplete\",\"response\":{\"id\":\"resp_1\",\"status\":\"incomplete\","
				+ "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"output\":[" + output + "]}}";
	}

	private static void assertFinish(String terminal, FinishReason reason, String raw) {
		Token.Finish finish = decode(CREATED, terminal).finish();
		assertThat(finish).isEqualTo(new Token.Finish(reason, raw, Usage.reported(1, 2), "resp_1", "gpt-x"));
	}

	@Test
	void isNotCompleteWithoutATerminalEvent() {
		DecodedAnswer answer = decode(CREATED, added(0, "{\"id\":\"m\",\"type\":\"message\"}"), text(0, "Hel"),
				done(0, message("m", "Hello")));
		assertThat(answer.text()).isEqualTo("Hello");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.STREAMING);
		assertThatIllegalStateException().isThrownBy(answer::finish);
	}

	@Test
	void failsOnErrorsInEveryShape() {
		String flat = """
				{"type":"error","code":"rate_limit_exceeded","message":"Slow down","param":null,"sequence_number":2}""";
		String nested = """
				{"type":"error","sequence_number":2,"error":{"type":"rate_limit_exceeded",\
				"code":"rate_limit_exceeded","message":"Slow down","param":null}}""";
		String failed = """
				{"type":"response.failed","response":{"id":"resp_1","status":"failed","output":[],\
				"error":{"code":"rate_limit_exceeded","message":"Slow down"}}}""";
		for (DecodedAnswer answer : List.of(decode(CREATED, text(0, "Hel"), flat),
				decode(CREATED, text(0, "Hel"), nested, failed), decode(CREATED, text(0, "Hel"), failed),
				DecodedAnswer.ofStream(new ResponsesDialect(),
						"data: " + text(0, "Hel") + "\n\nevent: error\ndata: " + flat + "\n\n"))) {
			assertThat(answer.text()).isEqualTo("Hel");
			assertThat(answer.error()).isNotNull();
			assertThat(answer.error().kind()).isEqualTo(ErrorKind.RATE_LIMITED);
			assertThat(answer.error().message()).isEqualTo("Slow down");
			assertThat(answer.decoder().phase()).isEqualTo(Phase.STREAMING);
		}
	}

	@Test
	void failsWhereTheResponseFailedOrWasCancelledWithoutAnError() {
		for (String status : List.of("failed", "cancelled")) {
			DecodedAnswer answer = decode(CREATED, "{\"type\":\"response." + status
					+ "\",\"response\":{\"id\":\"resp_1\",\"error\":null,\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}");
			assertThat(answer.error()).isNotNull();
			assertThat(answer.error().kind()).isEqualTo(ErrorKind.SERVER_ERROR);
			assertThat(answer.error().message()).contains(status);
			assertThat(answer.decoder().usage()).isEqualTo(Usage.reported(5, 1));
		}
	}

	@Test
	void takesAResponseThatIsNoStream() {
		DecodedAnswer answer = decode(
				"""
						{"id":"resp_2","object":"response","status":"completed","error":null,"model":"gpt-x","output":[MESSAGE],\
						"usage":{"input_tokens":1,"output_tokens":2}}"""
					.replace("MESSAGE", message("m", "Whole")));
		assertThat(answer.text()).isEqualTo("Whole");
		assertThat(answer.finish())
			.isEqualTo(new Token.Finish(FinishReason.STOP, "completed", Usage.reported(1, 2), "resp_2", "gpt-x"));
	}

	@Test
	void readsTheTypeFromTheNameOfTheEventAndIgnoresAnEndMark() {
		DecodedAnswer answer = DecodedAnswer.ofStream(new ResponsesDialect(), """
				event: response.output_text.delta
				data: {"delta":"Hi","output_index":0}

				event: response.completed
				data: {"response":{"output":[]}}

				data: [DONE]

				""");
		assertThat(answer.text()).isEqualTo("Hi");
		assertThat(answer.finish()).isEqualTo(new Token.Finish(FinishReason.STOP, "completed", Usage.NONE, null, null));
	}

	private static DecodedAnswer decode(String... documents) {
		return DecodedAnswer.of(new ResponsesDialect(), documents);
	}

	private static String at(int index, String type, String members) {
		return "{\"type\":\"" + type + "\",\"output_index\":" + index + ",\"content_index\":0," + members + "}";
	}

	private static String text(int index, String text) {
		return at(index, "response.output_text.delta", "\"delta\":\"" + text + "\"");
	}

	private static String summary(int summaryIndex, String text) {
		return "{\"type\":\"response.reasoning_summary_text.delta\",\"output_index\":0,\"summary_index\":"
				+ summaryIndex + ",\"delta\":\"" + text + "\"}";
	}

	private static String added(int index, String item) {
		return at(index, "response.output_item.added", "\"item\":" + item);
	}

	private static String done(int index, String item) {
		return at(index, "response.output_item.done", "\"item\":" + item);
	}

	private static String message(String id, String text) {
		return "{\"id\":\"" + id + "\",\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"" + text
				+ "\",\"annotations\":[]}]}";
	}

	private static String completed(String output) {
		return "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\","
				+ "\"error\":null,\"incomplete_details\":null,\"model\":\"gpt-x\",\"output\":[" + output
				+ "],\"usage\":{\"input_tokens\":30,\"input_tokens_details\":{\"cached_tokens\":8,\"cache_write_tokens\":2},"
				+ "\"output_tokens\":20,\"output_tokens_details\":{\"reasoning_tokens\":12},\"total_tokens\":50}}}";
	}

}
