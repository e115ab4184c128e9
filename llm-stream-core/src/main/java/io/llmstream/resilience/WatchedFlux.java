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

import java.util.concurrent.atomic.AtomicBoolean;

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A stream with a {@link StreamWatch}, for one subscription.
 */
final class WatchedFlux extends FluxOperator<Token, Token> {

	private final StreamWatch watch;

	WatchedFlux(Flux<Token> source, StreamWatch watch) {
		super(source);
		this.watch = watch;
	}

	@Override
	public void subscribe(CoreSubscriber<? super Token> actual) {
		this.source.subscribe(new Watcher(actual, this.watch));
	}

	private static final class Watcher implements CoreSubscriber<Token>, Subscription {

		private final CoreSubscriber<? super Token> actual;

		private final StreamWatch watch;

		private final AtomicBoolean ended = new AtomicBoolean();

		private @Nullable Subscription upstream;

		private Watcher(CoreSubscriber<? super Token> actual, StreamWatch watch) {
			this.actual = actual;
			this.watch = watch;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
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
			this.watch.next(token);
			this.actual.onNext(token);
		}

		@Override
		public void onError(Throwable error) {
			end(() -> this.watch.ended(error));
			this.actual.onError(error);
		}

		@Override
		public void onComplete() {
			end(() -> this.watch.ended(null));
			this.actual.onComplete();
		}

		/**
		 * Tell the end once. What the application has put into the watch must not keep
		 * the end from the subscriber.
		 */
		private void end(Runnable how) {
			if (this.ended.compareAndSet(false, true)) {
				try {
					how.run();
				}
				catch (RuntimeException ex) {
					Operators.onErrorDropped(ex, currentContext());
				}
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
			end(this.watch::cancelled);
		}

	}

}
