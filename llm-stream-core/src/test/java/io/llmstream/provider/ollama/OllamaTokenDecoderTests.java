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

package io.llmstream.provider.ollama;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.provider.DecodedFrames;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.TokenDecoder.Phase;
import io.llmstream.wire.Framing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link OllamaTokenDecoder}.
 */
class OllamaTokenDecoderTests {

	private static final OllamaDialect DIALECT = new OllamaDialect();

	private static final String DONE = "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},"
			+ "\"done\":true,\"done_reason\":\"stop\",\"total_duration\":5,\"load_duration\":1,"
			+ "\"prompt_eval_count\":7,\"prompt_eval_duration\":2,\"eval_count\":3,\"eval_duration\":2}";

	@Test
	void emitsTextAndFinishes() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, line("\"content\":\" Hel\""));
		assertThat(answer.tokens()).containsExactly(new Token.Text(" Hel"));
		assertThat(answer.decoder().phase()).isEqualTo(Phase.STREAMING);
		assertThatIllegalStateException().isThrownBy(() -> answer.decoder().finish());
		answer.frames(line("\"content\":\"lo\""), DONE);
		assertThat(answer.text()).isEqualTo(" Hello");
		assertThat(answer.decoder().phase()).isEqualTo(Phase.DONE);
		assertThat(answer.decoder().finish())
			.isEqualTo(new Token.Finish(FinishReason.STOP, "stop", Usage.reported(7, 3), null, "m"));
	}

	@Test
	void emitsThinkingBeforeContent() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, line("\"content\":\"b\",\"thinking\":\"a\""));
		assertThat(answer.tokens()).containsExactly(new Token.Reasoning("a"), new Token.Text("b"));
	}

	@Test
	void keepsTheThinkingBeforeACallForTheNextRequest() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, line("\"content\":\"\",\"thinking\":\"I \\\"see\""),
				line("\"content\":\"\",\"thinking\":\"\\n\u00e9\""),
				line("\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{}}}]"));
		assertThat(answer.tokens(Token.ReplayState.class)).isEmpty();
		answer.frames(DONE);
		assertThat(answer.tokens(Token.ReplayState.class))
			.containsExactly(new Token.ReplayState("ollama", "thinking", "\"I \\\"see\\n\u00e9\""));
	}

	@Test
	void keepsNoThinkingOfAnAnswerWithoutCalls() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, line("\"content\":\"a\",\"thinking\":\"b\""), DONE);
		assertThat(answer.tokens(Token.ReplayState.class)).isEmpty();
	}

	@Test
	void emitsCallsOfAnyLine() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				line("\"content\":\"\",\"tool_calls\":[{\"id\":\"a\","
						+ "\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"x\": 1}}},"
						+ "{\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":2}\"}}]"),
				"{\"message\":{\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"g\"}}]},\"done\":true,"
						+ "\"done_reason\":\"stop\"}");
		assertThat(answer.tokens()).containsExactly(new Token.ToolCallDelta(0, "a", "f", "{\"x\": 1}"),
				new Token.ToolCall(0, "a", "f", "{\"x\": 1}"), new Token.ToolCallDelta(1, "b", "f", "{\"x\":2}"),
				new Token.ToolCall(1, "b", "f", "{\"x\":2}"), new Token.ToolCallDelta(2, "c", "g", "{}"),
				new Token.ToolCall(2, "c", "g", "{}"));
		assertThat(answer.decoder().finish().reason()).isEqualTo(FinishReason.TOOL_CALLS);
	}

	@Test
	void makesUpIdsThatDifferFromAnswerToAnswer() {
		String call = "\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{}}}]}";
		DecodedFrames first = DecodedFrames.of(DIALECT, "{\"created_at\":\"2030-01-01T00:00:00Z\"," + call + "}",
				"{\"created_at\":\"2030-01-01T00:00:01Z\"," + call + "}");
		DecodedFrames second = DecodedFrames.of(DIALECT, "{\"created_at\":\"2030-01-01T00:00:09Z\"," + call + "}");
		assertThat(first.tokens(Token.ToolCall.class)).extracting(Token.ToolCall::id)
			.doesNotHaveDuplicates()
			.allMatch((id) -> id.startsWith("ollama-call-"))
			.doesNotContain(second.tokens(Token.ToolCall.class).get(0).id());
	}

	@ParameterizedTest
	@CsvSource({ "stop,STOP", "length,LENGTH", "load,OTHER", "unload,OTHER", "new,OTHER" })
	void normalisesReasons(String raw, FinishReason expected) {
		Token.Finish finish = DecodedFrames.of(DIALECT, "{\"done\":true,\"done_reason\":\"" + raw + "\"}")
			.decoder()
			.finish();
		assertThat(finish.reason()).isEqualTo(expected);
		assertThat(finish.rawReason()).isEqualTo(raw);
		assertThat(finish.usage()).isEqualTo(Usage.NONE);
	}

	@Test
	void needsNoReason() {
		Token.Finish finish = DecodedFrames.of(DIALECT, "{\"done\":true,\"eval_count\":2}").decoder().finish();
		assertThat(finish.reason()).isEqualTo(FinishReason.STOP);
		assertThat(finish.rawReason()).isNull();
		assertThat(finish.usage()).isEqualTo(Usage.reported(0, 2));
	}

	@Test
	void isTruncatedWithoutTheLastLine() {
		assertThat(DecodedFrames.of(DIALECT, line("\"content\":\"a\"")).end().decoder().phase())
			.isEqualTo(Phase.STREAMING);
	}

	@Test
	void carriesWhatItDoesNotKnow() {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"{\"message\":{\"content\":\"a\",\"images\":[\"AA==\"]},\"logprobs\":[{}],\"done\":false}");
		assertThat(answer.tokens()).containsExactly(new Token.Text("a"), new Token.Other("images", "[\"AA==\"]"),
				new Token.Other("logprobs", "[{}]"));
	}

	@Test
	void findsErrorsInALine() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, line("\"content\":\"a\""));
		assertThatExceptionOfType(ProviderErrorException.class)
			.isThrownBy(() -> answer.frames("{\"error\":\"model runner has stopped\"}"))
			.satisfies((ex) -> assertThat(ex.error().message()).isEqualTo("model runner has stopped"));
		assertThat(answer.frames("{\"error\":null}").decoder().phase()).isEqualTo(Phase.STREAMING);
	}

	@Test
	void readsLinesHoweverTheyAreCut() {
		String body = line("\"content\":\"Gr\u00fc\u00df \"") + "\n\n" + line("\"content\":\"\uD83D\uDE00\"") + "\r\n"
				+ DONE;
		for (int step : new int[] { 1, 2, 3, 5, 50, 5000 }) {
			DecodedFrames answer = DecodedFrames.ofBody(DIALECT, Framing.NDJSON, body, step);
			assertThat(answer.text()).isEqualTo("Gr\u00fc\u00df \uD83D\uDE00");
			assertThat(answer.decoder().phase()).isEqualTo(Phase.DONE);
		}
	}

	private static String line(String members) {
		return "{\"model\":\"m\",\"created_at\":\"2030-01-01T00:00:00Z\",\"message\":{\"role\":\"assistant\"," + members
				+ "},\"done\":false}";
	}

}
