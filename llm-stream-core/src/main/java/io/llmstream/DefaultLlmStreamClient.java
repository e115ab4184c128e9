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

package io.llmstream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * The {@link LlmStreamClient} of one model.
 */
final class DefaultLlmStreamClient implements LlmStreamClient {

	private final String name;

	private final StreamingModel model;

	private final List<StreamContextContributor> contributors;

	DefaultLlmStreamClient(String name, StreamingModel model,
			Collection<? extends StreamContextContributor> contributors) {
		this.name = name;
		this.model = model;
		this.contributors = List.copyOf(contributors);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PromptSpec prompt() {
		return new DefaultPromptSpec();
	}

	@Override
	public PromptSpec prompt(String text) {
		return prompt().user(text);
	}

	@Override
	public Flux<Token> stream(StreamRequest request) {
		Flux<Token> stream = this.model.stream(request);
		if (this.contributors.isEmpty()) {
			return AttemptLedger.keep(stream);
		}
		List<UnaryOperator<Context>> changes = new ArrayList<>(this.contributors.size());
		for (StreamContextContributor contributor : this.contributors) {
			changes.add(contributor.contribute(this.name, request));
		}
		return AttemptLedger.keep(stream, (context) -> {
			Context changed = context;
			for (UnaryOperator<Context> change : changes) {
				changed = change.apply(changed);
			}
			return changed;
		});
	}

	@Override
	public Mono<Completion> completion(StreamRequest request) {
		return stream(request).collect(CompletionCollector::new, CompletionCollector::add)
			.map(CompletionCollector::toCompletion);
	}

	@Override
	public String toString() {
		return "LlmStreamClient[" + this.name + "]";
	}

	private final class DefaultPromptSpec implements PromptSpec {

		private final StreamRequest.Builder request = StreamRequest.builder();

		@Override
		public PromptSpec system(String text) {
			this.request.system(text);
			return this;
		}

		@Override
		public PromptSpec user(String text) {
			this.request.user(text);
			return this;
		}

		@Override
		public PromptSpec user(Part... parts) {
			this.request.user(parts);
			return this;
		}

		@Override
		public PromptSpec messages(List<Message> messages) {
			this.request.messages(messages);
			return this;
		}

		@Override
		public PromptSpec model(String model) {
			this.request.model(model);
			return this;
		}

		@Override
		public PromptSpec tools(ToolDefinition... tools) {
			this.request.tools(tools);
			return this;
		}

		@Override
		public PromptSpec tag(String name, String value) {
			this.request.tag(name, value);
			return this;
		}

		@Override
		public PromptSpec extra(Map<String, ?> members) {
			this.request.extra(members);
			return this;
		}

		@Override
		public PromptSpec options(Consumer<StreamRequest.Builder> options) {
			options.accept(this.request);
			return this;
		}

		@Override
		public Flux<Token> stream() {
			return DefaultLlmStreamClient.this.stream(this.request.build());
		}

		@Override
		public Flux<String> streamText() {
			return Flux.defer(() -> stream().handle(new TextPieces(DefaultLlmStreamClient.this.name)));
		}

		@Override
		public Mono<Completion> completion() {
			return DefaultLlmStreamClient.this.completion(this.request.build());
		}

		@Override
		public Completion call() {
			return Objects.requireNonNull(completion().block());
		}

	}

}
