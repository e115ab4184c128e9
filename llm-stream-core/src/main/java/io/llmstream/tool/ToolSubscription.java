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

import java.util.ArrayList;
import java.util.List;

import io.llmstream.DrainSubscription;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.StreamingModel;
import io.llmstream.ThreadScope;
import io.llmstream.Token;
import io.llmstream.ToolErrorPolicy;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Scheduler;

/**
 * One subscription to a {@link ToolLoop}. The model is asked for no more tokens than the
 * subscriber has asked for; what is kept beyond that are the results of one step.
 */
final class ToolSubscription extends DrainSubscription<ToolSubscription.Signal> {

	private final StreamingModel model;

	private final ToolSteps steps;

	private final ToolCalls calls;

	private final boolean failing;

	private volatile @Nullable ToolStep step;

	ToolSubscription(StreamRequest request, StreamingModel model, Scheduler threads,
			CoreSubscriber<? super Token> actual) {
		super(actual);
		this.model = model;
		this.steps = new ToolSteps(request, actual.currentContext());
		this.calls = new ToolCalls(request.toolCallbacks(), request.toolOptions(), threads,
				ThreadScope.capture(actual.currentContext()), this);
		this.failing = request.toolOptions().errorPolicy() == ToolErrorPolicy.FAIL;
	}

	void start() {
		signal(new Signal(null, null, null, null));
	}

	// the model's side

	void subscribed() {
		drain();
	}

	void next(ToolStep from, Token token) {
		if (enter()) {
			try {
				if (isOpen()) {
					token(from, token);
				}
			}
			catch (RuntimeException ex) {
				broken(ex);
			}
			leave();
			return;
		}
		signal(new Signal(from, token, null, null));
	}

	void ended(ToolStep from, @Nullable Throwable error) {
		signal(new Signal(from, null, error, null));
	}

	// the tools' side

	void answered(ToolStep from, ToolAnswer answer) {
		signal(new Signal(from, null, null, answer));
	}

	// the loop

	@Override
	protected void handle(Signal signal) {
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

	@Override
	protected void demand(long wanted) {
		ToolStep current = this.step;
		if (current != null) {
			current.demand(wanted);
		}
	}

	@Override
	protected void stop() {
		ToolStep current = this.step;
		if (current != null) {
			current.cancel();
		}
		this.calls.stop();
	}

	@Override
	public void fail(Throwable error) {
		stop();
		super.fail(error);
	}

	// steps

	private void nextStep() {
		ToolStep next = new ToolStep(this, this.steps.request(), this.steps.number(), this.steps.callsBefore());
		this.step = next;
		if (isCancelled()) {
			return;
		}
		next.subscribe(this.model);
		if (isCancelled()) {
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
			complete();
			return;
		}
		List<Part> results = new ArrayList<>(from.results());
		this.steps.add(from.parts(), results, finish, from.callCount());
		pass(new Token.StepStart(this.steps.number()));
		nextStep();
	}

	/**
	 * What happened: a token or the end of a step, or the answer of a tool. Without a
	 * step, to begin.
	 */
	record Signal(@Nullable ToolStep step, @Nullable Token token, @Nullable Throwable error,
			@Nullable ToolAnswer answer) {
	}

}
