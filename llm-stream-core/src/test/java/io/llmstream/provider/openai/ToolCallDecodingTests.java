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

import java.util.List;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ToolCallDecodingTests {

	private static String call(String members) {
		return "{'tool_calls':[{" + members + "}]}";
	}

	private static String function(String name, String arguments) {
		return "'function':{'name':'" + name + "','arguments':'" + arguments.replace("'", "\\'") + "'}";
	}

	private static List<Token.ToolCall> calls(String... deltas) {
		return Decoded.deltas(deltas).stop("tool_calls").all(Token.ToolCall.class);
	}

	@Test
	void fragmentsAreEmittedAsTheyComeAndTheWholeCallAtTheEnd() {
		Decoded decoded = Decoded.deltas(call("'index':0,'id':'a','type':'function'," + function("sum", "")),
				call("'index':0,'function':{'arguments':'[1,'}"), call("'index':0,'function':{'arguments':'2]'}"));
		assertThat(decoded.tokens).containsExactly(new Token.ToolCallDelta(0, "a", "sum", ""),
				new Token.ToolCallDelta(0, null, null, "[1,"), new Token.ToolCallDelta(0, null, null, "2]"));
		decoded.stop("tool_calls");
		assertThat(decoded.tokens).endsWith(new Token.ToolCall(0, "a", "sum", "[1,2]"));
		assertThat(decoded.decoder.finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
	}

	@ParameterizedTest
	@CsvSource({ "length,''", "max_tokens,''", "content_filter,''", "refusal,''", "error,''", "tool_calls,{}",
			"stop,{}", "something_new,{}" })
	void aCallThatIsCutBeforeItsArgumentsHasNone(String reason, String arguments) {
		assertThat(
				Decoded.deltas(call("'index':0,'id':'a'," + function("rm", ""))).stop(reason).all(Token.ToolCall.class))
			.containsExactly(new Token.ToolCall(0, "a", "rm", arguments));
	}

	@Test
	void aCallWithoutArgumentsIsCompleteWhereOnlyTheEndMarkTellsTheEnd() {
		assertThat(Decoded.deltas(call("'index':0,'id':'a'," + function("time", "")))
			.frame("[DONE]")
			.all(Token.ToolCall.class)).containsExactly(new Token.ToolCall(0, "a", "time", "{}"));
	}

	@Test
	void aCompleteCallIsEmittedWhenTheNextOneStarts() {
		Decoded decoded = Decoded.deltas(call("'index':0,'id':'a'," + function("x", "{}")),
				call("'index':1,'id':'b'," + function("y", "")));
		assertThat(decoded.tokens).containsExactly(new Token.ToolCallDelta(0, "a", "x", "{}"),
				new Token.ToolCall(0, "a", "x", "{}"), new Token.ToolCallDelta(1, "b", "y", ""));
	}

	@Test
	void interleavedCallsAreKeptApartByTheirIndex() {
		assertThat(calls(call("'index':0,'id':'a'," + function("x", "{")),
				call("'index':1,'id':'b'," + function("y", "[")), call("'index':0,'function':{'arguments':'}'}"),
				call("'index':1,'function':{'arguments':']'}")))
			.containsExactly(new Token.ToolCall(0, "a", "x", "{}"), new Token.ToolCall(1, "b", "y", "[]"));
	}

	@Test
	void callsAreCountedFromZeroWhateverTheServerCounts() {
		assertThat(calls(call("'index':3,'id':'a'," + function("x", "{}")),
				call("'index':7,'id':'b'," + function("y", "{}"))))
			.extracting(Token.ToolCall::index)
			.containsExactly(0, 1);
	}

	@Test
	void theSameIndexWithAnotherIdIsAnotherCall() {
		assertThat(calls(call("'index':0,'id':'a'," + function("x", "{}")),
				call("'index':0,'id':'b'," + function("x", "{}"))))
			.extracting(Token.ToolCall::id)
			.containsExactly("a", "b");
	}

	@Test
	void theSameIndexWithAnotherNameIsAnotherCallWhereThereAreNoIds() {
		assertThat(calls(call("'index':0," + function("x", "{}")), call("'index':0," + function("y", "[1]"))))
			.extracting(Token.ToolCall::name, Token.ToolCall::arguments)
			.containsExactly(org.assertj.core.groups.Tuple.tuple("x", "{}"),
					org.assertj.core.groups.Tuple.tuple("y", "[1]"));
	}

	@Test
	void callsWithoutIndexAreToldApartByTheirIds() {
		assertThat(calls(call("'id':'a'," + function("x", "{")), call("'id':'b'," + function("x", "[")),
				call("'id':'a','function':{'arguments':'}'}"), call("'function':{'arguments':']'}")))
			.containsExactly(new Token.ToolCall(0, "a", "x", "{}"), new Token.ToolCall(1, "b", "x", "[]"));
	}

	@Test
	void severalWholeCallsInOneDeltaNeedNoIndex() {
		assertThat(
				calls("{'tool_calls':[{'id':'a'," + function("x", "{}") + "},{'id':'b'," + function("x", "{}") + "}]}"))
			.hasSize(2);
	}

	@Test
	void emptyIdAndNameDoNotOverwrite() {
		assertThat(
				calls(call("'index':0,'id':'a'," + function("x", "")), call("'index':0,'id':''," + function("", "{}"))))
			.containsExactly(new Token.ToolCall(0, "a", "x", "{}"));
	}

	@Test
	void idAndNameMayBeRepeatedWithEachFragment() {
		assertThat(calls(call("'index':0,'id':'a'," + function("x", "{")),
				call("'index':0,'id':'a'," + function("x", "}"))))
			.containsExactly(new Token.ToolCall(0, "a", "x", "{}"));
	}

	@Test
	void anIdThatChangesWhileArgumentsAreOpenIsTheSameCall() {
		assertThat(calls(call("'index':0,'id':'a'," + function("x", "{")),
				call("'index':0,'id':'z','function':{'arguments':'}'}")))
			.containsExactly(new Token.ToolCall(0, "a", "x", "{}"));
	}

	@Test
	void aCallThatIsSentOnceMoreIsOneCall() {
		Decoded decoded = Decoded.deltas(call("'index':0,'id':'a'," + function("x", "{'a':")),
				call("'index':0,'function':{'arguments':'1}'}"));
		String whole = decoded.all(Token.ToolCallDelta.class)
			.stream()
			.map(Token.ToolCallDelta::arguments)
			.reduce("", String::concat);
		int before = decoded.tokens.size();
		decoded.frame(Decoded.chunk(call("'index':0,'id':'a'," + function("x", "{'a':1}")), "null"));
		assertThat(decoded.tokens).hasSize(before);
		decoded.stop("tool_calls");
		assertThat(decoded.all(Token.ToolCall.class)).containsExactly(new Token.ToolCall(0, "a", "x", whole));
	}

	@Test
	void missingArgumentsAreAnEmptyObject() {
		assertThat(calls(call("'index':0,'id':'a','function':{'name':'x'}"))).extracting(Token.ToolCall::arguments)
			.containsExactly("{}");
		assertThat(calls(call("'index':0,'id':'a'," + function("x", " ")))).extracting(Token.ToolCall::arguments)
			.containsExactly("{}");
	}

	@Test
	void argumentsMayBeAnObject() {
		assertThat(calls(call("'index':0,'id':'a','function':{'name':'x','arguments':{'city':'Oslo'}}")))
			.extracting(Token.ToolCall::arguments)
			.containsExactly("{\"city\":\"Oslo\"}");
	}

	@Test
	void argumentsThatWereCutAreHandedOnAsTheyAre() {
		Decoded decoded = Decoded.deltas(call("'index':0,'id':'a'," + function("x", "{"))).stop("length");
		assertThat(decoded.all(Token.ToolCall.class)).containsExactly(new Token.ToolCall(0, "a", "x", "{"));
		assertThat(decoded.decoder.finish().reason()).isEqualTo(FinishReason.LENGTH);
	}

	@Test
	void anOpenCallOfATruncatedAnswerIsNotFinished() {
		Decoded decoded = Decoded.deltas(call("'index':0,'id':'a'," + function("x", "{}"))).end();
		assertThat(decoded.all(Token.ToolCall.class)).isEmpty();
	}

	@Test
	void aCallWithoutIdGetsOneThatFragmentAndCallShare() {
		Decoded decoded = Decoded.deltas(call("'index':0," + function("x", "{}"))).stop("tool_calls");
		String id = decoded.all(Token.ToolCall.class).get(0).id();
		assertThat(id).hasSizeBetween(9, 40);
		assertThat(decoded.all(Token.ToolCallDelta.class).get(0).id()).isEqualTo(id);
		Decoded other = Decoded.deltas(call("'index':0," + function("x", "{}"))).stop("tool_calls");
		assertThat(other.all(Token.ToolCall.class).get(0).id()).isNotEqualTo(id);
	}

	@Test
	void theOldFormOfACallIsACall() {
		Decoded decoded = Decoded
			.deltas("{'function_call':{'name':'x','arguments':''}}", "{'function_call':{'arguments':'{}'}}")
			.stop("function_call");
		assertThat(decoded.all(Token.ToolCall.class)).extracting(Token.ToolCall::name, Token.ToolCall::arguments)
			.containsExactly(org.assertj.core.groups.Tuple.tuple("x", "{}"));
		assertThat(decoded.decoder.finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
	}

	@Test
	void stopAfterACallIsACall() {
		Decoded decoded = Decoded.deltas(call("'id':'a'," + function("x", "{}"))).stop("stop");
		assertThat(decoded.decoder.finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(decoded.decoder.finish().rawReason()).isEqualTo("stop");
	}

	@Test
	void aCallAndItsFinishReasonMayShareAChunk() {
		Decoded decoded = Decoded.of(Decoded.chunk(call("'id':'abcDEF123'," + function("x", "{}")), "'tool_calls'"));
		assertThat(decoded.all(Token.ToolCall.class)).hasSize(1);
	}

	@Test
	void nullCallsAreNoCalls() {
		Decoded decoded = Decoded
			.deltas("{'content':'a','tool_calls':null,'function_call':null}", "{'tool_calls':[]}",
					"{'tool_calls':[null]}")
			.stop("stop");
		assertThat(decoded.tokens).containsExactly(new Token.Text("a"));
		assertThat(decoded.decoder.finish().reason()).isEqualTo(FinishReason.STOP);
	}

	@Test
	void anOpenCallIsASilentPhaseUntilTextOrTheFinish() {
		Decoded decoded = Decoded.deltas(call("'index':0,'id':'a'," + function("x", "{}")));
		assertThat(decoded.silences).containsExactly(true);
		decoded.frame(Decoded.chunk("{'content':'so'}", "null"));
		assertThat(decoded.silences).containsExactly(true, false);
		decoded.frame(Decoded.chunk(call("'index':1,'id':'b'," + function("x", "{}")), "null")).stop("tool_calls");
		assertThat(decoded.silences).containsExactly(true, false, true, false);
	}

	@Test
	void theSignatureOfACallIsReplayState() {
		Decoded decoded = Decoded.as("gemini-openai")
			.frame(Decoded.chunk(
					call("'id':'a'," + function("x", "{}") + ",'extra_content':{'google':{'thought_signature':'s1'}}"),
					"null"))
			.stop("stop");
		assertThat(decoded.tokens).endsWith(new Token.ToolCall(0, "a", "x", "{}"),
				new Token.ReplayState("gemini-openai", "tool_call.extra_content",
						"{\"id\":\"a\",\"extra_content\":{\"google\":{\"thought_signature\":\"s1\"}}}"));
	}

	@Test
	void aSignatureMayFollowItsCall() {
		Decoded decoded = Decoded.as("gemini-openai")
			.frames(Decoded.chunk(call("'index':0,'id':'a'," + function("x", "{}")), "null"),
					Decoded.chunk(call("'index':0,'extra_content':{'google':{'thought_signature':'s1'}}"), "null"))
			.stop("stop");
		assertThat(decoded.all(Token.ToolCall.class)).hasSize(1);
		assertThat(decoded.all(Token.ReplayState.class)).hasSize(1);
	}

	@Test
	void aCallThatWasAnnouncedUnderAnotherIndexIsOne() {
		Decoded decoded = Decoded
			.deltas(call("'index':0,'id':'a'," + function("exec", "")),
					call("'index':1,'id':'a'," + function("exec", "{}")))
			.stop("tool_calls");
		assertThat(decoded.all(Token.ToolCall.class)).containsExactly(new Token.ToolCall(0, "a", "exec", "{}"));
	}

	@Test
	void callsThatAreAnnouncedWithTheNameAsIdAreAsManyAsTheirIndices() {
		Decoded decoded = Decoded
			.deltas(call("'index':0,'id':'search'," + function("search", "")),
					call("'index':1,'id':'search'," + function("search", "")),
					call("'index':0,'function':{'arguments':'{}'}"), call("'index':1,'function':{'arguments':'[]'}"))
			.stop("tool_calls");
		assertThat(decoded.all(Token.ToolCall.class)).extracting(Token.ToolCall::arguments).containsExactly("{}", "[]");
	}

	@Test
	void callsOfOneIdAndIndicesOfTheirOwnAreTwo() {
		Decoded decoded = Decoded
			.deltas(call("'index':0,'id':'a'," + function("exec", "{}")),
					call("'index':1,'id':'a'," + function("exec", "{}")))
			.stop("tool_calls");
		assertThat(decoded.all(Token.ToolCall.class)).hasSize(2);
	}

	@Test
	void whatIsNoObjectAfterWholeArgumentsIsLeftOut() {
		Decoded decoded = Decoded
			.deltas(call("'index':0,'id':'a'," + function("s", "{}")),
					call("'index':0,'id':'a'," + function("s", "'{}'")), call("'index':0,'function':{'arguments':'}'}"))
			.stop("tool_calls");
		assertThat(decoded.all(Token.ToolCall.class)).containsExactly(new Token.ToolCall(0, "a", "s", "{}"));
		assertThat(decoded.all(Token.ToolCallDelta.class)).hasSize(1);
	}

}
