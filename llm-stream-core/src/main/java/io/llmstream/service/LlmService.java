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

package io.llmstream.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an interface whose methods ask a model.
 *
 * <pre class="code">
 * &#64;LlmService(client = "chat")
 * interface Support {
 *
 * 	&#64;SystemPrompt("You help customers of {shop}.")
 * 	&#64;UserPrompt("Answer {question} in {language}")
 * 	Flux&lt;Token&gt; answer(String shop, String question, String language);
 *
 * }
 * </pre>
 *
 * What a parameter is for is told by its type or its annotation:
 * <ul>
 * <li>{@code List<Message>} and {@link io.llmstream.Message}: what was said so far,
 * between the system prompt and the user's;
 * <li>{@link io.llmstream.Part.Image} and other parts, also several of them: added to the
 * user's message;
 * <li>{@code Consumer<StreamRequest.Builder>}, {@link io.llmstream.OutputOptions}: change
 * the request;
 * <li>{@link ConversationId}: the conversation to which the request belongs;
 * <li>{@link Tag}: a tag of the request;
 * <li>{@link UserPrompt}: the user's message itself. A {@code String} that is alone is it
 * without the annotation, where the method has no {@link UserPrompt};
 * <li>all others: variables of the prompts, by their names.
 * </ul>
 * A method returns {@code Flux<Token>}, {@code Flux<String>} (the text, piece by piece),
 * {@code Flux<Partial<T>>} (an object that grows), {@code Flux<T>} (the elements of a
 * list, each when it is complete), {@code Mono<Completion>}, {@code Mono<String>} or
 * {@code Mono<T>} (an object). Each of them is cold: the model is asked when it is
 * subscribed to. {@code Completion}, {@code String}, {@code T}, and a
 * {@link java.util.stream.Stream} in the place of a {@code Flux}, block the calling
 * thread, which must not be a reactor thread; close a {@code Stream} to end the call to
 * the provider. Default methods are called as they are.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface LlmService {

	/**
	 * The name of the client that is asked, such as that of a provider or a route.
	 * @return the name; empty for the client that is injected without a name
	 */
	String client() default "";

	/**
	 * The model that is asked.
	 * @return the model; empty for the client's default
	 */
	String model() default "";

}
