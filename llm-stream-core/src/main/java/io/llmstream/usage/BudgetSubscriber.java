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

package io.llmstream.usage;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import io.llmstream.LlmStreamException;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Counts what a stream writes, roughly, and ends it when it has used up a budget.
 * <p>
 * An answer that is longer than what is reserved goes on while more is being reserved. If
 * there is no more, the thread that says so ends the stream, so that in this time alone
 * its signals must not meet those of the source.
 */
final class BudgetSubscriber implements CoreSubscriber<Token>, Subscription {

	/**
	 * The estimate may be wrong by this much, where the provider counts as well.
	 */
	private static final long TOLERANCE = 2;

	private static final AtomicIntegerFieldUpdater<BudgetSubscriber> SIGNALS = AtomicIntegerFieldUpdater
		.newUpdater(BudgetSubscriber.class, "signals");

	private final CoreSubscriber<? super Token> actual;

	private final Context context;

	private final String client;

	private final BudgetReservation reservation;

	private final Refusals refusals;

	private final StringBuilder text = new StringBuilder();

	private long most;

	private volatile long weight;

	/** How many signals want to be emitted; what does not come first is left out. */
	private volatile int signals;

	private volatile boolean extending;

	private volatile boolean cancelled;

	private int refusing;

	private boolean finished;

	private boolean done;

	private @Nullable Subscription upstream;

	BudgetSubscriber(CoreSubscriber<? super Token> actual, String client, BudgetReservation reservation,
			Refusals refusals, boolean limited) {
		this.actual = actual;
		this.context = actual.currentContext().put(BudgetReservation.class, reservation);
		this.client = client;
		this.reservation = reservation;
		this.refusals = refusals;
		this.most = LengthEstimate.weight(reservation.output()) * ((limited) ? TOLERANCE : 1);
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (Operators.validate(this.upstream, subscription)) {
			this.upstream = subscription;
			this.actual.onSubscribe(this);
		}
	}

	@Override
	public void onNext(Token token) {
		if (!this.extending) {
			emit(token);
		}
		else if (SIGNALS.getAndIncrement(this) == 0) {
			emit(token);
			if (SIGNALS.decrementAndGet(this) != 0) {
				exceeded();
			}
		}
	}

	private void emit(Token token) {
		if (this.done) {
			return;
		}
		if (token instanceof Token.Finish finish) {
			this.finished = true;
			this.reservation.settle((finish.usage().source() != Usage.Source.NONE) ? finish.usage() : estimate());
			this.actual.onNext(token);
			return;
		}
		count(token);
		this.actual.onNext(token);
		if (!this.extending && this.weight > this.most) {
			this.extending = true;
			this.reservation.extend(LengthEstimate.tokens(this.weight)).subscribe(this::extended);
		}
	}

	private void extended(int refusing) {
		if (refusing == BudgetStore.GRANTED) {
			this.most = Math.max(LengthEstimate.weight(this.reservation.output()), this.weight + 1);
			this.extending = false;
		}
		else if (!this.cancelled) {
			this.refusing = refusing;
			if (SIGNALS.getAndIncrement(this) == 0) {
				exceeded();
			}
		}
	}

	private void count(Token token) {
		String piece = (token instanceof Token.Text words) ? words.text()
				: (token instanceof Token.Reasoning reasoning) ? reasoning.text()
						: (token instanceof Token.Refusal refusal) ? refusal.text()
								: (token instanceof Token.ToolCallDelta delta) ? delta.arguments() : null;
		if (token instanceof Token.Text) {
			this.text.append(piece);
		}
		else if (token instanceof Token.Reset) {
			this.text.setLength(0);
		}
		if (piece != null) {
			// one thread at a time adds
			this.weight = this.weight + LengthEstimate.weight(piece);
		}
	}

	private void exceeded() {
		if (this.done || this.finished) {
			return;
		}
		this.done = true;
		Subscription source = this.upstream;
		if (source != null) {
			source.cancel();
		}
		Usage usage = estimate();
		this.reservation.settle(usage);
		this.refusals.tell(this.client, this.reservation.budget(this.refusing), BudgetListener.Reason.ENDED);
		this.actual.onError(this.reservation.exceeded(this.client, this.refusing, this.text.toString(), usage));
	}

	/**
	 * Whether the source ends the stream.
	 */
	private boolean end() {
		if (this.extending && !this.finished && SIGNALS.getAndIncrement(this) != 0) {
			return false;
		}
		boolean first = !this.done;
		this.done = true;
		return first;
	}

	private Usage estimate() {
		return BudgetReservation.usage(this.reservation.input(), LengthEstimate.tokens(this.weight));
	}

	@Override
	public void onError(Throwable error) {
		if (!end()) {
			Operators.onErrorDropped(error, this.context);
			return;
		}
		Usage known = (error instanceof LlmStreamException failure) ? failure.getUsage() : Usage.NONE;
		this.reservation.settle((this.weight > 0) ? max(known, estimate()) : known);
		this.actual.onError(error);
	}

	private static Usage max(Usage one, Usage other) {
		return (one.totalTokens() >= other.totalTokens()) ? one : other;
	}

	@Override
	public void onComplete() {
		if (end()) {
			// without a last token, if this is still to be done
			this.reservation.settle(estimate());
			this.actual.onComplete();
		}
	}

	@Override
	public void request(long n) {
		Subscription source = this.upstream;
		if (source != null) {
			source.request(n);
		}
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		Subscription source = this.upstream;
		if (source != null) {
			source.cancel();
		}
		this.reservation.settle(estimate());
	}

}
