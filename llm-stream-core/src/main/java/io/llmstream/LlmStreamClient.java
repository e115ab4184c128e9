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

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
		return new DefaultLlmStreamClient(name, model, null);
	}

	/**
	 * Create a client that runs tools.
	 * @param name the name by which the client is known, such as its provider's
	 * @param model the model to ask, with its filters around it
	 * @param tools runs the tools of the requests; asks the model for each step, so that
	 * each step has its own filters
	 * @return the client
	 */
	static LlmStreamClient create(String name, StreamingModel model, ToolRunner tools) {
		return new DefaultLlmStreamClient(name, tools.apply(model), tools);
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
		 * stopped or failed.
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

	}

}
