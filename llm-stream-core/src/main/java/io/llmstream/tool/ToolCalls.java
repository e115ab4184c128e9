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
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

import io.llmstream.ThreadScope;
import io.llmstream.Token;
import io.llmstream.ToolActivity;
import io.llmstream.ToolApproval;
import io.llmstream.ToolCallback;
import io.llmstream.ToolException;
import io.llmstream.ToolInvocation;
import io.llmstream.ToolOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Runs the calls of one answer, so many at a time. Used by the thread that drains, but
 * for {@link #stop()}. No tool runs on that thread, and none reports on its own: answers
 * come on a thread of Reactor that neither is interrupted nor belongs to a connection.
 */
final class ToolCalls {

	private static final Logger logger = LoggerFactory.getLogger(ToolLoop.class);

	private final Map<String, ToolCallback> tools = new HashMap<>();

	private final ToolOptions options;

	private final Scheduler threads;

	private final ThreadScope scope;

	private final ToolSubscription loop;

	private final Disposable.Composite running = Disposables.composite();

	private final Queue<Pending> waiting = new ArrayDeque<>();

	private final int most;

	private int busy;

	ToolCalls(List<ToolCallback> tools, ToolOptions options, Scheduler threads, ThreadScope scope,
			ToolSubscription loop) {
		tools.forEach((tool) -> this.tools.put(tool.definition().name(), tool));
		this.options = options;
		this.threads = threads;
		this.scope = scope;
		this.loop = loop;
		this.most = Objects.requireNonNull(options.maxParallelCalls());
	}

	boolean isBusy() {
		return this.busy > 0 || !this.waiting.isEmpty();
	}

	/**
	 * Run a call as soon as there is room for it.
	 */
	void run(Token.ToolCall call, ToolStep step) {
		this.waiting.add(new Pending(call, step));
		startMore();
	}

	/**
	 * A call has been answered: there is room for another.
	 */
	void next() {
		this.busy--;
		startMore();
	}

	/**
	 * Forget the calls that wait: the step begins anew.
	 */
	void forget() {
		this.waiting.clear();
	}

	/**
	 * Stop all calls. Safe for use by any thread.
	 */
	void stop() {
		this.running.dispose();
	}

	private void startMore() {
		while (this.busy < this.most && !this.waiting.isEmpty() && !this.running.isDisposed()) {
			this.busy++;
			start(this.waiting.remove());
		}
	}

	private void start(Pending pending) {
		Token.ToolCall call = pending.call;
		Disposable.Swap handle = Disposables.swap();
		this.running.add(handle);
		handle.update(answer(pending).onErrorResume((error) -> Mono.just(failed(call, error)))
			.contextWrite(this::context)
			.subscribe((answer) -> {
				this.running.remove(handle);
				// never disposed of, so that nobody interrupts what goes on with it
				Schedulers.parallel().schedule(() -> this.loop.answered(pending.step, answer));
			}));
	}

	private Context context(Context empty) {
		// a model that a tool asks has tools of its own
		return ToolActivity.none(Context.of(this.loop.context()));
	}

	private Mono<ToolAnswer> answer(Pending pending) {
		Token.ToolCall call = pending.call;
		ToolCallback tool = this.tools.get(call.name());
		if (tool == null) {
			return Mono.error(new ToolException("There is no tool '" + call.name() + "'."));
		}
		if (call.arguments().isBlank()) {
			// cut off before they began: a call that is meant to have none has {}
			return Mono.error(ToolJson.invalid());
		}
		ToolInvocation invocation = new ToolInvocation(call.id(), call.name(), call.arguments(), pending.step.number(),
				pending.step.request());
		Mono<ToolAnswer> result = Mono.defer(() -> run(tool, invocation)).map((content) -> bounded(call, content));
		ToolApproval approval = this.options.approval();
		if (approval == null) {
			return result;
		}
		return this.scope.around(Mono.defer(() -> approval.decide(invocation)))
			.subscribeOn(Schedulers.parallel())
			.defaultIfEmpty(new ToolApproval.Decision(false, null))
			.flatMap((decision) -> (decision.approved()) ? result
					: Mono.just(ToolAnswer.denied(call, decision.reason())));
	}

	private Mono<String> run(ToolCallback tool, ToolInvocation invocation) {
		Duration own = tool.timeout();
		Duration timeout = (own != null) ? own : Objects.requireNonNull(this.options.timeout());
		Scheduler where = (tool.isBlocking()) ? this.threads : Schedulers.parallel();
		return this.scope.around(Mono.defer(() -> tool.call(invocation)))
			.subscribeOn(where)
			.timeout(timeout)
			.defaultIfEmpty("");
	}

	private ToolAnswer bounded(Token.ToolCall call, String content) {
		int limit = Objects.requireNonNull(this.options.maxResultLength());
		if (content.length() > limit) {
			throw ToolJson.tooLong(limit);
		}
		return ToolAnswer.of(call, content);
	}

	private static ToolAnswer failed(Token.ToolCall call, Throwable error) {
		if (error instanceof ToolException known) {
			logger.debug("The tool {} failed", call.name(), error);
			return ToolAnswer.failed(call, String.valueOf(known.getMessage()), error);
		}
		if (error instanceof TimeoutException) {
			logger.warn("The tool {} did not answer in time", call.name());
			return ToolAnswer.failed(call, "The tool did not answer in time.", error);
		}
		if (error instanceof RejectedExecutionException) {
			logger.warn("No thread is free for the tool {}", call.name());
			return ToolAnswer.failed(call, "The tool is overloaded.", error);
		}
		StackTraceElement[] trace = error.getStackTrace();
		// Its message may quote what the model wrote.
		logger.warn("The tool {} failed with {} at {}", call.name(), error.getClass().getName(),
				(trace.length > 0) ? trace[0] : "an unknown place");
		logger.debug("The tool {} failed", call.name(), error);
		return ToolAnswer.failed(call, "The tool failed.", error);
	}

	/**
	 * A call that is to be run.
	 */
	private record Pending(Token.ToolCall call, ToolStep step) {
	}

}
