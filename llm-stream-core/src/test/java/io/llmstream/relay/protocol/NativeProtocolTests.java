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

package io.llmstream.relay.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.relay.RelayBatch;
import io.llmstream.relay.RelayError;
import io.llmstream.relay.RunEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NativeProtocolTests {

	private final EventEncoder encoder = new NativeProtocol().newEncoder();

	private String encode(boolean opening, RunEvent... events) {
		byte[] bytes = this.encoder.encode(new RelayBatch(opening, List.of(events)), new WireBuffer());
		return new String(bytes, StandardCharsets.UTF_8);
	}

	@Test
	void firstWriteBeginsWithTheRetryAndAComment() {
		assertThat(encode(true, new RunEvent.Started(1, "run")))
			.isEqualTo("retry: 1000\n: ok\n\nid: 1\nevent: start\ndata: {\"runId\":\"run\"}\n\n");
		assertThat(encode(true)).isEqualTo("retry: 1000\n: ok\n\n");
	}

	@Test
	void batchWithoutEventsIsAHeartbeat() {
		assertThat(encode(false)).isEqualTo(": hb\n\n");
	}

	@Test
	void deltasNameTheirKind() {
		assertThat(encode(false, new RunEvent.Delta(2, RunEvent.Kind.TEXT, " a", 0, null, null),
				new RunEvent.Delta(7, RunEvent.Kind.REASONING, "b", 0, null, null),
				new RunEvent.Delta(8, RunEvent.Kind.TOOL_ARGS, "{", 1, "c1", "t"),
				new RunEvent.Delta(9, RunEvent.Kind.TOOL_ARGS, "}", 1, null, null)))
			.isEqualTo("id: 2\nevent: delta\ndata: {\"kind\":\"text\",\"text\":\" a\"}\n\n"
					+ "id: 7\nevent: delta\ndata: {\"kind\":\"reasoning\",\"text\":\"b\"}\n\n"
					+ "id: 8\nevent: delta\ndata: {\"kind\":\"tool_args\",\"text\":\"{\",\"index\":1,\"id\":\"c1\","
					+ "\"name\":\"t\"}\n\n"
					+ "id: 9\nevent: delta\ndata: {\"kind\":\"tool_args\",\"text\":\"}\",\"index\":1}\n\n");
	}

	@Test
	void piecesOfAnObjectAreText() {
		assertThat(encode(false, new RunEvent.Delta(3, RunEvent.Kind.OBJECT, "{\"a\":\"b", 0, null, null)))
			.isEqualTo("id: 3\nevent: delta\ndata: {\"kind\":\"object\",\"text\":\"{\\\"a\\\":\\\"b\"}\n\n");
	}

	@Test
	void wholeTokensLeaveOutWhatIsNotKnownAndTheProvidersJson() {
		assertThat(encode(false, new RunEvent.Whole(3, new Token.ToolCall(0, "c", "t", "{\"a\":1}"))))
			.contains("event: tool_call\ndata: {\"index\":0,\"id\":\"c\",\"name\":\"t\","
					+ "\"arguments\":\"{\\\"a\\\":1}\"}\n\n");
		assertThat(encode(false, new RunEvent.Whole(4, new Token.ToolResult("c", "t", "x", true))))
			.contains("event: tool_result\ndata: {\"id\":\"c\",\"name\":\"t\",\"content\":\"x\",\"error\":true}\n\n");
		assertThat(encode(false, new RunEvent.Whole(5, new Token.Citation(null, null, null, "{\"file\":\"secret\"}"))))
			.contains("event: citation\ndata: {}\n\n");
		assertThat(encode(false, new RunEvent.Whole(5, new Token.Citation(null, "t", "q", "{}"))))
			.contains("event: citation\ndata: {\"title\":\"t\",\"quote\":\"q\"}\n\n");
		assertThat(encode(false, new RunEvent.Whole(6, new Token.Reset("why"))))
			.contains("event: reset\ndata: {\"reason\":\"why\"}\n\n");
		assertThat(encode(false, new RunEvent.Whole(7, new Token.StepStart(2))))
			.isEqualTo("id: 7\nevent: step\ndata: {\"step\":2}\n\n");
	}

	@Test
	void usageThatIsNotKnownIsNotTold() {
		Token.Finish finish = new Token.Finish(FinishReason.TOOL_CALLS, null, Usage.NONE, null, null);
		assertThat(encode(false, new RunEvent.Done(9, finish)))
			.isEqualTo("id: 9\nevent: done\ndata: {\"finishReason\":\"tool-calls\"}\n\n");
		assertThat(encode(false, new RunEvent.Done(9, null)))
			.isEqualTo("id: 9\nevent: done\ndata: {\"finishReason\":\"other\"}\n\n");
	}

	@Test
	void failureIsNotCalledError() {
		assertThat(encode(false, new RunEvent.Failed(9, new RelayError("c", "m", true), true)))
			.isEqualTo("id: 9\nevent: run-error\ndata: {\"code\":\"c\",\"message\":\"m\",\"retryable\":true,"
					+ "\"partial\":true}\n\n");
	}

}
