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
		return new DefaultLlmStreamClient(name, model, List.of());
	}

	/**
	 * Create a client whose streams are watched.
	 * @param name the name by which the client is known, such as its provider's
	 * @param model the model to ask, with its filters around it
	 * @param contributors add to the context of each stream that begins with this client,
	 * the first one first
	 * @return the client
	 */
	static LlmStreamClient create(String name, StreamingModel model,
			Collection<? extends StreamContextContributor> contributors) {
		return new DefaultLlmStreamClient(name, model, contributors);
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
		 * Add tools that the model may call. The calls are tokens of the stream.
		 * @param tools the tools
		 * @return this request
		 */
		PromptSpec tools(ToolDefinition... tools);

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
