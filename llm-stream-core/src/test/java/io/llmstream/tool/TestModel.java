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

package io.llmstream.tool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.FinishReason;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.Usage;
import reactor.core.publisher.Flux;

/**
 * A model that gives the answers it was told to, and keeps what it was asked.
 */
final class TestModel implements StreamingModel {

	final List<StreamRequest> requests = Collections.synchronizedList(new ArrayList<>());

	final AtomicInteger cancels = new AtomicInteger();

	private final Deque<Flux<Token>> answers = new ArrayDeque<>();

	TestModel answers(Flux<Token> answer) {
		this.answers.add(answer);
		return this;
	}

	TestModel says(String text) {
		return answers(Flux.just(new Token.Text(text), finish(FinishReason.STOP)));
	}

	/**
	 * An answer that calls a tool for each of these arguments.
	 */
	TestModel calls(String tool, String... arguments) {
		List<Token> tokens = new ArrayList<>();
		for (int i = 0; i < arguments.length; i++) {
			tokens.add(call(i, tool, arguments[i]));
		}
		tokens.add(finish(FinishReason.TOOL_CALLS));
		return answers(Flux.fromIterable(tokens));
	}

	Token.ToolCall call(int index, String tool, String arguments) {
		return new Token.ToolCall(index, "call-" + this.answers.size() + "-" + index, tool, arguments);
	}

	@Override
	public Flux<Token> stream(StreamRequest request) {
		return Flux.defer(() -> {
			this.requests.add(request);
			return this.answers.remove();
		}).doOnCancel(this.cancels::incrementAndGet);
	}

	static Token.Finish finish(FinishReason reason) {
		return new Token.Finish(reason, null, Usage.reported(10, 5), null, "test");
	}

}
