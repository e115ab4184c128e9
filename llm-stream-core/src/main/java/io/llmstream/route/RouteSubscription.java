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

package io.llmstream.route;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.llmstream.LlmStreamException;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * One subscription to a route: asks a target, or two at a time while it hedges, and goes
 * on with another where one fails. Everything happens in {@link #drainLoop()}, by one
 * thread at a time; others leave signals and count up {@link #wip}. A target is asked for
 * no more tokens than the subscriber has asked for.
 */
final class RouteSubscription implements Subscription {

	private static final Logger logger = LoggerFactory.getLogger(RouteSubscription.class);

	private static final AtomicIntegerFieldUpdater<RouteSubscription> WIP = AtomicIntegerFieldUpdater
		.newUpdater(RouteSubscription.class, "wip");

	private static final AtomicLongFieldUpdater<RouteSubscription> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(RouteSubscription.class, "requested");

	private final RoutingModel model;

	private final StreamRequest request;

	private final CoreSubscriber<? super Token> actual;

	private final Queue<Signal> signals = Queues.<Signal>unboundedMultiproducer().get();

	private volatile int wip;

	private volatile long requested;

	private volatile boolean cancelled;

	/**
	 * Which hedge timer has run out last.
	 */
	private volatile int hedgeDue;

	/**
	 * The target that answers, or that was asked first of two.
	 */
	private volatile @Nullable Leg current;

	/**
	 * The target that was asked beside the current one.
	 */
	private volatile @Nullable Leg rival;

	// from here on: only the thread that drains

	private final Queue<Token> ready = new ArrayDeque<>(4);

	private final Recovery recovery;

	private long emitted;

	private boolean ending;

	private boolean ended;

	private @Nullable Throwable failure;

	private @Nullable Disposable hedgeTimer;

	private int hedgeTimers;

	RouteSubscription(RoutingModel model, StreamRequest request, CoreSubscriber<? super Token> actual) {
		this.model = model;
		this.request = request;
		this.actual = actual;
		this.recovery = new Recovery(model, request, this);
	}

	// subscriber's side

	void start() {
		// another thread may drain already, on behalf of a request
		this.signals.offer(new Signal(null, null, null));
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
			cancelLegs();
			drain();
		}
	}

	Context context() {
		return this.actual.currentContext();
	}

	// targets' side

	void subscribed() {
		drain();
	}

	void next(Leg leg, Token token) {
		if (WIP.compareAndSet(this, 0, 1)) {
			if (!this.cancelled && !this.ending) {
				token(leg, token);
			}
			drainLoop();
			return;
		}
		this.signals.offer(new Signal(leg, token, null));
		drain();
	}

	void ended(Leg leg, @Nullable Throwable error) {
		this.signals.offer(new Signal(leg, null, error));
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
				step();
			}
			missed = WIP.addAndGet(this, -missed);
		}
	}

	private void step() {
		Signal signal = this.signals.poll();
		while (signal != null && !this.cancelled && !this.ending) {
			handle(signal);
			signal = this.signals.poll();
		}
		if (this.hedgeTimer != null && this.hedgeDue == this.hedgeTimers && !this.ending) {
			this.hedgeTimer = null;
			hedge();
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
		if (signal.leg == null) {
			this.recovery.begin();
		}
		else if (signal.token != null) {
			token(signal.leg, signal.token);
		}
		else {
			hasEnded(signal.leg, signal.error);
		}
	}

	private void askForMore() {
		long wanted = this.requested;
		if (wanted != Long.MAX_VALUE) {
			wanted = wanted - this.emitted - this.ready.size();
		}
		Leg first = this.current;
		if (first != null) {
			first.demand(wanted);
		}
		Leg second = this.rival;
		if (second != null) {
			second.demand(wanted);
		}
	}

	// what comes from targets

	private void token(Leg leg, Token token) {
		if (leg != this.current && leg != this.rival) {
			return;
		}
		leg.received();
		if (token instanceof Token.Other) {
			pass(token);
			return;
		}
		long nanos = leg.speaks();
		if (nanos >= 0) {
			speaks(leg, nanos);
		}
		if (token instanceof Token.Reset) {
			reset(leg, token);
			return;
		}
		TextJoin join = leg.join();
		if (join != null && token instanceof Token.Text piece) {
			text(leg, join.next(piece.text()));
			return;
		}
		if (join != null && !(token instanceof Token.Reasoning) && !(token instanceof Token.ReplayState)) {
			text(leg, join.end());
		}
		if (token instanceof Token.Finish finish) {
			leg.finished();
			this.model.selection().answered(this.request, leg.target());
			pass(this.recovery.complete(finish));
			return;
		}
		content(leg, token);
	}

	/**
	 * A target that is a route itself begins anew. Within a continuation that would
	 * discard the beginning as well, so there it is as good as breaking off.
	 */
	private void reset(Leg leg, Token token) {
		if (leg.continuation() == null) {
			this.recovery.reset();
			pass(token);
			return;
		}
		leg.cancel();
		this.current = null;
		this.recovery.failed(leg, this.recovery.truncated(leg));
	}

	private void text(Leg leg, String text) {
		if (!text.isEmpty()) {
			content(leg, new Token.Text(text));
		}
	}

	private void content(Leg leg, Token token) {
		leg.sentContent();
		this.recovery.sent(token);
		pass(token);
	}

	/**
	 * A target speaks for the first time: the other one, if there is one, has lost.
	 */
	private void speaks(Leg leg, long nanos) {
		stopHedgeTimer();
		if (leg.continuation() == null) {
			this.model.firstToken(leg.target(), nanos);
		}
		Leg loser = (leg == this.current) ? this.rival : this.current;
		this.current = leg;
		this.rival = null;
		if (loser != null) {
			logger.debug("{}: {} speaks before {}", this.model, leg.target(), loser.target());
			loser.cancel();
		}
	}

	private void hasEnded(Leg leg, @Nullable Throwable cause) {
		Leg other = (leg == this.current) ? this.rival : this.current;
		if (leg != this.current && leg != this.rival) {
			if (cause != null && !(cause instanceof LlmStreamException)) {
				Operators.onErrorDropped(cause, context());
			}
			return;
		}
		if (leg.isFinished()) {
			this.ending = true;
			return;
		}
		Throwable error = (cause != null) ? cause : this.recovery.truncated(leg);
		if (other != null && (leg == this.rival || this.recovery.isCuredByAnother(error))) {
			this.current = other;
			this.rival = null;
			this.recovery.failedBeside(leg, error);
			return;
		}
		stopHedgeTimer();
		this.current = null;
		this.rival = null;
		if (other != null) {
			other.cancel();
		}
		this.recovery.failed(leg, error);
	}

	// what recovery decides

	/**
	 * Ask a target.
	 */
	void ask(Leg leg) {
		if (this.cancelled) {
			return;
		}
		this.current = leg;
		if (!leg.hasSpoken() && this.recovery.mayHedge()) {
			startHedgeTimer(leg);
		}
		leg.subscribe();
	}

	void fail(Throwable error) {
		this.failure = error;
		this.ending = true;
	}

	/**
	 * Emit a token, or keep it until it is asked for.
	 */
	void pass(Token token) {
		if (this.ready.isEmpty() && this.emitted != this.requested) {
			emit(token);
		}
		else {
			this.ready.add(token);
		}
	}

	// hedging

	private void startHedgeTimer(Leg leg) {
		Duration delay = this.model.hedgeDelay(leg.target());
		if (delay != null) {
			int id = ++this.hedgeTimers;
			this.hedgeTimer = Schedulers.parallel().schedule(() -> {
				this.hedgeDue = id;
				drain();
			}, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void stopHedgeTimer() {
		if (this.hedgeTimer != null) {
			this.hedgeTimer.dispose();
			this.hedgeTimer = null;
		}
	}

	private void hedge() {
		Leg slow = this.current;
		if (slow == null || slow.hasSpoken() || this.rival != null) {
			return;
		}
		if (this.requested == this.emitted) {
			// it may have spoken, but nobody has asked it to
			startHedgeTimer(slow);
			return;
		}
		Leg other = this.recovery.nextBeside();
		if (other != null) {
			logger.debug("{}: {} has not spoken yet; asking {} as well", this.model, slow.target(), other.target());
			this.rival = other;
			other.subscribe();
		}
	}

	// the end

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

	private void end() {
		this.ended = true;
		stopHedgeTimer();
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
		stopHedgeTimer();
		if (!this.ended) {
			cancelLegs();
		}
	}

	private void cancelLegs() {
		Leg first = this.current;
		if (first != null) {
			first.cancel();
		}
		Leg second = this.rival;
		if (second != null) {
			second.cancel();
		}
	}

	/**
	 * What a target said: a token, or its end. Without a target, to begin.
	 */
	private record Signal(@Nullable Leg leg, @Nullable Token token, @Nullable Throwable error) {
	}

}
