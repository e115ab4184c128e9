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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ParameterizedTypeReference;

/**
 * What an application injects to talk to a model: a fluent front of a
 * {@link StreamingModel}. Immutable and safe for use by several threads.
 *
 * <pre class="code">
 * Flux&lt;Token&gt; tokens = client.prompt("Tell me a story.").stream();
 * </pre>
 */
public interface LlmStreamClient {

	/**
	 * Create a client.
	 * @param name the name by which the client is known, such as its provider's
	 * @param model the model to ask, with its filters around it
	 * @return the client
	 */
	static LlmStreamClient create(String name, StreamingModel model) {
		return builder(name, model).build();
	}

	/**
	 * Create a client that does more than to ask a model.
	 * @param name the name by which the client is known, such as its provider's
	 * @param model the model to ask, with its filters around it
	 * @return a builder of the client
	 */
	static Builder builder(String name, StreamingModel model) {
		return new Builder(name, model);
	}

	/**
	 * The name by which this client is known in the configuration.
	 * @return the name
	 */
	String name();

	/**
	 * Begin a request.
	 * @return the request, to be filled and then streamed
	 */
	PromptSpec prompt();

	/**
	 * Begin a request with one user message.
	 * @param text what the user says
	 * @return the request, to be filled and then streamed
	 */
	PromptSpec prompt(String text);

	/**
	 * Answer a request.
	 * @param request the request
	 * @return the tokens, as {@link StreamingModel#stream(StreamRequest)} describes
	 */
	Flux<Token> stream(StreamRequest request);

	/**
	 * Answer a request as a whole. The answer is streamed from the provider all the same,
	 * so that time-outs and cancellation work as for a stream.
	 * @param request the request
	 * @return the answer, or the {@link LlmStreamException} that ended it; cancelling
	 * closes the connection to the provider
	 */
	Mono<Completion> completion(StreamRequest request);

	/**
	 * Get objects from this client by types that are known at run time only.
	 * @return what gets objects
	 */
	StructuredOutput output();

	/**
	 * A request that is being written. Not safe for use by several threads.
	 */
	interface PromptSpec {

		/**
		 * Add a system message.
		 * @param text what it says
		 * @return this request
		 */
		PromptSpec system(String text);

		/**
		 * Add a user's message.
		 * @param text what the user says
		 * @return this request
		 */
		PromptSpec user(String text);

		/**
		 * Add a user's message of several parts, such as text and images.
		 * @param parts what the user says
		 * @return this request
		 */
		PromptSpec user(Part... parts);

		/**
		 * Add messages.
		 * @param messages the conversation so far
		 * @return this request
		 */
		PromptSpec messages(List<Message> messages);

		/**
		 * Ask a model other than the provider's default.
		 * @param model the model
		 * @return this request
		 */
		PromptSpec model(String model);

		/**
		 * Add tools that the model may call. The calls are tokens of the stream, and left
		 * to who reads it.
		 * @param tools the tools
		 * @return this request
		 */
		PromptSpec tools(ToolDefinition... tools);

		/**
		 * Add tools that are run when the model calls them: the model goes on with their
		 * results in the same stream.
		 * @param tools objects with {@code @Tool} methods, {@link ToolCallback}s, names
		 * of tools that the application has as beans, or collections of them. A
		 * {@link ToolDefinition} among them is left to who reads the stream
		 * @return this request
		 * @throws IllegalArgumentException if an object has no tool, or one that cannot
		 * be used; the message names the method
		 */
		PromptSpec tools(Object... tools);

		/**
		 * Set how tools are run.
		 * @param options receives a builder in which nothing is set; what it leaves out
		 * is left to the configuration
		 * @return this request
		 */
		PromptSpec toolOptions(Consumer<ToolOptions.Builder> options);

		/**
		 * Set the conversation to which this request belongs. What was said in it before
		 * is put between the system messages and the other messages of this request; what
		 * this request and its answer say is kept, also what came of an answer that was
		 * stopped or failed. Of requests in one conversation at the same time, none knows
		 * of the others; their turns are kept one after the other.
		 * <p>
		 * Whoever knows the id reads the conversation: make it one that users cannot
		 * choose, or put the user's name into it.
		 * @param id the conversation's id, 1 to 200 characters
		 * @return this request
		 * @throws IllegalStateException if the client keeps no conversations
		 */
		PromptSpec conversation(String id);

		/**
		 * Add a tag for the application's own accounts.
		 * @param name the tag's name
		 * @param value its value
		 * @return this request
		 */
		PromptSpec tag(String name, String value);

		/**
		 * Add members to be merged into the provider's request body last.
		 * @param members the members
		 * @return this request
		 */
		PromptSpec extra(Map<String, ?> members);

		/**
		 * Set anything that a request can carry.
		 * @param options receives the builder of the request
		 * @return this request
		 */
		PromptSpec options(Consumer<StreamRequest.Builder> options);

		/**
		 * The answer as tokens.
		 * @return the tokens, as {@link StreamingModel#stream(StreamRequest)} describes
		 */
		Flux<Token> stream();

