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

package io.llmstream.resilience;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * A stream whose attempts follow each other until content has come. From then on a token
 * is handed on and nothing else: Reactor's operators, which could retry forever, take two
 * locks and three steps for each.
 */
final class RetriedFlux extends Flux<Token> {

	private final RetryBeforeContent filter;

	private final Supplier<Flux<Token>> attempts;

	RetriedFlux(RetryBeforeContent filter, Supplier<Flux<Token>> attempts) {
		this.filter = filter;
		this.attempts = attempts;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Token> actual) {
		Attempts subscription = new Attempts(actual, new Retries(this.filter), this.attempts);
		actual.onSubscribe(subscription);
		subscription.attempt();
	}

	/**
	 * The attempts of one subscription, and the subscriber of each.
	 */
	private static final class Attempts implements CoreSubscriber<Token>, Subscription {

		private final CoreSubscriber<? super Token> actual;

		private final Retries retries;

		private final Supplier<Flux<Token>> attempts;

		/** The attempt that brought content, which is the last one. */
		private volatile @Nullable Subscription last;

		// from here on: guarded by this

		private @Nullable Subscription upstream;

		private @Nullable Disposable wait;

		/** Asked for and not passed on, while another attempt may follow. */
		private long outstanding;

		private boolean cancelled;

		private Attempts(CoreSubscriber<? super Token> actual, Retries retries, Supplier<Flux<Token>> attempts) {
			this.actual = actual;
			this.retries = retries;
			this.attempts = attempts;
		}

		private void attempt() {
			synchronized (this) {
				this.wait = null;
				if (this.cancelled) {
					return;
				}
			}
			Flux<Token> next;
			try {
				next = this.retries.attempt(this.attempts.get());
			}
			catch (Throwable ex) {
				Exceptions.throwIfFatal(ex);
				onError(ex);
				return;
			}
			next.subscribe(this);
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			long demand;
			synchronized (this) {
				demand = (this.cancelled) ? -1 : this.outstanding;
				this.upstream = subscription;
			}
			if (demand < 0) {
				subscription.cancel();
			}
			else if (demand > 0) {
				subscription.request(demand);
			}
		}

		@Override
		public void onNext(Token token) {
			if (this.last == null && !mayPass(token)) {
				return;
			}
			this.actual.onNext(token);
		}

		/**
		 * Look at a token that comes while another attempt may follow.
		 */
		private boolean mayPass(Token token) {
			boolean pass = this.retries.passOn(token);
			Subscription source;
			synchronized (this) {
				source = this.upstream;
				if (pass && this.outstanding != Long.MAX_VALUE) {
					this.outstanding--;
				}
			}
			if (this.retries.hasContent()) {
				this.last = source;
			}
			if (!pass && source != null) {
				source.request(1);
			}
			return pass;
		}

		@Override
		public void onError(Throwable error) {
			Duration delay = (this.last == null) ? delay(error) : null;
			if (delay == null || !await(delay, error)) {
				this.actual.onError(error);
			}
		}

		/**
		 * How long to wait for another attempt. Who decides about that may be the
		 * application's, and must not keep the error from its subscriber.
		 * @return the wait, or {@code null} if there is to be no other attempt
		 */
		private @Nullable Duration delay(Throwable error) {
			try {
				return this.retries.next(error);
			}
			catch (RuntimeException ex) {
				if (ex != error) {
					error.addSuppressed(ex);
				}
				return null;
			}
		}

		/**
		 * Wait for the next attempt.
		 * @return whether that can be done
		 */
		private synchronized boolean await(Duration delay, Throwable error) {
			this.upstream = null;
			if (!this.cancelled) {
				try {
					this.wait = Schedulers.parallel().schedule(this::attempt, delay.toMillis(), TimeUnit.MILLISECONDS);
				}
				catch (RejectedExecutionException ex) {
					// the application is going down
					error.addSuppressed(ex);
					return false;
				}
			}
			return true;
		}

		@Override
		public void onComplete() {
			this.actual.onComplete();
		}

		@Override
		public void request(long n) {
			Subscription source = this.last;
			if (source == null) {
				if (!Operators.validate(n)) {
					return;
				}
				synchronized (this) {
					this.outstanding = Operators.addCap(this.outstanding, n);
					source = this.upstream;
				}
			}
			if (source != null) {
				source.request(n);
			}
		}

		@Override
		public void cancel() {
			Subscription source;
			Disposable waiting;
			synchronized (this) {
				this.cancelled = true;
				source = this.upstream;
				waiting = this.wait;
			}
			if (waiting != null) {
				waiting.dispose();
			}
			if (source != null) {
				source.cancel();
			}
		}

	}

}
