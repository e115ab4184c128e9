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
import io.llmstream.Usage;
import io.llmstream.json.MalformedJsonException;
import io.llmstream.provider.DecodedFrames;
import io.llmstream.provider.TokenDecoder.Phase;
import io.llmstream.wire.Framing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link GeminiTokenDecoder}: text, parts, usage, ends and framings.
 */
class GeminiTokenDecoderTests {

	private static final GeminiDialect DIALECT = GeminiDialect.gemini();

	private static final String USAGE = "\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":3,"
			+ "\"totalTokenCount\":10}";

	@Test
	void emitsTextAsItComes() {
		DecodedFrames answer = new DecodedFrames(DIALECT).frames(parts("{\"text\":\" Hel\"}"));
		assertThat(answer.tokens()).containsExactly(new Token.Text(" Hel"));
		answer.frames(parts("{\"text\":\"lo\\n\"},{\"text\":\"!\"}"));
		assertThat(answer.text()).isEqualTo(" Hello\n!");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.STREAMING);
	}

	@Test
	void tellsThoughtsFromTextWhereverTheFlagStands() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				parts("{\"text\":\"hm\",\"thought\":true},{\"thought\":true,\"text\":\"ah\"},"
						+ "{\"text\":\"so\",\"thought\":false}"));
		assertThat(answer.tokens()).containsExactly(new Token.Reasoning("hm"), new Token.Reasoning("ah"),
				new Token.Text("so"));
	}

	@Test
	void emptyTextIsNeitherATokenNorProgress() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, parts("{\"text\":\"\"}"), parts(""),
				"{\"candidates\":[{\"content\":{\"role\":\"model\"}}]}", "{\"candidates\":[{}]}", "{\"candidates\":[]}",
				"{}");
		assertThat(answer.tokens()).isEmpty();
		assertThat(answer.progressReports()).isZero();
	}

	@Test
	void keepsSignaturesWithThePartTheyCameWith() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				parts("{\"text\":\"abc\"},{\"text\":\"de\",\"thoughtSignature\":\"s1\"}"),
				parts("{\"text\":\"\",\"thoughtSignature\":\"s2\"}"),
				parts("{\"text\":\"t\",\"thought\":true,\"thoughtSignature\":\"s3\"}"),
				parts("{\"thoughtSignature\":\"s4\"}"), parts("{\"text\":\"x\",\"thoughtSignature\":\"\"}"));
		assertThat(answer.tokens()).containsExactly(new Token.Text("abc"), new Token.Text("de"),
				replay("{\"signature\":\"s1\",\"text\":2}"), replay("{\"signature\":\"s2\",\"text\":0}"),
				new Token.Reasoning("t"), replay("{\"signature\":\"s3\",\"thought\":true}"),
				replay("{\"signature\":\"s4\",\"text\":0}"), new Token.Text("x"));
	}

	@Test
	void carriesPartsOfServerToolsAndSaysThatTheServerMayBeSilent() {
		String code = "{\"language\":\"PYTHON\",\"code\":\"print(1)\"}";
		String result = "{\"outcome\":\"OUTCOME_OK\",\"output\":\"1\"}";
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				parts("{\"executableCode\":" + code + ",\"thoughtSignature\":\"sig\"}"));
		assertThat(answer.silence()).containsExactly(true);
		answer.frames(parts("{\"codeExecutionResult\":" + result + "}"), parts("{\"text\":\"one\"}"));
		assertThat(answer.silence()).containsExactly(true, false);
		assertThat(answer.tokens()).containsExactly(new Token.Other("executableCode", code),
				new Token.ReplayState("gemini", "part",
						"{\"executableCode\":" + code + ",\"thoughtSignature\":\"sig\"}"),
				new Token.Other("codeExecutionResult", result),
				new Token.ReplayState("gemini", "part", "{\"codeExecutionResult\":" + result + "}"),
				new Token.Text("one"));
	}

	@Test
	void carriesWhatItDoesNotKnow() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				parts("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}},{\"newPart\":1}"),
				"{\"candidates\":[{\"urlContextMetadata\":{\"a\":[]},\"safetyRatings\":[{}],\"index\":0}],"
						+ "\"modelStatus\":{\"x\":1},\"createTime\":\"t\"}",
				"5");
		assertThat(answer.tokens()).containsExactly(
				new Token.Other("inlineData", "{\"mimeType\":\"image/png\",\"data\":\"AA==\"}"),
				new Token.Other("newPart", "1"), new Token.Other("urlContextMetadata", "{\"a\":[]}"),
				new Token.Other("modelStatus", "{\"x\":1}"), new Token.Other("document", "5"));
	}

	@Test
	void readsCitationsInBothSpellingsOnce() {
		String first = "{\"startIndex\":1,\"endIndex\":5,\"uri\":\"https://a.example/\"}";
		String second = "{\"endIndex\":9,\"uri\":\"\",\"title\":\"B\"}";
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				candidate("\"citationMetadata\":{\"citationSources\":[" + first + "]}"),
				candidate("\"citationMetadata\":{\"citations\":[" + first + "," + second + "]}"));
		assertThat(answer.tokens()).containsExactly(new Token.Citation("https://a.example/", null, null, first),
				new Token.Citation(null, "B", null, second));
	}

	@Test
	void readsTheSourcesOfGroundingAndCarriesTheRest() {
		String web = "{\"web\":{\"uri\":\"https://w.example/\",\"title\":\"W\"}}";
		String file = "{\"retrievedContext\":{\"title\":\"F\",\"text\":\"passage\"}}";
		String grounding = "{\"groundingChunks\":[" + web + "," + file + "],\"webSearchQueries\":[\"q\"]}";
		DecodedFrames answer = DecodedFrames.of(DIALECT, candidate("\"groundingMetadata\":" + grounding),
				candidate("\"groundingMetadata\":" + grounding), candidate("\"groundingMetadata\":{}"));
		assertThat(answer.tokens()).containsExactly(new Token.Citation("https://w.example/", "W", null, web),
				new Token.Citation(null, "F", "passage", file), new Token.Other("groundingMetadata", grounding));
	}

	@Test
	void takesTheLastValueOfEachUsageField() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"{\"usageMetadata\":{\"promptTokenCount\":100,\"cachedContentTokenCount\":80,"
						+ "\"thoughtsTokenCount\":20,\"totalTokenCount\":120}}",
				"{\"usageMetadata\":{\"candidatesTokenCount\":5}}",
				"{\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"}}");
		assertThat(answer.decoder().usage()).isEqualTo(new Usage(100, 25, 80, 0, 20, Usage.Source.REPORTED));
	}

	@Test
	void knowsNoUsageWhereOnlyTheTrafficTypeIsGiven() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, "{\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"}}");
		assertThat(answer.decoder().usage()).isEqualTo(Usage.NONE);
	}

	@Test
	void finishesWithReasonUsageIdAndModel() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, parts("{\"text\":\"a\"}"));
		assertThatIllegalStateException().isThrownBy(() -> answer.decoder().finish());
		answer.frames("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"STOP\"}],"
				+ USAGE + ",\"modelVersion\":\"gemini-x\",\"responseId\":\"r1\"}");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.SETTLED);
		answer.end();
		assertThat(answer.decoder().phase()).isEqualTo(Phase.DONE);
		assertThat(answer.decoder().finish())
			.isEqualTo(new Token.Finish(FinishReason.STOP, "STOP", Usage.reported(7, 3), "r1", "gemini-x"));
	}

	@Test
	void waitsForUsageThatFollowsTheFinishReason() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, parts("{\"text\":\"a\"}"),
				candidate("\"finishReason\":\"STOP\""));
		assertThat(answer.decoder().phase()).isEqualTo(Phase.FINISHING);
		answer.frames("{" + USAGE + "}");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.SETTLED);
		assertThat(answer.decoder().finish().usage()).isEqualTo(Usage.reported(7, 3));
	}

	@Test
	void goesOnWhereEveryChunkHasAFinishReason() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]," + USAGE
						+ "}");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.FINISHING);
		answer
			.frames("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"STOP\"}]}",
					"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"c\"}]},\"finishReason\":\"MAX_TOKENS\"}]}",
					"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"d\"}]},\"finishReason\":\"\"}]}")
			.end();
		assertThat(answer.text()).isEqualTo("abcd");
		assertThat(answer.decoder().finish().rawReason()).isEqualTo("MAX_TOKENS");
	}

	@Test
	void isOpenToTheEndOfTheInputOnceContentFollowedAFinishReason() {
		String stop = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}";
		DecodedFrames answer = DecodedFrames.of(DIALECT, stop, stop);
		assertThat(answer.decoder().phase()).isEqualTo(Phase.OPEN_END);
		answer.frames("{" + USAGE + "}");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.OPEN_END);
		answer.end();
		assertThat(answer.decoder().phase()).isEqualTo(Phase.DONE);
		assertThat(answer.text()).isEqualTo("aa");
	}

	@Test
	void anAnswerInOneChunkIsComplete() {
		String stop = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}";
		DecodedFrames answer = DecodedFrames.of(DIALECT, stop, candidate("\"finishReason\":\"STOP\""),
				"{" + USAGE + "}");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.FINISHING);
	}

	@Test
	void isTruncatedWithoutAFinishReason() {
		DecodedFrames answer = DecodedFrames
			.of(DIALECT, parts("{\"text\":\"a\"}"), candidate("\"finishReason\":\"FINISH_REASON_UNSPECIFIED\""),
					candidate("\"finishReason\":null"), "{" + USAGE + "}", "[DONE]")
			.end();
		assertThat(answer.decoder().phase()).isEqualTo(Phase.STREAMING);
	}

	@ParameterizedTest
	@CsvSource({ "STOP,STOP", "MAX_TOKENS,LENGTH", "SAFETY,CONTENT_FILTER", "RECITATION,CONTENT_FILTER",
			"BLOCKLIST,CONTENT_FILTER", "PROHIBITED_CONTENT,CONTENT_FILTER", "SPII,CONTENT_FILTER",
			"IMAGE_SAFETY,CONTENT_FILTER", "MALFORMED_FUNCTION_CALL,ERROR", "UNEXPECTED_TOOL_CALL,ERROR",
			"TOO_MANY_TOOL_CALLS,ERROR", "LANGUAGE,OTHER", "OTHER,OTHER", "NO_IMAGE,OTHER", "NOT_INVENTED_YET,OTHER" })
	void normalisesFinishReasons(String raw, FinishReason expected) {
		Token.Finish finish = DecodedFrames.of(DIALECT, candidate("\"finishReason\":\"" + raw + "\""))
			.end()
			.decoder()
			.finish();
		assertThat(finish.reason()).isEqualTo(expected);
		assertThat(finish.rawReason()).isEqualTo(raw);
	}

	@ParameterizedTest
	@CsvSource({ "1,STOP,STOP", "2,LENGTH,LENGTH", "3,CONTENT_FILTER,CONTENT_FILTER", "5,OTHER,OTHER",
			"6,OTHER,CONTENT_FILTER", "9,CONTENT_FILTER,ERROR", "10,ERROR,CONTENT_FILTER", "77,OTHER,OTHER",
			"777,OTHER,OTHER" })
	void readsFinishReasonsThatAreNumbersAsTheServiceCounts(String raw, FinishReason gemini, FinishReason vertex) {
		String frame = candidate("\"finishReason\":" + raw);
		Token.Finish finish = DecodedFrames.of(DIALECT, frame).decoder().finish();
		assertThat(finish.reason()).isEqualTo(gemini);
		assertThat(finish.rawReason()).isEqualTo(raw);
		assertThat(DecodedFrames.of(GeminiDialect.vertex(), frame).decoder().finish().reason()).isEqualTo(vertex);
	}

	@Test
	void aBlockedPromptIsAnAnswerThatWasFiltered() {
		String feedback = "{\"blockReason\":\"SAFETY\",\"blockReasonMessage\":\"because\"}";
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"{\"promptFeedback\":" + feedback + ",\"usageMetadata\":{\"promptTokenCount\":4}}");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.SETTLED);
		assertThat(answer.tokens()).containsExactly(new Token.Other("promptFeedback", feedback));
		assertThat(answer.end().decoder().finish())
			.isEqualTo(new Token.Finish(FinishReason.CONTENT_FILTER, null, Usage.reported(4, 0), null, null));
	}

	@Test
	void feedbackThatBlocksNothingIsNoEnd() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, "{\"promptFeedback\":{\"safetyRatings\":[]}}",
				"{\"promptFeedback\":{\"blockReason\":\"BLOCK_REASON_UNSPECIFIED\"}}");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.STREAMING);
		assertThat(answer.tokens()).isEmpty();
	}

	@Test
	void readsTheFirstCandidateOnly() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"0\"}]}},"
						+ "{\"content\":{\"parts\":[{\"text\":\"1\"}]},\"finishReason\":\"STOP\",\"index\":1}]}");
		assertThat(answer.tokens()).containsExactly(new Token.Text("0"));
		assertThat(answer.decoder().phase()).isEqualTo(Phase.STREAMING);
	}

	@Test
	void whatIsNoJsonIsMalformed() {
		assertThatExceptionOfType(MalformedJsonException.class)
			.isThrownBy(() -> DecodedFrames.of(DIALECT, "{\"candidates\":[{\"content\":{\"parts\":[{\"te"));
	}

	@Test
	void readsEventsAndArraysHoweverTheyAreCut() {
		String first = parts("{\"text\":\"Gr\u00fc\u00df\"},{\"text\":\" \uD83D\uDE00\"}");
		String second = parts("{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":[1]}}}");
		String third = "{\"candidates\":[{\"finishReason\":\"STOP\"}]," + USAGE + "}";
		String events = "data: " + first + "\r\n\r\ndata: " + second + "\r\n\r\ndata: " + third + "\r\n\r\n";
		String array = "[" + first + "\r\n,\r\n" + second + "\r\n,\r\n" + third + "\r\n]\r\n";
		List<Token> expected = DecodedFrames.of(DIALECT, first, second, third).end().tokens();
		assertThat(expected).hasSize(4);
		for (String body : List.of(events, array)) {
			for (int step : new int[] { 1, 2, 3, 7, 64, body.length() * 2 }) {
				DecodedFrames answer = DecodedFrames.ofBody(DIALECT, Framing.SSE, body, step);
				assertThat(answer.tokens()).isEqualTo(expected);
				assertThat(answer.decoder().finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
			}
		}
	}

	@Test
	void readsAWholeArrayInOneFrame() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"[" + parts("{\"text\":\"a\"}") + "," + candidate("\"finishReason\":\"STOP\"") + "]");
		assertThat(answer.text()).isEqualTo("a");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.FINISHING);
	}

	@Test
	void takesAnEndMarkThatAGatewayAdds() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, candidate("\"finishReason\":\"STOP\""), "[DONE]");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.DONE);
	}

	private static Token replay(String json) {
		return new Token.ReplayState("gemini", "thoughtSignature", json);
	}

	private static String parts(String parts) {
		return candidate("\"content\":{\"role\":\"model\",\"parts\":[" + parts + "]}");
	}

	private static String candidate(String members) {
		return "{\"candidates\":[{" + members + "}]}";
	}

}
