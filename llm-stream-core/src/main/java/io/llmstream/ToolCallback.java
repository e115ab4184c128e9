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

import java.time.Duration;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A tool that can be run: what the model is told of it, and what is done when the model
 * calls it. Put into a request with {@link LlmStreamClient.PromptSpec#tools(Object...)};
 * run by a {@link ToolRunner}. Methods annotated with {@code @Tool} become callbacks of
 * this type.
 * <p>
 * Must be safe for use by several threads: calls of one answer run in parallel.
 */
public interface ToolCallback {

	/**
	 * What the model is told of the tool.
	 * @return the definition, always the same
	 */
	ToolDefinition definition();

	/**
	 * Run the tool. Nothing may happen before the result is subscribed to. Cancelling
	 * stops the tool.
	 * @param invocation what the model asks for
	 * @return what the tool answers, for the model to read; empty is an empty answer. An
	 * error is told to the model, or ends the stream, as {@link ToolErrorPolicy} says
	 */
	Mono<String> call(ToolInvocation invocation);

	/**
	 * Whether {@link #call} and what it returns block the thread, so that it needs one of
	 * its own. It is interrupted when the tool is stopped.
	 * @return whether the tool blocks
	 */
	default boolean isBlocking() {
		return false;
	}

	/**
	 * How long a call may take.
	 * @return the limit, or {@code null} for that of {@link ToolOptions#timeout()}
	 */
	default @Nullable Duration timeout() {
		return null;
	}

	/**
	 * A tool whose calls block until they are done.
	 * @param definition what the model is told of the tool
	 * @param function answers a call; runs on a thread on which it may block, and which
	 * is interrupted when the call is stopped
	 * @return the tool
	 */
	static ToolCallback of(ToolDefinition definition, Function<ToolInvocation, @Nullable String> function) {
		return new FunctionToolCallback(definition, true,
				(invocation) -> Mono.fromSupplier(() -> function.apply(invocation)));
	}

	/**
	 * A tool that never blocks.
	 * @param definition what the model is told of the tool
	 * @param function answers a call; must not block
	 * @return the tool
	 */
	static ToolCallback reactive(ToolDefinition definition, Function<ToolInvocation, Mono<String>> function) {
		return new FunctionToolCallback(definition, false, function);
	}

}
