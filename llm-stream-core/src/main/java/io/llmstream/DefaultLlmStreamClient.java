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

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.core.ParameterizedTypeReference;

/**
 * The {@link LlmStreamClient} of one model.
 */
final class DefaultLlmStreamClient implements LlmStreamClient {

	private final String name;

	private final StreamingModel model;

	private final @Nullable ToolRunner tools;

	private final @Nullable ConversationRunner conversations;

	private final @Nullable StructuredOutput output;

	private final List<StreamContextContributor> contributors;

	DefaultLlmStreamClient(String name, StreamingModel model, @Nullable ToolRunner tools,
			@Nullable ConversationRunner conversations, @Nullable StructuredOutput output,
			Collection<? extends StreamContextContributor> contributors) {
		this.name = name;
		this.model = (tools != null) ? tools.apply(model) : model;
		this.tools = tools;
		this.conversations = conversations;
		this.output = output;
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
		return (this.contributors.isEmpty()) ? AttemptLedger.keep(stream)
				: AttemptLedger.keep(stream, contributions(request));
	}

	private UnaryOperator<Context> contributions(StreamRequest request) {
		List<UnaryOperator<Context>> changes = new ArrayList<>(this.contributors.size());
		for (StreamContextContributor contributor : this.contributors) {
			changes.add(contributor.contribute(this.name, request));
		}
		return (context) -> {
			Context changed = context;
			for (UnaryOperator<Context> change : changes) {
				changed = change.apply(changed);
			}
			return changed;
		};
	}

	/**
	 * Let those who want to know of streams know of one that becomes objects: it begins
	 * there, and is one, however often the model is asked.
	 */
	private <T> Flux<T> contributed(StreamRequest request, Flux<T> objects) {
		if (this.contributors.isEmpty()) {
			return objects;
		}
		UnaryOperator<Context> contributions = contributions(request);
		return objects
			.contextWrite((context) -> (AttemptLedger.from(context) != null) ? context : contributions.apply(context));
	}

	@Override
	public Mono<Completion> completion(StreamRequest request) {
		return stream(request).collect(CompletionCollector::new, CompletionCollector::add)
			.map(CompletionCollector::toCompletion);
	}

	private List<ToolCallback> toolsOf(Object source) {
		if (this.tools == null) {
			throw new IllegalStateException("The client '" + this.name
					+ "' runs no tools; build it with LlmStreamClient.builder(name, model).tools(…)");
		}
		if (source instanceof ToolCallback callback) {
			return List.of(callback);
		}
		return this.tools.toolsOf(source);
	}

	@Override
	public StructuredOutput output() {
		return (this.output != null) ? this.output : DefaultOutput.get();
	}

	@Override
	public String toString() {
		return "LlmStreamClient[" + this.name + "]";
	}

	private final class DefaultPromptSpec implements PromptSpec {

		private final StreamRequest.Builder request = StreamRequest.builder();

		private OutputOptions outputOptions = OutputOptions.DEFAULTS;

		private @Nullable String conversationId;

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
		public PromptSpec tools(Object... tools) {
			for (Object source : tools) {
				if (source instanceof ToolDefinition definition) {
					this.request.tools(definition);
				}
				else if (source instanceof Iterable<?> several) {
					several.forEach((each) -> tools(new Object[] { each }));
				}
				else if (source instanceof Object[] several) {
					tools(several);
				}
				else {
					this.request.toolCallbacks(toolsOf(source));
				}
			}
			return this;
		}

		@Override
		public PromptSpec toolOptions(Consumer<ToolOptions.Builder> options) {
			this.request.toolOptions(ToolOptions.of(options));
			return this;
		}

