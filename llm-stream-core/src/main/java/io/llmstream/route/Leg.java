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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import io.llmstream.StreamRequest;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * One target that is being asked on behalf of a {@link RouteSubscription}. Signals are
 * handed on; what else is here is used by the thread that drains alone.
 */
final class Leg implements CoreSubscriber<Token> {

	private static final AtomicReferenceFieldUpdater<Leg, Subscription> UPSTREAM = AtomicReferenceFieldUpdater
		.newUpdater(Leg.class, Subscription.class, "upstream");

	private final RouteSubscription route;

	private final RouteTarget target;

	private final StreamRequest request;

	private final @Nullable Continuation continuation;

	private final @Nullable TextJoin join;

	private final long started = now();

	private volatile @Nullable Subscription upstream;

	private long outstanding;

	private boolean unbounded;

	private boolean spoken;

	private boolean sentContent;

	private boolean finished;

	Leg(RouteSubscription route, RouteTarget target, StreamRequest request, @Nullable Continuation continuation,
			@Nullable TextJoin join) {
		this.route = route;
		this.target = target;
		this.request = request;
		this.continuation = continuation;
		this.join = join;
	}

	private static long now() {
		return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
	}

	void subscribe() {
		try {
			this.target.streamingModel().stream(this.request).subscribe(this);
		}
		catch (RuntimeException ex) {
			onError(ex);
		}
	}

	@Override
	public Context currentContext() {
		return this.route.context();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (UPSTREAM.compareAndSet(this, null, subscription)) {
			this.route.subscribed();
		}
		else {
			subscription.cancel();
		}
	}

	@Override
	public void onNext(Token token) {
		this.route.next(this, token);
	}

	@Override
	public void onError(Throwable error) {
		this.route.ended(this, error);
	}

	@Override
	public void onComplete() {
		this.route.ended(this, null);
	}

	void cancel() {
		Subscription before = UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
		if (before != null) {
			before.cancel();
		}
	}

	/**
	 * Ask for tokens until so many are under way.
	 */
	void demand(long wanted) {
		Subscription source = this.upstream;
		if (source == null || this.unbounded || wanted <= this.outstanding) {
			return;
		}
		this.unbounded = wanted == Long.MAX_VALUE;
		long more = (this.unbounded) ? Long.MAX_VALUE : wanted - this.outstanding;
		this.outstanding = wanted;
		source.request(more);
	}

	void received() {
		if (!this.unbounded) {
			this.outstanding--;
		}
	}

	RouteTarget target() {
		return this.target;
	}

	StreamRequest request() {
		return this.request;
	}

	@Nullable Continuation continuation() {
		return this.continuation;
	}

	@Nullable TextJoin join() {
		return this.join;
	}

	/**
	 * Take note of a token other than those that are no part of an answer.
	 * @return how long the first one took in nanoseconds, or -1 if this is not the first
	 */
	long speaks() {
		if (this.spoken) {
			return -1;
		}
		this.spoken = true;
		return now() - this.started;
	}

	boolean hasSpoken() {
		return this.spoken;
	}

	/**
	 * Whether something of this leg was passed on that cannot be taken back silently.
	 */
	boolean hasSentContent() {
		return this.sentContent;
	}

	void sentContent() {
		this.sentContent = true;
	}

	boolean isFinished() {
		return this.finished;
	}

	void finished() {
		this.finished = true;
	}

}
