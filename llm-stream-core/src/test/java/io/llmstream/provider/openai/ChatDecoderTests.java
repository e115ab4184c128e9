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

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.json.MalformedJsonException;
import io.llmstream.provider.TokenDecoder.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ChatDecoderTests {

	@Test
	void textIsEmittedPieceByPieceWithItsSpaces() {
		assertThat(Decoded.deltas("{'role':'assistant','content':''}", "{'content':' Hi'}", "{'content':'\\n'}").tokens)
			.containsExactly(new Token.Text(" Hi"), new Token.Text("\n"));
	}

	@Test
	void emptyDeltasAreNoProgress() {
		Decoded decoded = Decoded.deltas("{'role':'assistant','content':''}", "{'content':null,'reasoning_content':''}",
				"{}", "null");
		assertThat(decoded.tokens).isEmpty();
		assertThat(decoded.progress).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'reasoning_content':'Hm','content':null}", "{'reasoning':'Hm','content':''}",
			"{'reasoning':'Hm','reasoning_content':'Hm'}",
			"{'reasoning':'Hm','reasoning_details':[{'type':'reasoning.text','text':'Hm'}]}",
			"{'reasoning_details':[{'type':'reasoning.summary','summary':'Hm'}]}",
			"{'content':[{'type':'thinking','thinking':[{'type':'text','text':'H'},{'type':'text','text':'m'}]}]}" })
	void reasoningIsEmittedOnce(String delta) {
		assertThat(Decoded.as("openai").frame(Decoded.chunk(delta, "null")).tokens)
			.containsExactly(new Token.Reasoning("Hm"));
	}

	@Test
	void reasoningPrecedesTextOfTheSameDelta() {
		assertThat(Decoded.deltas("{'content':'b','reasoning':'a'}").tokens).containsExactly(new Token.Reasoning("a"),
				new Token.Text("b"));
	}

	@Test
	void refusalIsAStreamOfItsOwn() {
		Decoded decoded = Decoded.deltas("{'refusal':'I can'}", "{'refusal':'not'}").stop("stop");
		assertThat(decoded.tokens).containsExactly(new Token.Refusal("I can"), new Token.Refusal("not"));
		assertThat(decoded.decoder.finish().reason()).isEqualTo(FinishReason.STOP);
	}

	@Test
	void contentMayBeAListOfParts() {
		Decoded decoded = Decoded.deltas(
				"{'content':[{'text':'a','type':'text'},{'type':'reference','reference_ids':[3]},'b',{'type':'chart','x':1}]}");
		assertThat(decoded.tokens).containsExactly(new Token.Text("a"),
				new Token.Citation(null, null, null, "{\"type\":\"reference\",\"reference_ids\":[3]}"),
				new Token.Text("b"), new Token.Other("chart", "{\"type\":\"chart\",\"x\":1}"));
	}

	@Test
	void annotationsAreCitations() {
		Decoded decoded = Decoded.deltas(
				"{'annotations':[{'type':'url_citation','url_citation':{'url':'https://a.example','title':'A','content':'q','start_index':1}}]}");
		Token.Citation citation = decoded.all(Token.Citation.class).get(0);
		assertThat(citation.url()).isEqualTo("https://a.example");
		assertThat(citation.title()).isEqualTo("A");
		assertThat(citation.quote()).isEqualTo("q");
		assertThat(citation.json()).contains("\"start_index\":1");
	}

	@Test
	void sourcesThatComeWithEveryChunkAreCitedOnce() {
		String chunk = "{'citations':['https://a.example','https://b.example'],'choices':[{'index':0,'delta':{'content':'x'}}]}";
		assertThat(Decoded.of(chunk, chunk).all(Token.Citation.class)).extracting(Token.Citation::url)
			.containsExactly("https://a.example", "https://b.example");
	}

	@Test
	void searchResultsStandForTheAddressesBesideThem() {
		assertThat(Decoded
			.of("{'citations':['https://a.example'],'search_results':[{'title':'A','url':'https://a.example'}],'choices':[]}")
			.all(Token.Citation.class)).extracting(Token.Citation::title).containsExactly("A");
	}

	@Test
	void onlyChoiceZeroIsTheAnswerWhereverItsIndexStands() {
		Decoded decoded = Decoded.of(
				"{'choices':[{'delta':{'content':'no','tool_calls':[{'id':'a','function':{'name':'x','arguments':'{}'}}]},'finish_reason':'stop','index':1}]}",
				"{'choices':[{'delta':{'content':'yes'},'index':0}]}");
		assertThat(decoded.tokens).containsExactly(new Token.Text("yes"));
		assertThat(decoded.phase()).isEqualTo(Phase.STREAMING);
	}

	@Test
	void aWholeAnswerDecodesToo() {
		Decoded decoded = Decoded
			.of("{'id':'c1','object':'chat.completion','model':'m1','choices':[{'index':0,'message':{'role':'assistant','content':'Hi','tool_calls':[{'id':'a','type':'function','function':{'name':'x','arguments':'{}'}}]},'finish_reason':'tool_calls'}],'usage':{'prompt_tokens':1,'completion_tokens':2}}");
		assertThat(decoded.tokens).containsExactly(new Token.Text("Hi"), new Token.ToolCallDelta(0, "a", "x", "{}"),
				new Token.ToolCall(0, "a", "x", "{}"));
		assertThat(decoded.phase()).isEqualTo(Phase.SETTLED);
		assertThat(decoded.decoder.finish())
			.isEqualTo(new Token.Finish(FinishReason.TOOL_CALLS, "tool_calls", Usage.reported(1, 2), "c1", "m1"));
	}

	@Test
	void aMessageBesideADeltaOnlyRepeatsIt() {
		Decoded decoded = Decoded.of("{'choices':[{'index':0,'message':{'content':'a'},'delta':{'content':'a'}}]}",
				"{'choices':[{'index':0,'message':{'content':'ab'},'delta':{'content':'b'}}]}",
				"{'choices':[{'index':0,'message':{'content':'ab'},'finish_reason':'stop'}]}");
		assertThat(decoded.tokens).containsExactly(new Token.Text("a"), new Token.Text("b"));
	}

	@Test
	void chunksWithoutChoicesOrDeltaAreHarmless() {
		Decoded decoded = Decoded.of("{'id':'','model':'','choices':[]}",
				"{'object':'chat.completion.chunk','choices':null}",
				"{'choices':[{'index':0,'content_filter_offsets':{'start':1}}]}", "{}", "{'type':'ping'}");
		assertThat(decoded.tokens).isEmpty();
		assertThat(decoded.phase()).isEqualTo(Phase.STREAMING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "keep-alive", "[ping]", ": comment", "  ", "'ping'", "null" })
	void hiddenKeepAlivesAreDropped(String data) {
		assertThat(Decoded.of(data).tokens).isEmpty();
	}

	@Test
	void whatIsNotKnownIsCarried() {
		assertThat(Decoded.of("{'choices':[],'moderation':{'flagged':false}}", "{'type':'trace','x':1}").tokens)
			.containsExactly(new Token.Other("moderation", "{\"flagged\":false}"),
					new Token.Other("trace", "{\"type\":\"trace\",\"x\":1}"));
	}

	@Test
	void theFirstIdAndTheLastModelStay() {
		Decoded decoded = Decoded.of("{'id':'','model':'','choices':[]}", "{'id':'c1','model':'m1','choices':[]}",
				"{'id':'c2','model':'m2','choices':[]}", "{'id':'','model':'','choices':[]}");
		assertThat(decoded.decoder.responseId()).isEqualTo("c1");
		assertThat(decoded.decoder.model()).isEqualTo("m2");
	}

	@ParameterizedTest
	@CsvSource({ "stop,STOP", "eos,STOP", "length,LENGTH", "model_length,LENGTH", "tool_calls,TOOL_CALLS",
			"function_call,TOOL_CALLS", "content_filter,CONTENT_FILTER", "error,ERROR",
			"insufficient_system_resource,ERROR", "something_new,OTHER" })
	void finishReasonsAreTranslated(String raw, FinishReason reason) {
		Token.Finish finish = Decoded.deltas("{'content':'a'}").stop(raw).decoder.finish();
		assertThat(finish.reason()).isEqualTo(reason);
		assertThat(finish.rawReason()).isEqualTo(raw);
	}

	@Test
	void theLastFinishReasonThatIsNotEmptyWins() {
		Decoded decoded = Decoded.deltas("{'content':'a'}").stop("stop");
		decoded.frames(Decoded.chunk("{'content':''}", "null"), Decoded.chunk("{}", "''"));
		assertThat(decoded.decoder.finish().rawReason()).isEqualTo("stop");
		assertThat(decoded.stop("length").decoder.finish().rawReason()).isEqualTo("length");
	}

	@Test
	void phasesFollowFinishReasonUsageAndEndMark() {
		Decoded decoded = Decoded.deltas("{'content':'a'}");
		assertThat(decoded.phase()).isEqualTo(Phase.STREAMING);
		assertThatIllegalStateException().isThrownBy(decoded.decoder::finish);
		assertThat(decoded.stop("stop").phase()).isEqualTo(Phase.FINISHING);
		decoded.frame("{'choices':[],'usage':{'prompt_tokens':4,'completion_tokens':1,'total_tokens':5}}");
		assertThat(decoded.phase()).isEqualTo(Phase.SETTLED);
		assertThat(decoded.frame("[DONE]").phase()).isEqualTo(Phase.DONE);
		assertThat(decoded.decoder.finish())
			.isEqualTo(new Token.Finish(FinishReason.STOP, "stop", Usage.reported(4, 1), "c1", "m1"));
	}

	@Test
	void usageBeforeTheFinishReasonSettlesNothing() {
		Decoded decoded = Decoded
			.of("{'choices':[{'index':0,'delta':{'content':'a'}}],'usage':{'prompt_tokens':4,'completion_tokens':1}}");
		assertThat(decoded.phase()).isEqualTo(Phase.STREAMING);
		assertThat(decoded.stop("stop").phase()).isEqualTo(Phase.FINISHING);
	}

	@Test
	void anEndMarkAloneEndsAnAnswer() {
		Decoded decoded = Decoded.deltas("{'content':'a'}").frame("[DONE]");
		assertThat(decoded.phase()).isEqualTo(Phase.DONE);
		assertThat(decoded.decoder.finish().reason()).isEqualTo(FinishReason.OTHER);
		assertThat(decoded.decoder.finish().rawReason()).isNull();
	}

	@Test
	void anEndMarkWithoutAnyAnswerEndsNothing() {
		assertThat(Decoded.of("[DONE]").phase()).isEqualTo(Phase.STREAMING);
	}

	@Test
	void anEndMarkMayStandBehindADocument() {
		Decoded decoded = Decoded.deltas("{'content':'a'}")
			.frame(Decoded.chunk("{'content':'b'}", "'stop'") + "\n[DONE] ");
		assertThat(decoded.tokens).containsExactly(new Token.Text("a"), new Token.Text("b"));
		assertThat(decoded.phase()).isEqualTo(Phase.DONE);
	}

	@Test
	void inputThatEndsWithoutTerminalSignalIsNotComplete() {
		assertThat(Decoded.deltas("{'content':'a'}").end().phase()).isEqualTo(Phase.STREAMING);
	}

	@Test
	void nothingIsEmittedOfADocumentThatIsCut() {
		Decoded decoded = Decoded.deltas("{'content':'a'}");
		assertThatExceptionOfType(MalformedJsonException.class)
			.isThrownBy(() -> decoded.frame("{'choices':[{'index':0,'delta':{'content':'b'}"));
		assertThat(decoded.tokens).containsExactly(new Token.Text("a"));
	}

	@Test
	void severalDocumentsMayShareAFrame() {
		assertThat(Decoded
			.of(Decoded.chunk("{'content':'a'}", "null") + "\n" + Decoded.chunk("{'content':'b'}", "null")).tokens)
			.containsExactly(new Token.Text("a"), new Token.Text("b"));
	}

	@Test
	void probabilitiesAreCarried() {
		assertThat(Decoded.of("{'choices':[{'index':0,'delta':{},'logprobs':{'content':null,'refusal':null}}]}").tokens)
			.isEmpty();
		assertThat(Decoded.of("{'choices':[{'index':0,'delta':{},'logprobs':{'content':[{'token':'a'}]}}]}").tokens)
			.containsExactly(new Token.Other("logprobs", "{\"content\":[{\"token\":\"a\"}]}"));
	}

	@Test
	void whereTheFirstPieceHasAReasonToStopAllMayHaveOne() {
		String usage = "],'usage':{'prompt_tokens':3,'completion_tokens':1}}";
		Decoded decoded = Decoded.of(Decoded.chunk("{'content':'one '}", "'stop'").replace("]}", usage));
		assertThat(decoded.phase()).isEqualTo(Phase.FINISHING);
		decoded.frame(Decoded.chunk("{'content':'two'}", "'stop'").replace("]}", usage));
		assertThat(decoded.phase()).isEqualTo(Phase.OPEN_END);
		decoded.end();
		assertThat(decoded.tokens).containsExactly(new Token.Text("one "), new Token.Text("two"));
		assertThat(decoded.decoder.finish().reason()).isEqualTo(FinishReason.STOP);
	}

	@Test
	void aReasonToStopBeforeAnythingWasSaidIsNoEnd() {
		Decoded decoded = Decoded.of(Decoded.chunk("{'role':'assistant','content':''}", "'stop'"));
		assertThat(decoded.phase()).isEqualTo(Phase.OPEN_END);
		decoded.frame(Decoded.chunk("{'reasoning':'Hm'}", "'stop'")).frame("[DONE]");
		assertThat(decoded.tokens).containsExactly(new Token.Reasoning("Hm"));
		assertThat(decoded.phase()).isEqualTo(Phase.DONE);
	}

	@Test
	void anEmptyAnswerThatHasItsUsageIsComplete() {
		Decoded decoded = Decoded.of(Decoded.chunk("{'role':'assistant','content':''}", "'stop'")
			.replace("]}", "],'usage':{'prompt_tokens':3,'completion_tokens':0}}"));
		assertThat(decoded.phase()).isEqualTo(Phase.FINISHING);
	}

	@Test
	void aCallIsPutTogetherThoughItsFirstPieceHasAReasonToStop() {
		Decoded decoded = Decoded
			.of(Decoded.chunk("{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{\\'x\\''}}]}",
					"'stop'"), Decoded.chunk("{'tool_calls':[{'index':0,'function':{'arguments':':1}'}}]}", "'stop'"))
			.end();
		assertThat(decoded.all(Token.ToolCall.class)).containsExactly(new Token.ToolCall(0, "a", "f", "{\"x\":1}"));
	}

}
