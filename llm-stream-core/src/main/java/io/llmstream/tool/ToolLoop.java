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

package io.llmstream.tool;

import java.time.Duration;
import java.util.List;

import io.llmstream.AttemptLedger;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.ToolCallback;
import io.llmstream.ToolErrorPolicy;
import io.llmstream.ToolOptions;
import io.llmstream.ToolRunner;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.ExecutorServiceAdapter;

/**
 * The {@link ToolRunner}: asks the model, runs the tools that it calls, and asks again
 * with their results, all in one stream. Each step is a call of the model of its own,
 * with its retries, time-outs, route and attempts.
 * <p>
 * What a model says is passed on as it comes. A tool starts as soon as its call is
 * complete, while the model may go on speaking. Results are tokens of the stream, in the
 * order in which they come; the model gets them in the order of its calls. The steps' own
 * {@link Token.Finish} tokens are not emitted: the last one carries the sum of their
 * usage. Once a tool was started, its step is neither restarted nor continued elsewhere.
 * Cancelling the stream closes the connection and stops the tools; so does a failure.
 * <p>
 * What the subscribing thread knows (security, MDC, trace) and what its Reactor context
 * holds is known to tools as well, as far as Micrometer's context propagation is on the
 * class path; MDC in any case.
 * <p>
 * Safe for use by several threads.
 */
public final class ToolLoop implements ToolRunner {

	/**
	 * What holds where neither request nor configuration say otherwise: 16 steps, 8 calls
	 * at a time, 30 seconds for a call, 100,000 characters for a result, the model is
	 * told of failures, and nobody is asked for approval.
	 */
	public static final ToolOptions DEFAULTS = ToolOptions.builder()
		.maxSteps(16)
		.maxParallelCalls(8)
		.timeout(Duration.ofSeconds(30))
		.maxResultLength(100_000)
		.errorPolicy(ToolErrorPolicy.TELL_MODEL)
		.build();

	private final ToolOptions options;

	private final Scheduler threads;

	private final ToolRegistry registry;

	private final @Nullable ToolArguments check;

	private ToolLoop(Builder builder) {
		this.options = builder.options.or(DEFAULTS);
		this.threads = (builder.executor != null)
				? Schedulers.fromExecutorService(new ExecutorServiceAdapter(builder.executor), "llm-stream-tools")
				: Schedulers.boundedElastic();
		this.registry = builder.registry;
		this.check = builder.check;
	}

	/**
	 * A loop with the {@link #DEFAULTS}, whose tools run on Reactor's bounded elastic
	 * threads.
	 * @return the loop
	 */
	public static ToolLoop create() {
		return builder().build();
	}

	/**
	 * Begin a loop.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	@Override
	public Flux<Token> filter(StreamRequest request, StreamingModel next) {
		if (request.toolCallbacks().isEmpty()) {
			return next.stream(request);
		}
		StreamRequest whole = request.mutate().toolOptions(request.toolOptions().or(this.options)).build();
		return AttemptLedger.keep(new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Token> actual) {
				ToolSubscription subscription = new ToolSubscription(whole, next, ToolLoop.this.threads, actual);
				actual.onSubscribe(subscription);
				subscription.start();
			}

		});
	}

	@Override
	public List<ToolCallback> toolsOf(Object source) {
		if (source instanceof CharSequence name) {
			return List.of(this.registry.get(name.toString()));
		}
		return ToolMethods.of(source, this.check);
	}

	@Override
	public String toString() {
		return "ToolLoop[" + this.registry + "]";
	}

	/**
	 * Builds a {@link ToolLoop}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private ToolRegistry registry = ToolRegistry.of(List.of());

		private ToolOptions options = ToolOptions.DEFAULTS;

		private @Nullable TaskExecutor executor;

		private @Nullable ToolArguments check;

		private Builder() {
		}

		/**
		 * Set how tools are run where the request does not say.
		 * @param options the options; what they leave out is as in {@link #DEFAULTS}
		 * @return this builder
		 */
		public Builder options(ToolOptions options) {
			this.options = options;
			return this;
		}

		/**
		 * Set what runs tools that block. It should be bounded, or use virtual threads,
		 * and must not run them on the thread that asks it to.
		 * @param executor the executor
		 * @return this builder
		 */
		public Builder executor(TaskExecutor executor) {
			this.executor = executor;
			return this;
		}

		/**
		 * Set the tools that requests may name.
		 * @param registry finds them
		 * @return this builder
		 */
		public Builder registry(ToolRegistry registry) {
			this.registry = registry;
			return this;
		}

		/**
		 * Set what checks the arguments with which methods are called.
		 * @param check the check, or {@code null} for none
		 * @return this builder
		 */
		public Builder check(@Nullable ToolArguments check) {
			this.check = check;
			return this;
		}

		/**
		 * Build the loop.
		 * @return the loop
		 */
		public ToolLoop build() {
			return new ToolLoop(this);
		}

	}

}
