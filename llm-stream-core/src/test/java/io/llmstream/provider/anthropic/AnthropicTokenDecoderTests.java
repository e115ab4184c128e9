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

import java.util.List;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.provider.DecodedAnswer;
import io.llmstream.provider.TokenDecoder.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class AnthropicTokenDecoderTests {

	private static final String START = """
			{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x",\
			"content":[],"stop_reason":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":3,\
			"cache_read_input_tokens":4,"output_tokens":1}}}""";

	private static final String END = """
			{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
			"usage":{"output_tokens":9}}""";

	private static final String STOP = "{\"type\":\"message_stop\"}";

	@Test
	void decodesTextAndUsage() {
		DecodedAnswer answer = decode(START, start(0, "{\"type\":\"text\",\"text\":\"\"}"), "{\"type\": \"ping\"}",
				text(0, "Hel"), text(0, ""), text(0, "lo \\u00e9\\n"), stop(0), END, STOP);
		assertThat(answer.tokens()).containsExactly(new Token.Text("Hel"), new Token.Text("lo é\n"));
		assertThat(answer.finish()).isEqualTo(new Token.Finish(FinishReason.STOP, "end_turn",
				new Usage(17, 9, 4, 3, 0, Usage.Source.REPORTED), "msg_1", "claude-x"));
		assertThat(answer.decoder().phase()).isEqualTo(Phase.DONE);
	}

	@Test
	void reportsBlocksButNotPingsAsProgress() {
		DecodedAnswer answer = decode(START, "{\"type\":\"ping\"}", start(0, "{\"type\":\"text\",\"text\":\"\"}"),
				"{\"type\":\"ping\"}", text(0, ""), stop(0), END, STOP);
		assertThat(answer.signals()).containsExactly(DecodedAnswer.PROGRESS, DecodedAnswer.PROGRESS,
				DecodedAnswer.PROGRESS);
	}

	@Test
	void waitsForTheUsageWhereTheStopReasonComesWithoutIt() {
		DecodedAnswer answer = decode(START, "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.FINISHING);
	}

	@Test
	void isSettledWhenTheStopReasonIsKnownAndDoneAtTheStop() {
		DecodedAnswer settled = decode(START, END);
		assertThat(settled.decoder().phase()).isEqualTo(Phase.SETTLED);
		assertThat(settled.finish().usage().outputTokens()).isEqualTo(9);
		DecodedAnswer open = decode(START, start(0, "{\"type\":\"text\",\"text\":\"Hi\"}"));
		assertThat(open.text()).isEqualTo("Hi");
		assertThat(open.decoder().phase()).isEqualTo(Phase.STREAMING);
		assertThat(open.decoder().usage().inputTokens()).isEqualTo(17);
		assertThatIllegalStateException().isThrownBy(open::finish);
	}

	@Test
	void isDoneAtAStopThatGivesNoReason() {
		DecodedAnswer answer = decode(START, start(0, "{\"type\":\"text\",\"text\":\"Hi\"}"), STOP);
		assertThat(answer.finish().reason()).isEqualTo(FinishReason.STOP);
		assertThat(answer.finish().rawReason()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "end_turn, STOP", "stop_sequence, STOP", "max_tokens, LENGTH", "model_context_window_exceeded, LENGTH",
			"tool_use, TOOL_CALLS", "pause_turn, PAUSE", "compaction, PAUSE", "refusal, REFUSAL", "novelty, OTHER" })
	void translatesStopReasons(String raw, FinishReason reason) {
		Token.Finish finish = decode(START, END.replace("end_turn", raw), STOP).finish();
		assertThat(finish.reason()).isEqualTo(reason);
		assertThat(finish.rawReason()).isEqualTo(raw);
	}

	@Test
	void replacesUsageByLaterFigures() {
		Usage usage = decode(START, """
				{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":61,\
				"cache_creation_input_tokens":null,"cache_read_input_tokens":0,"output_tokens":20,\
				"output_tokens_details":{"thinking_tokens":12},"iterations":[{"input_tokens":9000}]}}""", STOP).finish()
			.usage();
		assertThat(usage).isEqualTo(new Usage(64, 20, 0, 3, 12, Usage.Source.REPORTED));
	}

	@Test
	void decodesThinkingWithItsSignature() {
		DecodedAnswer answer = decode(START, start(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
				delta(0, "\"type\":\"thinking_delta\",\"thinking\":\"Let \""),
				delta(0, "\"type\":\"thinking_delta\",\"thinking\":\"me\""),
				delta(0, "\"type\":\"signature_delta\",\"signature\":\"c2ln\""), stop(0),
				start(1, "{\"type\":\"text\",\"text\":\"\"}"), text(1, "Yes"), stop(1), END, STOP);
		assertThat(answer.tokens()).containsExactly(new Token.Reasoning("Let "), new Token.Reasoning("me"),
				new Token.ReplayState("anthropic", "thinking",
						"{\"type\":\"thinking\",\"thinking\":\"Let me\",\"signature\":\"c2ln\"}"),
				new Token.Text("Yes"));
		assertThat(answer.signals()).containsSubsequence(DecodedAnswer.SILENT, DecodedAnswer.AUDIBLE,
				new Token.Reasoning("Let "));
	}

	@Test
	void isSilentWhileTheModelThinksUnseen() {
		DecodedAnswer answer = decode(START, start(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
				delta(0, "\"type\":\"signature_delta\",\"signature\":\"c2ln\""), stop(0),
				start(1, "{\"type\":\"redacted_thinking\",\"data\":\"eHl6\"}"), stop(1), END, STOP);
		assertThat(answer.signals()).startsWith(DecodedAnswer.PROGRESS, DecodedAnswer.SILENT, DecodedAnswer.PROGRESS,
				DecodedAnswer.PROGRESS,
				new Token.ReplayState("anthropic", "thinking",
						"{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"c2ln\"}"),
				DecodedAnswer.AUDIBLE, DecodedAnswer.PROGRESS,
				new Token.ReplayState("anthropic", "redacted_thinking",
						"{\"type\":\"redacted_thinking\",\"data\":\"eHl6\"}"),
				DecodedAnswer.SILENT, DecodedAnswer.PROGRESS, DecodedAnswer.AUDIBLE);
	}

	@Test
	void sendsUnsignedThinkingNotBack() {
		DecodedAnswer answer = decode(START, start(0, "{\"type\":\"thinking\",\"thinking\":\"\"}"),
				delta(0, "\"type\":\"thinking_delta\",\"thinking\":\"Hm\""),
				delta(0, "\"type\":\"signature_delta\",\"signature\":\"\""), stop(0), END, STOP);
		assertThat(answer.tokens()).containsExactly(new Token.Reasoning("Hm"));
	}

	@Test
	void decodesToolCallsAsTheyAreWritten() {
		DecodedAnswer answer = decode(START,
				start(0, "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"weather\",\"input\":{}}"), json(0, ""),
				json(0, "{\\\"city\\\""), json(0, ":\\\"Paris\\\"}"), stop(0),
				start(1, "{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"time\",\"input\":{}}"), json(1, ""), stop(1),
				END.replace("end_turn", "tool_use"), STOP);
		assertThat(answer.signals()).containsExactly(DecodedAnswer.PROGRESS,
				new Token.ToolCallDelta(0, "t1", "weather", ""), DecodedAnswer.SILENT,
				new Token.ToolCallDelta(0, null, null, "{\"city\""),
				new Token.ToolCallDelta(0, null, null, ":\"Paris\"}"), DecodedAnswer.PROGRESS,
				new Token.ToolCall(0, "t1", "weather", "{\"city\":\"Paris\"}"), DecodedAnswer.AUDIBLE,
				DecodedAnswer.PROGRESS, new Token.ToolCallDelta(1, "t2", "time", ""), DecodedAnswer.SILENT,
				DecodedAnswer.PROGRESS, new Token.ToolCall(1, "t2", "time", "{}"), DecodedAnswer.AUDIBLE,
				DecodedAnswer.PROGRESS);
	}

	@Test
	void decodesBlocksThatOverlapAndInterleave() {
		DecodedAnswer answer = decode(START, start(0, "{\"type\":\"thinking\",\"thinking\":\"\"}"),
				delta(0, "\"type\":\"thinking_delta\",\"thinking\":\"Hm\""),
				start(1, "{\"type\":\"text\",\"text\":\"\"}"), text(1, "So"),
				start(2, "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\"}"),
				start(3, "{\"type\":\"tool_use\",\"id\":\"b\",\"name\":\"g\"}"), json(2, "{\\\"x\\\":"),
				json(3, "{\\\"y\\\":"), json(2, "1}"), json(3, "2}"),
				delta(0, "\"type\":\"signature_delta\",\"signature\":\"\""), stop(0), stop(1), stop(2), stop(3),
				END.replace("end_turn", "tool_use"), STOP);
		assertThat(answer.tokens(Token.ToolCall.class)).containsExactly(new Token.ToolCall(0, "a", "f", "{\"x\":1}"),
				new Token.ToolCall(1, "b", "g", "{\"y\":2}"));
		assertThat(answer.signals().stream().filter(DecodedAnswer.SILENT::equals)).hasSize(2);
		assertThat(answer.signals().stream().filter(DecodedAnswer.AUDIBLE::equals)).hasSize(2);
	}

	@Test
	void finishesCallsThatTheServerNeverClosed() {
		DecodedAnswer answer = decode(START,
				start(0, "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}"),
				json(0, "{\\\"x\\\": \\\"cu"), END.replace("end_turn", "max_tokens"));
		assertThat(answer.tokens(Token.ToolCall.class))
			.containsExactly(new Token.ToolCall(0, "a", "f", "{\"x\": \"cu"));
		assertThat(answer.finish().reason()).isEqualTo(FinishReason.LENGTH);
		DecodedAnswer truncated = decode(START,
				start(0, "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}"), json(0, "{}"));
		assertThat(truncated.tokens(Token.ToolCall.class)).isEmpty();
		assertThat(truncated.decoder().phase()).isEqualTo(Phase.STREAMING);
	}

	@Test
	void takesACallThatCameWithTheMessageItself() {
		DecodedAnswer answer = decode("""
				{"type":"message_start","message":{"id":"msg_2","model":"claude-x","content":[\
				{"type":"text","text":"Rolling"},\
				{"type":"tool_use","id":"t","name":"roll","input":{"sides":6},"caller":{"type":"code"}}],\
				"stop_reason":"tool_use","usage":{"input_tokens":0,"output_tokens":0}}}""", STOP);
		assertThat(answer.tokens()).containsExactly(new Token.Text("Rolling"),
				new Token.ToolCallDelta(0, "t", "roll", ""), new Token.ToolCallDelta(0, null, null, "{\"sides\":6}"),
				new Token.ToolCall(0, "t", "roll", "{\"sides\":6}"));
		assertThat(answer.finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
	}

	@Test
	void takesAMessageThatIsNoStream() {
		DecodedAnswer answer = decode("""
				{"id":"msg_3","type":"message","role":"assistant","model":"claude-x",\
				"content":[{"type":"text","text":"Whole"}],"stop_reason":"end_turn",\
				"usage":{"input_tokens":2,"output_tokens":3}}""");
		assertThat(answer.text()).isEqualTo("Whole");
		assertThat(answer.finish())
			.isEqualTo(new Token.Finish(FinishReason.STOP, "end_turn", Usage.reported(2, 3), "msg_3", "claude-x"));
	}

	@Test
	void makesUpAnIdWhereTheServerGivesNone() {
		DecodedAnswer answer = decodeOnce(START, start(0, "{\"type\":\"tool_use\",\"name\":\"f\"}"), stop(0), END,
				STOP);
		Token.ToolCall call = answer.tokens(Token.ToolCall.class).get(0);
		assertThat(call.id()).startsWith("call_");
		assertThat(answer.tokens(Token.ToolCallDelta.class).get(0).id()).isEqualTo(call.id());
	}

	@Test
	void decodesCitations() {
		String web = """
				{"type":"web_search_result_location","cited_text":"It rains.","url":"https://weather.example",\
				"title":"Weather","encrypted_index":"eA=="}""";
		String document = """
				{"type":"char_location","cited_text":"Page one","document_index":0,"document_title":"Report",\
				"start_char_index":0,"end_char_index":8}""";
		DecodedAnswer answer = decode(START, start(0, "{\"type\":\"text\",\"text\":\"\",\"citations\":[]}"),
				delta(0, "\"type\":\"citations_delta\",\"citation\":" + web),
				delta(0, "\"type\":\"citations_delta\",\"citation\":" + document), stop(0), END, STOP);
		assertThat(answer.tokens()).containsExactly(
				new Token.Citation("https://weather.example", "Weather", "It rains.", web),
				new Token.Citation(null, "Report", "Page one", document));
	}

	@Test
	void carriesToolsThatTheServerRuns() {
		String result = "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s1\",\"content\":[]}";
		DecodedAnswer answer = decode(START,
				start(0, "{\"type\":\"server_tool_use\",\"id\":\"s1\",\"name\":\"web_search\",\"input\":{}}"),
				json(0, "{\\\"query\\\":\\\"rain\\\"}"), stop(0), start(1, result), stop(1), END, STOP);
		String call = """
				{"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"rain"}}""";
		assertThat(answer.signals()).startsWith(DecodedAnswer.PROGRESS, DecodedAnswer.SILENT, DecodedAnswer.PROGRESS,
				DecodedAnswer.PROGRESS, new Token.Other("server_tool_use", call),
				new Token.ReplayState("anthropic", "server_tool_use", call), DecodedAnswer.AUDIBLE,
				DecodedAnswer.PROGRESS, new Token.Other("web_search_tool_result", result),
				new Token.ReplayState("anthropic", "web_search_tool_result", result));
		assertThat(answer.finish().reason()).isEqualTo(FinishReason.STOP);
	}

	@Test
	void carriesACompaction() {
		DecodedAnswer answer = decode(START, start(0, "{\"type\":\"compaction\",\"content\":null}"),
				delta(0, "\"type\":\"compaction_delta\",\"content\":\"So far\""), stop(0), END, STOP);
		assertThat(answer.tokens()).containsExactly(
				new Token.ReplayState("anthropic", "compaction", "{\"type\":\"compaction\",\"content\":\"So far\"}"));
	}

	@Test
	void carriesWhatItDoesNotKnow() {
		DecodedAnswer answer = decode(START, "{\"type\":\"novel_event\",\"x\":[1, 2]}",
				start(0, "{\"type\":\"novel_block\"}"), delta(0, "\"type\":\"novel_delta\",\"v\":\"?\""), stop(0), END,
				STOP);
		assertThat(answer.tokens()).containsExactly(
				new Token.Other("novel_event", "{\"type\":\"novel_event\",\"x\":[1, 2]}"),
				new Token.Other("novel_block", "{\"type\":\"novel_block\"}"),
				new Token.Other("novel_delta", delta(0, "\"type\":\"novel_delta\",\"v\":\"?\"")));
	}

	@Test
	void carriesWhyTheModelRefused() {
		DecodedAnswer answer = decode(START, """
				{"type":"message_delta","delta":{"stop_reason":"refusal",\
				"stop_details":{"type":"refusal","category":"x"}},"usage":{"output_tokens":1}}""", STOP);
		assertThat(answer.tokens())
			.containsExactly(new Token.Other("stop_details", "{\"type\":\"refusal\",\"category\":\"x\"}"));
		assertThat(answer.finish().reason()).isEqualTo(FinishReason.REFUSAL);
	}

	@Test
	void failsOnAnErrorAndKeepsWhatCame() {
		String error = """
				{"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"}}""";
		for (DecodedAnswer answer : List.of(decode(START, start(0, "{\"type\":\"text\",\"text\":\"Hel\"}"), error),
				decodeStream("data: " + START + "\n\ndata: " + start(0, "{\"type\":\"text\",\"text\":\"Hel\"}")
						+ "\n\nevent: error\ndata: " + error + "\n\n"))) {
			assertThat(answer.text()).isEqualTo("Hel");
			assertThat(answer.error()).isNotNull();
			assertThat(answer.error().kind()).isEqualTo(ErrorKind.OVERLOADED);
			assertThat(answer.error().message()).contains("Overloaded");
			assertThat(answer.decoder().phase()).isEqualTo(Phase.STREAMING);
			assertThat(answer.decoder().usage().inputTokens()).isEqualTo(17);
		}
	}

	@Test
	void failsOnASecondMessageButNotOnARepeatedOne() {
		DecodedAnswer repeated = decode(START, START, start(0, "{\"type\":\"text\",\"text\":\"Hi\"}"), END, STOP);
		assertThat(repeated.text()).isEqualTo("Hi");
		DecodedAnswer second = decode(START, start(0, "{\"type\":\"text\",\"text\":\"Hi\"}"),
				START.replace("msg_1", "msg_9"));
		assertThat(second.error()).isNotNull();
		assertThat(second.error().kind()).isEqualTo(ErrorKind.MALFORMED);
	}

	@Test
	void readsEventsOfGatewaysThatLeaveThingsOut() {
		DecodedAnswer answer = decodeStream("""
				event: message_start
				data: {"message":{"id":"m","content":[]}}

				event: content_block_start
				data: {"content_block":{"type":"text","text":""}}

				event: content_block_delta
				data: {"delta":{"text":"Hi","type":"text_delta"}}

				event: content_block_stop
				data: {}

				event: message_delta
				data: {"usage":null,"delta":{"stop_reason":"end_turn"}}

				data: [DONE]

				""");
		assertThat(answer.text()).isEqualTo("Hi");
		assertThat(answer.finish()).isEqualTo(new Token.Finish(FinishReason.STOP, "end_turn", Usage.NONE, "m", null));
	}

	private static DecodedAnswer decode(String... documents) {
		return DecodedAnswer.of(new AnthropicDialect(), documents);
	}

	private static DecodedAnswer decodeStream(String stream) {
		return DecodedAnswer.ofStream(new AnthropicDialect(), stream);
	}

	private static DecodedAnswer decodeOnce(String... documents) {
		return DecodedAnswer.once(new AnthropicDialect(), documents);
	}

	private static String start(int index, String block) {
		return "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}";
	}

	private static String delta(int index, String members) {
		return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":{" + members + "}}";
	}

	private static String text(int index, String text) {
		return delta(index, "\"type\":\"text_delta\",\"text\":\"" + text + "\"");
	}

	private static String json(int index, String fragment) {
		return delta(index, "\"type\":\"input_json_delta\",\"partial_json\":\"" + fragment + "\"");
	}

	private static String stop(int index) {
		return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
	}

}
