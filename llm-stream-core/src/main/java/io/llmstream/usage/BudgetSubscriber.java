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
 */
final class BudgetSubscriber implements CoreSubscriber<Token>, Subscription {

	/**
	 * The estimate may be wrong by this much, where the provider counts as well.
	 */
	private static final long TOLERANCE = 2;

	private final CoreSubscriber<? super Token> actual;

	private final Context context;

	private final String client;

	private final BudgetReservation reservation;

	private final StringBuilder text = new StringBuilder();

	private long most;

	private volatile long weight;

	private boolean done;

	private @Nullable Subscription upstream;

	BudgetSubscriber(CoreSubscriber<? super Token> actual, String client, BudgetReservation reservation,
			boolean limited) {
		this.actual = actual;
		this.context = actual.currentContext().put(BudgetReservation.class, reservation);
		this.client = client;
		this.reservation = reservation;
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
		if (this.done) {
			return;
		}
		if (token instanceof Token.Finish finish) {
			this.reservation.settle((finish.usage().source() != Usage.Source.NONE) ? finish.usage() : estimate());
			this.actual.onNext(token);
			return;
		}
		count(token);
		this.actual.onNext(token);
		if (this.weight > this.most) {
			long written = LengthEstimate.tokens(this.weight);
			int refusing = this.reservation.extend(written);
			if (refusing >= 0) {
				exceeded(refusing);
			}
			else {
				this.most = Math.max(LengthEstimate.weight(this.reservation.output()), this.weight + 1);
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

	private void exceeded(int budget) {
		this.done = true;
		Subscription source = this.upstream;
		if (source != null) {
			source.cancel();
		}
		Usage usage = estimate();
		this.reservation.settle(usage);
		this.actual.onError(this.reservation.exceeded(this.client, budget, this.text.toString(), usage));
	}

	private Usage estimate() {
		return BudgetReservation.usage(this.reservation.input(), LengthEstimate.tokens(this.weight));
	}

	@Override
	public void onError(Throwable error) {
		if (this.done) {
			Operators.onErrorDropped(error, this.context);
			return;
		}
		this.done = true;
		Usage known = (error instanceof LlmStreamException failure) ? failure.getUsage() : Usage.NONE;
		this.reservation.settle((this.weight > 0) ? max(known, estimate()) : known);
		this.actual.onError(error);
	}

	private static Usage max(Usage one, Usage other) {
		return (one.totalTokens() >= other.totalTokens()) ? one : other;
	}

	@Override
	public void onComplete() {
		if (!this.done) {
			this.done = true;
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
		Subscription source = this.upstream;
		if (source != null) {
			source.cancel();
		}
		this.reservation.settle(estimate());
	}

}
