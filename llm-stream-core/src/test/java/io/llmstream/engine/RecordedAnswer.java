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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import io.llmstream.LlmStreamException;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import io.llmstream.provider.ProviderDialect;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/**
 * What the engine makes of a body that is delivered in given pieces.
 */
final class RecordedAnswer {

	final StringBuilder text = new StringBuilder();

	final StringBuilder reasoning = new StringBuilder();

	final StringBuilder refusal = new StringBuilder();

	final List<Token.ToolCall> calls = new ArrayList<>();

	final Map<Integer, StringBuilder> fragments = new TreeMap<>();

	Token.@Nullable Finish finish;

	@Nullable LlmStreamException error;

	private RecordedAnswer() {
	}

	static RecordedAnswer of(ProviderDialect dialect, byte[] body, int... cuts) {
		HttpExchange exchange = new HttpExchange() {

			@Override
			public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
				return Flux.from(handler.apply(new HttpAnswer(200, Map.of(), Flux.fromIterable(pieces(body, cuts)))));
			}

		};
		ProviderSettings settings = ProviderSettings.builder("test", dialect)
			.baseUrl("http://127.0.0.1")
			.defaultModel("test-model")
			.timeouts(new StreamTimeouts(null, null, null, null))
			.build();
		RecordedAnswer answer = new RecordedAnswer();
		new ProviderStreamingModel(settings, exchange).stream(StreamRequest.of("hello"))
			.subscribe(answer::add, (ex) -> answer.error = (LlmStreamException) ex);
		return answer;
	}

	private static List<DataBuffer> pieces(byte[] body, int[] cuts) {
		List<DataBuffer> pieces = new ArrayList<>();
		int from = 0;
		for (int cut : cuts) {
			pieces.add(piece(body, from, cut));
			from = cut;
		}
		pieces.add(piece(body, from, body.length));
		return pieces;
	}

	private static DataBuffer piece(byte[] body, int from, int to) {
		byte[] bytes = new byte[to - from];
		System.arraycopy(body, from, bytes, 0, bytes.length);
		return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
	}

	private void add(Token token) {
		if (this.finish != null) {
			throw new IllegalStateException("a token after Finish");
		}
		if (token instanceof Token.Text piece) {
			this.text.append(piece.text());
		}
		else if (token instanceof Token.Reasoning piece) {
			this.reasoning.append(piece.text());
		}
		else if (token instanceof Token.Refusal piece) {
			this.refusal.append(piece.text());
		}
		else if (token instanceof Token.ToolCallDelta delta) {
			this.fragments.computeIfAbsent(delta.index(), (index) -> new StringBuilder()).append(delta.arguments());
		}
		else if (token instanceof Token.ToolCall call) {
			this.calls.add(call);
		}
		else if (token instanceof Token.Finish end) {
			this.finish = end;
		}
	}

	/**
	 * Everything that may not depend on how the body was cut.
	 */
	String summary() {
		return parts().replaceAll("id=call_[0-9a-f]{32}", "id=made up");
	}

	private String parts() {
		return this.text + "|" + this.reasoning + "|" + this.refusal + "|" + this.calls + "|" + this.fragments + "|"
				+ ((this.finish != null) ? this.finish.withAttempts(List.of()) : null) + "|"
				+ ((this.error != null) ? this.error.getKind() + this.error.getMessage() + this.error.getPartialText()
						+ this.error.getUsage() : "");
	}

}