		/**
		 * The text of the answer alone, piece by piece. Fails as {@link #stream()} does,
		 * and, as there is no word for it here, where the answer {@linkplain Token.Reset
		 * begins anew} after some of it was emitted.
		 * @return the pieces; concatenated they are the answer
		 */
		Flux<String> streamText();

		/**
		 * The answer as a whole.
		 * @return the answer, or the {@link LlmStreamException} that ended it
		 */
		Mono<Completion> completion();

		/**
		 * Wait for the whole answer. Blocks the calling thread, which must not be a
		 * reactor thread.
		 * @return the answer
		 * @throws LlmStreamException if there is no complete answer
		 */
		Completion call();

		/**
		 * Set how objects are got from the model.
		 * @param options the options; what they leave out is left to the configuration
		 * @return this request
		 */
		PromptSpec output(OutputOptions options);

		/**
		 * The answer as an object that grows while the model writes it.
		 * @param <T> the type of the object
		 * @param type the type of the object: a record or a bean, a map, a scalar
		 * @return the object, more of it each time; the last is complete and valid. Fails
		 * as {@link #stream()} does, and with an {@link InvalidOutputException} if the
		 * answer is not such an object
		 * @throws IllegalArgumentException if the type has no JSON schema
		 */
		<T> Flux<Partial<T>> stream(Class<T> type);

		/**
		 * The answer as an object of a generic type, such as a list, that grows while the
		 * model writes it.
		 * @param <T> the type of the object
		 * @param type the type of the object
		 * @return the object, as {@link #stream(Class)} describes
		 */
		<T> Flux<Partial<T>> stream(ParameterizedTypeReference<T> type);

		/**
		 * The answer as a list, element by element, each as soon as it is complete and
		 * valid.
		 * @param <T> the type of an element
		 * @param elementType the type of an element
		 * @return the elements; fails as {@link #stream(Class)} does, also after some
		 * elements, and where the list begins anew after some: in a second answer or in a
		 * later step of one that calls tools
		 * @throws IllegalArgumentException if the type has no JSON schema
		 */
		<T> Flux<T> streamElements(Class<T> elementType);

		/**
		 * The answer as a list of a generic type, element by element.
		 * @param <T> the type of an element
		 * @param elementType the type of an element
		 * @return the elements, as {@link #streamElements(Class)} describes
		 */
		<T> Flux<T> streamElements(ParameterizedTypeReference<T> elementType);

		/**
		 * The answer as an object.
		 * @param <T> the type of the object
		 * @param type the type of the object
		 * @return the object, complete and valid; fails as {@link #stream(Class)} does
		 * @throws IllegalArgumentException if the type has no JSON schema
		 */
		<T> Mono<T> object(Class<T> type);

		/**
		 * The answer as an object of a generic type, such as a list.
		 * @param <T> the type of the object
		 * @param type the type of the object
		 * @return the object, as {@link #object(Class)} describes
		 */
		<T> Mono<T> object(ParameterizedTypeReference<T> type);

		/**
		 * Wait for the answer as an object. Blocks the calling thread, which must not be
		 * a reactor thread.
		 * @param <T> the type of the object
		 * @param type the type of the object
		 * @return the object, complete and valid
		 * @throws LlmStreamException if there is no such object
		 */
		<T> T call(Class<T> type);

	}

	/**
	 * Builds a client. For one thread.
	 */
	final class Builder {

		private final String name;

		private final StreamingModel model;

		private @Nullable ToolRunner tools;

		private @Nullable ConversationRunner conversations;

		private @Nullable StructuredOutput output;

		private Collection<? extends StreamContextContributor> contributors = List.of();

		private Builder(String name, StreamingModel model) {
			this.name = name;
			this.model = model;
		}

		/**
		 * Let the client run tools.
		 * @param runner runs the tools of the requests; asks the model for each step, so
		 * that each step has its own filters. {@code null} for a client that runs none
		 * @return this builder
		 */
		public Builder tools(@Nullable ToolRunner runner) {
			this.tools = runner;
			return this;
		}

		/**
		 * Let the client keep conversations.
		 * @param runner keeps them, around what runs tools and gets objects; mostly an
		 * {@code io.llmstream.conversation.Conversations}. {@code null} for a client that
		 * keeps none
		 * @return this builder
		 */
		public Builder conversations(@Nullable ConversationRunner runner) {
			this.conversations = runner;
			return this;
		}

		/**
		 * Set how the client gets objects.
		 * @param way gets objects from the model; {@code null} for the way of
		 * {@code io.llmstream.structured} with its defaults
		 * @return this builder
		 */
		public Builder output(@Nullable StructuredOutput way) {
			this.output = way;
			return this;
		}

		/**
		 * Let others know of each stream that begins with the client.
		 * @param all add to the context of each stream, the first one first
		 * @return this builder
		 */
		public Builder contributors(Collection<? extends StreamContextContributor> all) {
			this.contributors = all;
			return this;
		}

		/**
		 * Build the client.
		 * @return the client
		 */
		public LlmStreamClient build() {
			return new DefaultLlmStreamClient(this.name, this.model, this.tools, this.conversations, this.output,
					this.contributors);
		}

	}

}
