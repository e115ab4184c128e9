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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.ThreadScope;
import io.llmstream.Token;
import io.llmstream.ToolErrorPolicy;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * One subscription to a {@link ToolLoop}. Everything happens in {@link #drainLoop()}, by
 * one thread at a time; the model and the tools leave signals and count up {@link #wip}.
 * The model is asked for no more tokens than the subscriber has asked for; what is kept
 * beyond that are the results of one step.
 */
final class ToolSubscription implements Subscription {

	private static final AtomicIntegerFieldUpdater<ToolSubscription> WIP = AtomicIntegerFieldUpdater
		.newUpdater(ToolSubscription.class, "wip");

	private static final AtomicLongFieldUpdater<ToolSubscription> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(ToolSubscription.class, "requested");

	private final StreamingModel model;

	private final CoreSubscriber<? super Token> actual;

	private final ToolSteps steps;

	private final ToolCalls calls;

	private final boolean failing;

	private final Queue<Signal> signals = Queues.<Signal>unboundedMultiproducer().get();

	private volatile int wip;

	private volatile long requested;

	private volatile boolean cancelled;

	private volatile @Nullable ToolStep step;

	// from here on: only the thread that drains

	private final Queue<Token> ready = new ArrayDeque<>();

	private long emitted;

	private boolean ending;

	private boolean ended;

	private @Nullable Throwable failure;

	ToolSubscription(StreamRequest request, StreamingModel model, Scheduler threads,
			CoreSubscriber<? super Token> actual) {
		this.model = model;
		this.actual = actual;
		this.steps = new ToolSteps(request, actual.currentContext());
		this.calls = new ToolCalls(request.toolCallbacks(), request.toolOptions(), threads,
				ThreadScope.capture(actual.currentContext()), this);
		this.failing = request.toolOptions().errorPolicy() == ToolErrorPolicy.FAIL;
	}

	// subscriber's side

	void start() {
		this.signals.offer(new Signal(null, null, null, null));
		drain();
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			Operators.addCap(REQUESTED, this, n);
			drain();
		}
	}

	@Override
	public void cancel() {
		if (!this.cancelled) {
			this.cancelled = true;
			// at once, even if another thread drains and is busy with the subscriber
			stopAll();
			drain();
		}
	}

	Context context() {
		return this.actual.currentContext();
	}

	// the model's side

	void subscribed() {
		drain();
	}

	void next(ToolStep from, Token token) {
		if (WIP.compareAndSet(this, 0, 1)) {
			if (!this.cancelled && !this.ending) {
				token(from, token);
			}
			drainLoop();
			return;
		}
		this.signals.offer(new Signal(from, token, null, null));
		drain();
	}

	void ended(ToolStep from, @Nullable Throwable error) {
		this.signals.offer(new Signal(from, null, error, null));
		drain();
	}

	// the tools' side

	void answered(ToolStep from, ToolAnswer answer) {
		this.signals.offer(new Signal(from, null, null, answer));
		drain();
	}

	// the loop

	private void drain() {
		if (WIP.getAndIncrement(this) == 0) {
			drainLoop();
		}
	}

	private void drainLoop() {
		int missed = 1;
		while (missed != 0) {
			if (this.cancelled || this.ended) {
				discard();
			}
			else {
				work();
			}
			missed = WIP.addAndGet(this, -missed);
		}
	}

	private void work() {
		Signal signal = this.signals.poll();
		while (signal != null && !this.cancelled && !this.ending) {
			handle(signal);
			signal = this.signals.poll();
		}
		while (!this.ready.isEmpty() && this.emitted != this.requested && !this.cancelled) {
			emit(this.ready.remove());
		}
		if (this.cancelled) {
			discard();
		}
		else if (this.ending && this.ready.isEmpty()) {
			end();
		}
		else if (!this.ending) {
			askForMore();
		}
	}

	private void handle(Signal signal) {
		if (signal.step == null) {
			nextStep();
		}
		else if (signal.step != this.step) {
			// of a step that was given up
			return;
		}
		else if (signal.token != null) {
			token(signal.step, signal.token);
		}
		else if (signal.answer != null) {
			answer(signal.step, signal.answer);
		}
		else {
			stepEnded(signal.step, signal.error);
		}
	}

	private void askForMore() {
		long wanted = this.requested;
		if (wanted != Long.MAX_VALUE) {
			wanted = wanted - this.emitted - this.ready.size();
		}
		ToolStep current = this.step;
		if (current != null) {
			current.demand(wanted);
		}
	}

	// steps

	private void nextStep() {
		ToolStep next = new ToolStep(this, this.steps.request(), this.steps.number(), this.steps.callsBefore());
		this.step = next;
		if (this.cancelled) {
			return;
		}
		next.subscribe(this.model);
		if (this.cancelled) {
			next.cancel();
		}
	}

	private void token(ToolStep from, Token token) {
		if (from != this.step) {
			return;
		}
		from.received();
		if (token instanceof Token.Finish finish) {
			from.finished(finish);
			return;
		}
		if (token instanceof Token.Reset) {
			this.calls.forget();
		}
		Token mine = from.take(token);
		pass(mine);
		if (mine instanceof Token.ToolCall call && from.isRunnable(call) && !this.steps.isLast()) {
			this.calls.run(call, from);
		}
	}

	private void stepEnded(ToolStep from, @Nullable Throwable error) {
		if (error != null) {
			fail(this.steps.withEarlierSteps(error));
		}
		else if (from.finish() == null) {
			fail(this.steps.truncated(from));
		}
		else {
			from.ended();
			advance(from);
		}
	}

	private void answer(ToolStep from, ToolAnswer answer) {
		Throwable error = answer.error();
		if (error != null && this.failing) {
			fail(this.steps.toolFailed(answer.call(), error, from));
			return;
		}
		from.answered(answer);
		pass(answer.toToken());
		this.calls.next();
		advance(from);
	}

	/**
	 * Go on when the model has ended its step and all its tools have answered.
	 */
	private void advance(ToolStep from) {
		Token.Finish finish = from.finish();
		if (!from.hasEnded() || finish == null) {
			return;
		}
		boolean more = from.wantsMore();
		if (more && this.steps.isLast()) {
			fail(this.steps.limitReached(from));
			return;
		}
		if (this.calls.isBusy()) {
			return;
		}
		if (!more) {
			pass(this.steps.complete(finish));
			this.ending = true;
			return;
		}
		List<Part> results = new ArrayList<>(from.results());
		this.steps.add(from.parts(), results, finish, from.callCount());
		pass(new Token.StepStart(this.steps.number()));
		nextStep();
	}

	// what goes out

	private void pass(Token token) {
		if (this.ready.isEmpty() && this.emitted != this.requested) {
			emit(token);
		}
		else {
			this.ready.add(token);
		}
	}

	private void emit(Token token) {
		if (this.cancelled) {
			return;
		}
		this.emitted++;
		try {
			this.actual.onNext(token);
		}
		catch (RuntimeException ex) {
			// not allowed, and as good as a cancel
			this.cancelled = true;
			Operators.onErrorDropped(ex, context());
		}
	}

	private void fail(Throwable error) {
		stopAll();
		this.failure = error;
		this.ending = true;
	}

	private void end() {
		this.ended = true;
		Throwable error = this.failure;
		try {
			if (error != null) {
				this.actual.onError(error);
			}
			else {
				this.actual.onComplete();
			}
		}
		catch (RuntimeException ex) {
			Operators.onErrorDropped(ex, context());
		}
	}

	private void discard() {
		this.signals.clear();
		this.ready.clear();
		if (!this.ended) {
			stopAll();
		}
	}

	private void stopAll() {
		ToolStep current = this.step;
		if (current != null) {
			current.cancel();
		}
		this.calls.stop();
	}

	/**
	 * What happened: a token or the end of a step, or the answer of a tool. Without a
	 * step, to begin.
	 */
	private record Signal(@Nullable ToolStep step, @Nullable Token token, @Nullable Throwable error,
			@Nullable ToolAnswer answer) {
	}

}
