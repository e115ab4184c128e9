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

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gets objects from a model. What an {@link LlmStreamClient} uses; applications call
 * {@link LlmStreamClient.PromptSpec#stream(Class)} and its like.
 * <p>
 * A request without a {@linkplain StreamRequest#responseFormat() response format} is
 * given the schema of the type, to be asked for in the best way that the provider knows.
 * All streams fail as {@link StreamingModel#stream(StreamRequest)} does, and with an
 * {@link InvalidOutputException} if the answer is not what was asked for. Cancelling
 * closes the connection to the provider.
 * <p>
 * Implementations are safe for use by several threads. One that is registered for
 * {@link java.util.ServiceLoader} is used by clients that are created without.
 */
public interface StructuredOutput {

	/**
	 * Let an object grow.
	 * @param <T> the type of the object
	 * @param source whom to ask
	 * @param request what to ask
	 * @param type the type of the object
	 * @return the object, more of it each time; the last is complete
	 */
	<T> Flux<Partial<T>> stream(Source source, StreamRequest request, Type type);

	/**
	 * Get the elements of a list, one by one as each is complete.
	 * @param <T> the type of an element
	 * @param source whom to ask
	 * @param request what to ask
	 * @param elementType the type of an element
	 * @return the elements
	 */
	<T> Flux<T> elements(Source source, StreamRequest request, Type elementType);

	/**
	 * Get an object when it is complete.
	 * @param <T> the type of the object
	 * @param source whom to ask
	 * @param request what to ask
	 * @param type the type of the object
	 * @return the object
	 */
	<T> Mono<T> object(Source source, StreamRequest request, Type type);

	/**
	 * Find out early what cannot work with a type, such as that it has no schema.
	 * @param type the type of an object or an element
	 * @throws IllegalArgumentException if objects of the type cannot be had; the message
	 * says why
	 */
	void check(Type type);

	/**
	 * Whom to ask.
	 *
	 * @param name the name of the client, for messages
	 * @param model answers requests
	 * @param options how to ask
	 */
	record Source(String name, StreamingModel model, OutputOptions options) {
	}

}
