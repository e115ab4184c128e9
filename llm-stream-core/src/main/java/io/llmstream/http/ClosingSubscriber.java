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

import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.http.client.reactive.ClientHttpRequest;

/**
 * Makes a cancel close the connection wherever it meets the answer.
 * <p>
 * Between headers and body
 * {@link org.springframework.web.reactive.function.client.WebClient} takes a cancel for a
 * wish to use the connection again, and reads the body to its end: for a stream that is
 * minutes of tokens which nobody wants and somebody pays. So the cancel goes to the event
 * loop of the connection, where headers and body are one step and no such moment exists;
 * and where a filter of the client has left that thread, so that it does, the connection
 * is closed all the same.
 *
 * @param <T> what the answer is turned into
 */
final class ClosingSubscriber<T> implements CoreSubscriber<T>, Subscription {

	private final CoreSubscriber<? super T> actual;

	private final Operators.DeferredSubscription body = new Operators.DeferredSubscription();

	private @Nullable Subscription upstream;

	private volatile @Nullable UpstreamConnection connection;

	private volatile boolean cancelled;

	ClosingSubscriber(CoreSubscriber<? super T> actual) {
		this.actual = actual;
	}

	/**
	 * Take note of the connection that a request is about to be written to.
	 * @param request the request
	 */
	void sending(ClientHttpRequest request) {
		UpstreamConnection taken = UpstreamConnection.of(request);
		this.connection = taken;
		if (taken != null && this.cancelled) {
			close(taken);
		}
	}

	/**
	 * Let values come, and demand go, past the operators around the exchange, which get
	 * the end alone.
	 * @param values what the answer is turned into
	 * @return a stream of its end
	 */
	Flux<T> direct(Publisher<T> values) {
		return new DirectBody<>(values, this.actual, this.body);
	}

	@Override
	public Context currentContext() {
		return this.actual.currentContext();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.upstream = subscription;
		this.actual.onSubscribe(this);
		// for the end; see direct
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public void onNext(T value) {
		this.actual.onNext(value);
	}

	@Override
	public void onError(Throwable error) {
		this.actual.onError(error);
	}

	@Override
	public void onComplete() {
		this.actual.onComplete();
	}

	@Override
	public void request(long n) {
		this.body.request(n);
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		UpstreamConnection taken = this.connection;
		if (taken == null) {
			cancelUpstream();
		}
		else {
			close(taken);
		}
	}

	private void close(UpstreamConnection taken) {
		if (taken.eventLoop().inEventLoop()) {
			cancelAndClose(taken);
			return;
		}
		try {
			taken.eventLoop().execute(() -> cancelAndClose(taken));
		}
		catch (RejectedExecutionException ex) {
			// the event loop has shut down, and its connections with it
			cancelUpstream();
		}
	}

	private void cancelAndClose(UpstreamConnection taken) {
		cancelUpstream();
		taken.closeIfInUse();
	}

	private void cancelUpstream() {
		Subscription upstream = this.upstream;
		if (upstream != null) {
			upstream.cancel();
		}
	}

}
