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

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The subscriber's side of a stream that is made of several others, such as the steps of
 * a tool loop or the targets of a route. Everything happens in one loop, by one thread at
 * a time; others leave signals, and whoever finds nobody at work goes to work. The
 * subscriber gets one terminal signal, and no token that it has not asked for; what comes
 * beyond that waits. A cancel stops what is inside at once, from whatever thread.
 * <p>
 * For the rooms of this library, not for applications.
 *
 * @param <S> what happens inside
 */
public abstract class DrainSubscription<S> implements Subscription {

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<DrainSubscription> WIP = AtomicIntegerFieldUpdater
		.newUpdater(DrainSubscription.class, "wip");

	@SuppressWarnings("rawtypes")
	private static final AtomicLongFieldUpdater<DrainSubscription> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(DrainSubscription.class, "requested");

	private final CoreSubscriber<? super Token> actual;

	private final Queue<S> signals = Queues.<S>unboundedMultiproducer().get();

	private volatile int wip;

	private volatile long requested;

	private volatile boolean cancelled;

	// from here on: only the thread that drains

	private final Queue<Token> ready = new ArrayDeque<>(4);

	private long emitted;

	private boolean ending;

	private boolean ended;

	private @Nullable Throwable failure;

	/**
	 * Create a subscription.
	 * @param actual the subscriber
	 */
	protected DrainSubscription(CoreSubscriber<? super Token> actual) {
		this.actual = actual;
	}

	// what those inside do, on the thread that drains

	/**
	 * Something has happened.
	 * @param signal what
	 */
	protected abstract void handle(S signal);

	/**
	 * Ask those inside for tokens, until so many in all are on their way.
	 * @param wanted how many may come, {@link Long#MAX_VALUE} for all
	 */
	protected abstract void demand(long wanted);

	/**
	 * Stop those inside. Called on any thread, and maybe more than once.
	 */
	protected abstract void stop();

	/**
	 * All signals are handled; called before tokens that wait are emitted.
	 */
	protected void afterSignals() {
	}

	/**
	 * Nothing more will happen; called before the end is told, and after a cancel; maybe
	 * more than once.
	 */
	protected void release() {
	}

	// the subscriber's side

	@Override
	public final void request(long n) {
		if (Operators.validate(n)) {
			Operators.addCap(REQUESTED, this, n);
			drain();
		}
	}

	@Override
	public final void cancel() {
		if (!this.cancelled) {
			this.cancelled = true;
			// at once, even if another thread drains and is busy with the subscriber
			stop();
			drain();
		}
	}

	/**
	 * The subscriber's context.
	 * @return the context
	 */
	public final Context context() {
		return this.actual.currentContext();
	}

	// signals, from any thread

	/**
	 * Leave a signal.
	 * @param signal what has happened
	 */
	protected final void signal(S signal) {
		this.signals.offer(signal);
		drain();
	}

	/**
	 * Go to work unless somebody is, for a token that needs no signal then. Whoever gets
	 * in must {@link #leave()}.
	 * @return whether this thread drains now
	 */
	protected final boolean enter() {
		return WIP.compareAndSet(this, 0, 1);
	}

	/**
	 * Do what is left to do after {@link #enter()}, until there is nothing.
	 */
	protected final void leave() {
		int missed = 1;
		while (missed != 0) {
			if (this.cancelled || this.ended) {
				discard();
			}
			else {
				try {
					work();
				}
				catch (RuntimeException ex) {
					broken(ex);
					work();
				}
			}
			missed = WIP.addAndGet(this, -missed);
		}
	}

	/**
	 * See what there is to do.
	 */
	protected final void drain() {
		if (WIP.getAndIncrement(this) == 0) {
			leave();
		}
	}

	/**
	 * Whether the subscriber has cancelled.
	 * @return whether it has
	 */
	protected final boolean isCancelled() {
		return this.cancelled;
	}

	// for the thread that drains

	/**
	 * Whether the stream goes on.
	 * @return whether what comes is still wanted
	 */
	protected final boolean isOpen() {
		return !this.cancelled && !this.ending;
	}

	/**
	 * Whether the subscriber waits for a token.
	 * @return whether it has asked for more than it got
	 */
	protected final boolean isWaiting() {
		return this.emitted != this.requested;
	}

	/**
	 * Emit a token, or keep it until it is asked for.
	 * @param token the token
	 */
	public final void pass(Token token) {
		if (this.ready.isEmpty() && isWaiting()) {
			emit(token);
		}
		else {
			this.ready.add(token);
		}
	}

	/**
	 * End the stream, when all tokens are emitted.
	 */
	protected final void complete() {
		this.ending = true;
	}

	/**
	 * End the stream with an error, when all tokens are emitted.
	 * @param error why
	 */
	public void fail(Throwable error) {
		this.failure = error;
		this.ending = true;
	}

	/**
	 * Something inside has thrown what it must not: end with that, not in silence.
	 * @param failure what it has thrown
	 */
	protected final void broken(RuntimeException failure) {
		stop();
		fail(failure);
	}

	private void work() {
		S signal = this.signals.poll();
		while (signal != null && isOpen()) {
			handle(signal);
			signal = this.signals.poll();
		}
		if (isOpen()) {
			afterSignals();
		}
		while (!this.ready.isEmpty() && isWaiting() && !this.cancelled) {
			emit(this.ready.remove());
		}
		if (this.cancelled) {
			discard();
		}
		else if (this.ending && this.ready.isEmpty()) {
			end();
		}
		else if (!this.ending) {
			long wanted = this.requested;
			demand((wanted != Long.MAX_VALUE) ? wanted - this.emitted - this.ready.size() : wanted);
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

	private void end() {
		this.ended = true;
		release();
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
		release();
		if (!this.ended) {
			stop();
		}
	}

}
