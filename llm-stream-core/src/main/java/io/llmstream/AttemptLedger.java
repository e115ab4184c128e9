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
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What one subscription tried: every attempt with its target, its end, the wait before
 * it, its tokens and its usage. The outermost client of a stream opens the ledger and
 * puts it into the Reactor context; all that is inside of it, routes, retries and other
 * clients, writes into the same one.
 * <p>
 * Those who read find the attempts in {@link Token.Finish#attempts()}, in
 * {@link LlmStreamException#getAttempts()}, and, on all three ends of a stream, in
 * {@link StreamOutcome#attempts()}.
 * <p>
 * Safe for use by several threads.
 */
public final class AttemptLedger {

	private List<StreamAttempt> attempts = List.of();

	private int open;

	private @Nullable Runnable allClosed;

	private volatile CharSequence cancelledText = "";

	AttemptLedger() {
	}

	/**
	 * Keep a ledger for each subscription to a stream, and tell its
	 * {@link StreamObserver} how the stream ended, once. Where the subscriber's context
	 * holds a ledger already, this does nothing. {@link LlmStreamClient#create} does it
	 * for its model; what is used without a client, such as a filter around a model, may
	 * need it.
	 * @param stream the stream
	 * @return the stream with a ledger
	 */
	public static Flux<Token> keep(Flux<Token> stream) {
		return (stream instanceof LedgerFlux) ? stream : new LedgerFlux(stream);
	}

	/**
	 * Keep a ledger for each subscription to a stream, as {@link #keep(Flux)} does, in a
	 * context that is changed before. Where the subscriber's context holds a ledger
	 * already, this does nothing: what is added to the context of a stream is added once.
	 */
	static Flux<Token> keep(Flux<Token> stream, UnaryOperator<Context> context) {
		return new LedgerFlux(stream, context);
	}

	/**
	 * Find the ledger of a subscription.
	 * @param context the subscriber's context
	 * @return the ledger, or {@code null} if none is kept
	 */
	public static @Nullable AttemptLedger from(ContextView context) {
		return StreamScope.from(context).ledger();
	}

	/**
	 * Note that what is subscribed to with this context comes after a wait.
	 * @param context the context
	 * @param delay how long the stream waited
	 * @return the context that knows of the wait
	 */
	public static Context afterDelay(Context context, Duration delay) {
		return StreamScope.from(context).withDelay(delay).in(context);
	}

	/**
	 * How long the stream waited before the attempt that is being made.
	 * @param context the subscriber's context
	 * @return the wait, zero if there was none
	 */
	public static Duration delay(ContextView context) {
		Duration delay = StreamScope.from(context).delay();
		return (delay != null) ? delay : Duration.ZERO;
	}

	/**
	 * Note in the ledger of a subscription, if one is kept, that an attempt begins, so
	 * that the end of a cancelled stream is told with that attempt in the ledger, even if
	 * it ends on another thread; and tell the subscription's {@link StreamObserver}.
	 * @param context the subscriber's context
	 * @param provider the provider's name in the configuration
	 * @param model the model that is asked, or {@code null} if none is chosen
	 * @return what to run once, after the attempt was {@linkplain #record recorded}; more
	 * runs do nothing
	 */
	public static Runnable begin(ContextView context, String provider, @Nullable String model) {
		AttemptLedger ledger = from(context);
		StreamObserver observer = StreamObserver.from(context);
		if (observer != null) {
			try {
				observer.onAttemptBegin(provider, model);
			}
			catch (RuntimeException ex) {
				Operators.onErrorDropped(ex, Context.of(context));
			}
		}
		return (ledger != null) ? ledger.begin() : () -> {
		};
	}

	/**
	 * Write an attempt that failed before anything was sent, such as one that an open
	 * circuit breaker turned away, as one that begins and ends at once.
	 * @param context the subscriber's context
	 * @param error why
	 */
	public static void turnedAway(ContextView context, LlmStreamException error) {
		Runnable close = begin(context, error.getProvider(), error.getModel());
		record(context, StreamAttempt.notSent(error, delay(context)));
		close.run();
	}

	/**
	 * Keep the text that came before a cancel, for who turns the cancel into an error. A
	 * later text takes its place.
	 * @param context the subscriber's context
	 * @param text the text, may be empty
	 */
	public static void cancelledAfter(ContextView context, CharSequence text) {
		AttemptLedger ledger = from(context);
		if (ledger != null) {
			ledger.cancelledText = text;
		}
	}

	/**
	 * The text that came before the attempt that was cancelled last.
	 * @return the text, may be empty
	 */
	public String cancelledText() {
		return this.cancelledText.toString();
	}

	/**
	 * Write an attempt that has ended into the ledger of a subscription, if one is kept,
	 * and tell the subscription's {@link StreamObserver}.
	 * @param context the subscriber's context
	 * @param attempt the attempt
	 */
	public static void record(ContextView context, StreamAttempt attempt) {
		record(context, attempt, "");
	}

	/**
	 * Write an attempt that has ended into the ledger of a subscription, if one is kept,
	 * and tell the subscription's {@link StreamObserver}.
	 * @param context the subscriber's context
	 * @param attempt the attempt
	 * @param written what the model wrote in it, for an observer that counts; used during
	 * the call only
	 */
	public static void record(ContextView context, StreamAttempt attempt, CharSequence written) {
		AttemptLedger ledger = from(context);
		if (ledger != null) {
			ledger.add(attempt);
		}
		StreamObserver observer = StreamObserver.from(context);
		if (observer != null) {
			try {
				observer.onAttempt(attempt, written);
			}
			catch (RuntimeException ex) {
				Operators.onErrorDropped(ex, Context.of(context));
			}
		}
	}

	/**
	 * Add an attempt that has ended. {@link #record} tells the observer as well.
	 * @param attempt the attempt
	 */
	public synchronized void add(StreamAttempt attempt) {
		StreamAttempt[] more = this.attempts.toArray(new StreamAttempt[this.attempts.size() + 1]);
		more[this.attempts.size()] = attempt;
		this.attempts = List.of(more);
	}

	/**
	 * The attempts that have ended so far, in the order in which they ended.
	 * @return the attempts, a list that does not change
	 */
	public synchronized List<StreamAttempt> attempts() {
		return this.attempts;
	}

	/**
	 * Note that an attempt begins, so that the end of a cancelled stream is told with
	 * that attempt in the ledger, even if it ends on another thread.
	 * @return what to run once, after the attempt was written into the ledger; more runs
	 * do nothing
	 */
	public Runnable begin() {
		synchronized (this) {
			this.open++;
		}
		AtomicBoolean closed = new AtomicBoolean();
		return () -> {
			if (closed.compareAndSet(false, true)) {
				close();
			}
		};
	}

	private void close() {
		Runnable action = null;
		synchronized (this) {
			if (--this.open == 0) {
				action = this.allClosed;
				this.allClosed = null;
			}
		}
		if (action != null) {
			action.run();
		}
	}

	/**
	 * Run an action as soon as no attempt is open.
	 */
	void whenAllClosed(Runnable action) {
		synchronized (this) {
			if (this.open > 0) {
				this.allClosed = action;
				return;
			}
		}
		action.run();
	}

	@Override
	public String toString() {
		return "AttemptLedger" + attempts();
	}

}
