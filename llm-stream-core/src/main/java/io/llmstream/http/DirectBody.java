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

package io.llmstream.http;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The body of an answer in two streams: values go straight to who asked, and demand comes
 * straight from there; the end goes to who subscribes.
 * <p>
 * {@link org.springframework.web.reactive.function.client.WebClient} puts four operators
 * around an exchange, to release what nobody reads and to word errors. They have work at
 * its end, and none for a value; but where a token is all that comes in some
 * milliseconds, each costs a walk through memory that has left the processor's caches.
 *
 * @param <T> what the answer is turned into
 */
final class DirectBody<T> extends Flux<T> {

	private final Publisher<T> values;

	private final CoreSubscriber<? super T> reader;

	private final Operators.DeferredSubscription demand;

	DirectBody(Publisher<T> values, CoreSubscriber<? super T> reader, Operators.DeferredSubscription demand) {
		this.values = values;
		this.reader = reader;
		this.demand = demand;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> ends) {
		this.values.subscribe(new Values<>(this.reader, this.demand, ends));
	}

	private static final class Values<T> implements CoreSubscriber<T>, Subscription {

		private final CoreSubscriber<? super T> reader;

		private final Operators.DeferredSubscription demand;

		private final CoreSubscriber<? super T> ends;

		private @Nullable Subscription source;

		Values(CoreSubscriber<? super T> reader, Operators.DeferredSubscription demand,
				CoreSubscriber<? super T> ends) {
			this.reader = reader;
			this.demand = demand;
			this.ends = ends;
		}

		@Override
		public Context currentContext() {
			return this.ends.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (Operators.validate(this.source, subscription)) {
				this.source = subscription;
				this.ends.onSubscribe(this);
				this.demand.set(subscription);
			}
		}

		@Override
		public void onNext(T value) {
			this.reader.onNext(value);
		}

		@Override
		public void onError(Throwable error) {
			this.ends.onError(error);
		}

		@Override
		public void onComplete() {
			this.ends.onComplete();
		}

		@Override
		public void request(long n) {
			// the reader asks for values
		}

		@Override
		public void cancel() {
			Subscription subscription = this.source;
			if (subscription != null) {
				subscription.cancel();
			}
		}

	}

}
