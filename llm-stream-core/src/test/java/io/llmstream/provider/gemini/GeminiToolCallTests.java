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

import java.util.List;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.provider.DecodedFrames;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GeminiCalls}, through the decoder.
 */
class GeminiToolCallTests {

	private static final GeminiDialect DIALECT = GeminiDialect.vertex();

	private static final String STOP = "{\"candidates\":[{\"finishReason\":\"STOP\"}]}";

	@Test
	void emitsWholeCallsAtOnce() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, call("\"name\":\"f\",\"args\":{\"x\": \"é\"},\"id\":\"abc\""));
		assertThat(answer.tokens()).containsExactly(new Token.ToolCallDelta(0, "abc", "f", "{\"x\": \"é\"}"),
				new Token.ToolCall(0, "abc", "f", "{\"x\": \"é\"}"));
		assertThat(answer.frames(STOP).decoder().finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(answer.silence()).isEmpty();
	}

	@Test
	void givesParallelCallsOfOneNameTheirOwnIds() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":1}}},"
						+ "{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":2}}}]}}]}",
				call("\"name\":\"f\",\"args\":{\"x\":1}"));
		assertThat(answer.tokens(Token.ToolCall.class)).containsExactly(
				new Token.ToolCall(0, "gemini-call-0", "f", "{\"x\":1}"),
				new Token.ToolCall(1, "gemini-call-1", "f", "{\"x\":2}"),
				new Token.ToolCall(2, "gemini-call-2", "f", "{\"x\":1}"));
	}

	@Test
	void takesTheIdOfTheResponseIntoIdsItMakesUp() {
		String first = "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\","
				+ "\"args\":{\"x\":1}}}]}}],\"responseId\" : \"resp-1\"}";
		DecodedFrames answer = DecodedFrames.of(DIALECT, first, call("\"name\":\"g\",\"args\":{\"y\":1}"));
		assertThat(answer.tokens(Token.ToolCall.class)).extracting(Token.ToolCall::id)
			.containsExactly("gemini-call-resp-1-0", "gemini-call-resp-1-1");
		String longId = first.replace("resp-1", "0123456789012345678901234567890123456789");
		assertThat(DecodedFrames.of(DIALECT, longId).tokens(Token.ToolCall.class).get(0).id()).hasSizeLessThan(40);
	}

	@Test
	void aCallWithoutArgumentsIsCompleteWhenSomethingElseComes() {
		for (String next : List.of(STOP, text("then"), call("\"name\":\"g\",\"args\":{\"x\":1}"))) {
			DecodedFrames answer = DecodedFrames.of(DIALECT, call("\"name\":\"f\",\"args\":{ }"));
			assertThat(answer.tokens()).containsExactly(new Token.ToolCallDelta(0, "gemini-call-0", "f", ""));
			answer.frames(next);
			assertThat(answer.tokens().subList(1, 3)).containsExactly(new Token.ToolCallDelta(0, null, null, "{}"),
					new Token.ToolCall(0, "gemini-call-0", "f", "{}"));
		}
	}

	@Test
	void takesArgumentsThatFollowTheName() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, call("\"name\":\"ls\",\"args\":{}"),
				call("\"args\":{\"path\":\"/\"}"), STOP);
		assertThat(answer.tokens(Token.ToolCall.class))
			.containsExactly(new Token.ToolCall(0, "gemini-call-0", "ls", "{\"path\":\"/\"}"));
		assertThat(answer.fragments(0)).isEqualTo("{\"path\":\"/\"}");
	}

	@Test
	void argumentsOfNoCallAreCarried() {
		assertThat(DecodedFrames.of(DIALECT, call("\"args\":{\"x\":1}")).tokens())
			.containsExactly(new Token.Other("functionCall", "{\"args\":{\"x\":1}}"));
		DecodedFrames closing = DecodedFrames.of(DIALECT, call(""));
		assertThat(closing.tokens()).isEmpty();
		assertThat(closing.progressReports()).isOne();
	}

	@Test
	void streamsArgumentsAsTheyAreWritten() {
		DecodedFrames answer = new DecodedFrames(DIALECT);
		answer.frames(call("\"name\":\"f\",\"willContinue\":true"));
		assertThat(answer.silence()).containsExactly(true);
		answer.frames(piece("$.city", "\"stringValue\":\"Bos\",\"willContinue\":true"));
		assertThat(answer.fragments(0)).isEqualTo("{\"city\":\"Bos");
		answer.frames(piece("$.city", "\"stringValue\":\"ton\",\"willContinue\":true"),
				piece("$.city", "\"stringValue\":\"\""), piece("$.when[0].day", "\"numberValue\":2.5"),
				piece("$.when[0].sure", "\"boolValue\":true"), piece("$.when[1]", "\"nullValue\":\"NULL_VALUE\""));
		assertThat(answer.tokens(Token.ToolCall.class)).isEmpty();
		answer.frames(call(""));
		assertThat(answer.silence()).containsExactly(true, false);
		String expected = "{\"city\":\"Boston\",\"when\":[{\"day\":2.5,\"sure\":true},null]}";
		assertThat(answer.tokens(Token.ToolCall.class))
			.containsExactly(new Token.ToolCall(0, "gemini-call-0", "f", expected));
		assertThat(answer.fragments(0)).isEqualTo(expected);
		assertThat(answer.progressReports()).isEqualTo(7);
	}

	@Test
	void aNextNameOrTheEndClosesACallWhoseClosingPieceIsMissing() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, call("\"name\":\"f\",\"willContinue\":true"),
				piece("$.a", "\"stringValue\":\"1\",\"willContinue\":true"),
				call("\"name\":\"f\",\"willContinue\":true"),
				piece("$.a", "\"stringValue\":\"2\",\"willContinue\":true"), text(""), STOP);
		assertThat(answer.tokens(Token.ToolCall.class)).containsExactly(
				new Token.ToolCall(0, "gemini-call-0", "f", "{\"a\":\"1\"}"),
				new Token.ToolCall(1, "gemini-call-1", "f", "{\"a\":\"2\"}"));
		assertThat(answer.fragments(1)).isEqualTo("{\"a\":\"2\"}");
		assertThat(answer.silence()).endsWith(false);
	}

	@Test
	void aPieceThatAnnouncesNoOtherClosesTheCall() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, call("\"name\":\"f\",\"willContinue\":true"),
				call("\"partialArgs\":[{\"jsonPath\":\"$.a\",\"numberValue\":1},"
						+ "{\"jsonPath\":\"$.b\",\"numberValue\":2}]"));
		assertThat(answer.tokens(Token.ToolCall.class))
			.containsExactly(new Token.ToolCall(0, "gemini-call-0", "f", "{\"a\":1,\"b\":2}"));
	}

	@Test
	void aCallThatIsCutByTheLengthLimitStaysInvalid() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, call("\"name\":\"rm\",\"willContinue\":true"),
				piece("$.path", "\"stringValue\":\"/tmp\",\"willContinue\":true"),
				"{\"candidates\":[{\"finishReason\":\"MAX_TOKENS\"}]}");
		assertThat(answer.tokens(Token.ToolCall.class))
			.containsExactly(new Token.ToolCall(0, "gemini-call-0", "rm", "{\"path\":\"/tmp"));
		assertThat(answer.decoder().finish().reason()).isEqualTo(FinishReason.LENGTH);
	}

	@Test
	void aCallThatIsCutBeforeItsArgumentsHasNone() {
		for (String reason : List.of("MAX_TOKENS", "SAFETY")) {
			DecodedFrames answer = DecodedFrames.of(DIALECT, call("\"name\":\"rm\",\"willContinue\":true"),
					"{\"candidates\":[{\"finishReason\":\"" + reason + "\"}]}");
			assertThat(answer.tokens(Token.ToolCall.class))
				.containsExactly(new Token.ToolCall(0, "gemini-call-0", "rm", ""));
		}
	}

	@Test
	void anOpenCallOfATruncatedAnswerIsNeverFinished() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, call("\"name\":\"f\",\"args\":{}")).end();
		assertThat(answer.tokens(Token.ToolCall.class)).isEmpty();
	}

	@Test
	void keepsTheSignatureWithItsCall() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":1},"
						+ "\"id\":\"a\"},\"thoughtSignature\":\"sig\"},"
						+ "{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":2},\"id\":\"b\"}}]}}]}");
		assertThat(answer.tokens(Token.ReplayState.class)).containsExactly(
				new Token.ReplayState("gemini", "thoughtSignature", "{\"signature\":\"sig\",\"call\":\"a\"}"));
	}

	private static String piece(String path, String value) {
		return call("\"partialArgs\":[{\"jsonPath\":\"" + path + "\"," + value + "}],\"willContinue\":true");
	}

	private static String call(String members) {
		return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"functionCall\":{" + members + "}}]}}]}";
	}

	private static String text(String text) {
		return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text + "\"}]}}]}";
	}

}
