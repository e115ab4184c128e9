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
import java.util.concurrent.TimeUnit;

import io.llmstream.DrainSubscription;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/**
 * One subscription to a route: asks a target, or two at a time while it hedges, and goes
 * on with another where one fails. A target is asked for no more tokens than the
 * subscriber has asked for.
 */
final class RouteSubscription extends DrainSubscription<RouteSubscription.Signal> {

	private static final Logger logger = LoggerFactory.getLogger(RouteSubscription.class);

	private final RoutingModel model;

	private final StreamRequest request;

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

	private final Recovery recovery;

	private @Nullable Disposable hedgeTimer;

	private int hedgeTimers;

	RouteSubscription(RoutingModel model, StreamRequest request, CoreSubscriber<? super Token> actual) {
		super(actual);
		this.model = model;
		this.request = request;
		this.recovery = new Recovery(model, request, this);
	}

	void start() {
		// another thread may drain already, on behalf of a request
		signal(new Signal(null, null, null));
	}

	// targets' side

	void subscribed() {
		drain();
	}

	void next(Leg leg, Token token) {
		if (enter()) {
			try {
				if (isOpen()) {
					token(leg, token);
				}
			}
			catch (RuntimeException ex) {
				broken(ex);
			}
			leave();
			return;
		}
		signal(new Signal(leg, token, null));
	}

	void ended(Leg leg, @Nullable Throwable error) {
		signal(new Signal(leg, null, error));
	}

	// the loop

	@Override
	protected void afterSignals() {
		if (this.hedgeTimer != null && this.hedgeDue == this.hedgeTimers) {
			this.hedgeTimer = null;
			hedge();
		}
	}

	@Override
	protected void handle(Signal signal) {
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

	@Override
	protected void demand(long wanted) {
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
			complete();
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
		if (isCancelled()) {
			return;
		}
		this.current = leg;
		if (!leg.hasSpoken() && this.recovery.mayHedge()) {
			startHedgeTimer(leg);
		}
		leg.subscribe();
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
		if (!isWaiting()) {
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

	@Override
	protected void release() {
		stopHedgeTimer();
	}

	@Override
	protected void stop() {
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
	record Signal(@Nullable Leg leg, @Nullable Token token, @Nullable Throwable error) {
	}

}
