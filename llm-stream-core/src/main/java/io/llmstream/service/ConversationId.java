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
 * Makes a parameter the id of the conversation to which the request belongs, as
 * {@link io.llmstream.LlmStreamClient.PromptSpec#conversation(String)} describes: what
 * was said in it before is put before the prompt, and the turn is kept when its answer
 * ends.
 *
 * <pre class="code">
 * &#64;UserPrompt("{question}")
 * Flux&lt;Token&gt; answer(&#64;ConversationId String chat, String question);
 * </pre>
 *
 * The parameter is a text, a {@link java.util.UUID}, a number or an enum constant, of 1
 * to 200 characters as a text, or an {@link java.util.Optional} of these. {@code null} is
 * an {@link IllegalArgumentException}, so that no turn is lost unseen, unless the
 * parameter is {@code @Nullable}; then, and if the optional is empty, the request belongs
 * to no conversation.
 * <p>
 * Whoever knows the id reads the conversation: make it one that users cannot choose, or
 * put the user's name into it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface ConversationId {

}