		@Override
		public PromptSpec conversation(String id) {
			if (DefaultLlmStreamClient.this.conversations == null) {
				throw new IllegalStateException(
						"The client '" + DefaultLlmStreamClient.this.name + "' keeps no conversations; build it with"
								+ " LlmStreamClient.builder(name, model).conversations(…)");
			}
			if (id.isBlank() || id.length() > 200) {
				throw new IllegalArgumentException("The id of a conversation must have 1 to 200 characters");
			}
			this.conversationId = id;
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

		/**
		 * Take a turn, in the conversation if this is one.
		 */
		private <T> Flux<T> turn(StreamingModel answers, ConversationRunner.Turn<T> turn) {
			StreamRequest whole = this.request.build();
			ConversationRunner runner = DefaultLlmStreamClient.this.conversations;
			String id = this.conversationId;
			return (id != null && runner != null) ? runner.converse(id, whole, answers, turn)
					: turn.take(whole, answers);
		}

		private <T> Flux<T> objects(ConversationRunner.Turn<T> turn) {
			StreamingModel answers = (request) -> AttemptLedger.keep(DefaultLlmStreamClient.this.model.stream(request));
			return turn(answers, (whole, recorded) -> contributed(whole, turn.take(whole, recorded)));
		}

		@Override
		public Flux<Token> stream() {
			return turn(DefaultLlmStreamClient.this::stream, (whole, answers) -> answers.stream(whole));
		}

		@Override
		public Flux<String> streamText() {
			return Flux.defer(() -> stream().handle(new TextPieces(DefaultLlmStreamClient.this.name)));
		}

		@Override
		public Mono<Completion> completion() {
			return stream().collect(CompletionCollector::new, CompletionCollector::add)
				.map(CompletionCollector::toCompletion);
		}

		@Override
		public Completion call() {
			return Objects.requireNonNull(completion().block());
		}

		@Override
		public PromptSpec output(OutputOptions options) {
			this.outputOptions = options;
			return this;
		}

		@Override
		public <T> Flux<Partial<T>> stream(Class<T> type) {
			return partials(type);
		}

		@Override
		public <T> Flux<Partial<T>> stream(ParameterizedTypeReference<T> type) {
			return partials(type.getType());
		}

		private <T> Flux<Partial<T>> partials(Type type) {
			StructuredOutput way = outputOf(type);
			return objects((whole, answers) -> way.stream(source(answers), whole, type));
		}

		@Override
		public <T> Flux<T> streamElements(Class<T> elementType) {
			return elements(elementType);
		}

		@Override
		public <T> Flux<T> streamElements(ParameterizedTypeReference<T> elementType) {
			return elements(elementType.getType());
		}

		private <T> Flux<T> elements(Type elementType) {
			StructuredOutput way = outputOf(elementType);
			return objects((whole, answers) -> way.elements(source(answers), whole, elementType));
		}

		@Override
		public <T> Mono<T> object(Class<T> type) {
			return whole(type);
		}

		@Override
		public <T> Mono<T> object(ParameterizedTypeReference<T> type) {
			return whole(type.getType());
		}

		private <T> Mono<T> whole(Type type) {
			StructuredOutput way = outputOf(type);
			Flux<T> object = objects((whole, answers) -> way.<T>object(source(answers), whole, type).flux());
			return object.single();
		}

		@Override
		public <T> T call(Class<T> type) {
			return Objects.requireNonNull(object(type).block());
		}

		/**
		 * What gets objects of a type. One that cannot be had is found out now, also
		 * where the conversation is read first.
		 */
		private StructuredOutput outputOf(Type type) {
			StructuredOutput way = DefaultLlmStreamClient.this.output();
			if (this.conversationId != null) {
				way.check(type);
			}
			return way;
		}

		private StructuredOutput.Source source(StreamingModel answers) {
			return new StructuredOutput.Source(DefaultLlmStreamClient.this.name, answers, this.outputOptions);
		}

	}

	/**
	 * What gets objects where a client was created without: the only place at which the
	 * hall reaches up, by name alone.
	 */
	private static final class DefaultOutput {

		private static final @Nullable StructuredOutput instance = ServiceLoader
			.load(StructuredOutput.class, StructuredOutput.class.getClassLoader())
			.findFirst()
			.orElse(null);

		static StructuredOutput get() {
			if (instance == null) {
				throw new IllegalStateException("There is no " + StructuredOutput.class.getName()
						+ "; build the client with LlmStreamClient.builder(name, model).output(…)");
			}
			return instance;
		}

	}

}
