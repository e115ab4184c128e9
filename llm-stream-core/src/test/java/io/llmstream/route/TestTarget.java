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

package io.llmstream.route;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.Message;
import io.llmstream.StreamFailure;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.Usage;
import reactor.core.publisher.Flux;

/**
 * A target that gives the answers it was told to, and keeps what it was asked.
 */
final class TestTarget implements StreamingModel {

	final String name;

	final List<StreamRequest> requests = new ArrayList<>();

	final AtomicInteger cancels = new AtomicInteger();

	private final Deque<Flux<Token>> answers = new ArrayDeque<>();

	TestTarget(String name) {
		this.name = name;
	}

	TestTarget answers(Flux<Token> answer) {
		this.answers.add(answer);
		return this;
	}

	/**
	 * A complete answer.
	 */
	TestTarget says(String... pieces) {
		return answers(Flux.fromIterable(texts(pieces)).concatWith(Flux.just(finish())));
	}

	/**
	 * An answer that breaks off.
	 */
	TestTarget fails(ErrorKind kind, String... pieces) {
		return fails(kind, texts(pieces));
	}

	TestTarget fails(ErrorKind kind, List<Token> tokens) {
		return answers(Flux.fromIterable(tokens).concatWith(Flux.error(() -> error(kind, tokens))));
	}

	RouteTarget target() {
		return RouteTarget.builder(this.name, this).build();
	}

	RouteTarget.Builder builder() {
		return RouteTarget.builder(this.name, this);
	}

	Message lastMessage() {
		List<Message> messages = this.requests.get(this.requests.size() - 1).messages();
		return messages.get(messages.size() - 1);
	}

	@Override
	public Flux<Token> stream(StreamRequest request) {
		return Flux.defer(() -> {
			this.requests.add(request);
			return this.answers.remove();
		}).doOnCancel(this.cancels::incrementAndGet);
	}

	static List<Token> texts(String... pieces) {
		List<Token> tokens = new ArrayList<>();
		for (String piece : pieces) {
			tokens.add(new Token.Text(piece));
		}
		return tokens;
	}

	Token.Finish finish() {
		return new Token.Finish(FinishReason.STOP, "stop", Usage.reported(10, 5), null, this.name);
	}

	LlmStreamException error(ErrorKind kind, List<Token> tokens) {
		StringBuilder text = new StringBuilder();
		for (Token token : tokens) {
			if (token instanceof Token.Text piece) {
				text.append(piece.text());
			}
		}
		return StreamFailure.of(kind, this.name, "failed")
			.partial(text.toString(), (tokens.isEmpty()) ? Usage.NONE : Usage.reported(7, 2), null)
			.toException();
	}

}
