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

package io.llmstream.relay.reactive;

import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.ReactiveHttpOutputMessage;

/**
 * Turns a body into groups of one buffer each, after which the server flushes. Servers
 * ask for dozens of groups ahead; a group is therefore only a promise, which asks the
 * body for its buffer when the one before was written, as far as that can be known. What
 * arrives while a write is in flight is so merged into the next, and nothing is encoded
 * to wait. However many are asked for, there is one promise at a time: the others would
 * only be held, by every open connection.
 */
final class BatchGroups extends BaseSubscriber<DataBuffer> {

	private final AtomicReference<@Nullable Promise> waiting = new AtomicReference<>();

	private final Promises promises = new Promises();

	private final Flux<DataBuffer> body;

	private final Sinks.Empty<Void> failed = Sinks.empty();

	private final AtomicBoolean inFlight = new AtomicBoolean();

	private final ReactiveHttpOutputMessage message;

	private final Context context;

	private final boolean tracking;

	private volatile boolean done;

	private BatchGroups(ReactiveHttpOutputMessage message, Context context,
			Function<Function<byte[], DataBuffer>, Flux<DataBuffer>> factory) {
		DataBufferFactory buffers = message.bufferFactory();
		this.message = message;
		this.context = context;
		this.tracking = NettyBatches.supports(buffers);
		this.body = factory.apply((this.tracking) ? NettyBatches.wrapper(message, this::written) : buffers::wrap);
	}

	/**
	 * Write a body and flush each of its buffers.
	 */
	static Mono<Void> write(ReactiveHttpOutputMessage message,
			Function<Function<byte[], DataBuffer>, Flux<DataBuffer>> factory) {
		return Mono.deferContextual((context) -> {
			BatchGroups groups = new BatchGroups(message, Context.of(context), factory);
			// A write that is stuck would hear of a failure only when it is done.
			return Mono.firstWithSignal(message.writeAndFlushWith(groups.promises), groups.failed.asMono())
				.doOnCancel(groups::cancel)
				// A server that fails to write cancels nothing if it has asked before.
				// That of a test may have done its part before the body is read.
				.doOnError((failure) -> groups.cancel())
				// The browser left, or was left, while a write was under way: no error of
				// the server. Spring knows this for HTTP/1.1 only.
				.onErrorResume(ClosedChannelException.class, (ex) -> Mono.empty());
		});
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	private void written() {
		this.inFlight.set(false);
		askBody();
	}

	private void askBody() {
		if (this.waiting.get() != null && this.inFlight.compareAndSet(false, true)) {
			request(1);
		}
	}

	private void give(@Nullable DataBuffer buffer) {
		if (!this.tracking) {
			this.inFlight.set(false);
		}
		Promise promise = this.waiting.getAndSet(null);
		if (promise != null && promise.take()) {
			promise.keep(buffer);
			this.promises.kept();
		}
		else if (buffer != null) {
			// the write was given up meanwhile, and nobody else would release it
			DataBufferUtils.release(buffer);
		}
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
		// The first group asks.
	}

	@Override
	protected void hookOnNext(DataBuffer buffer) {
		give(buffer);
	}

	@Override
	protected void hookOnComplete() {
		this.done = true;
		give(null);
		this.promises.drain();
	}

	@Override
	protected void hookOnError(Throwable failure) {
		// The groups stay open: they must not seem to have ended well before this is
		// heard.
		if (!NettyBatches.cut(this.message)) {
			this.failed.tryEmitError(failure);
		}
	}

	/**
	 * The promises, each of which comes when it was asked for and the one before was
	 * kept.
	 */
	private final class Promises extends Flux<Mono<DataBuffer>> implements Subscription {

		private static final AtomicIntegerFieldUpdater<Promises> SIGNALS = AtomicIntegerFieldUpdater
			.newUpdater(Promises.class, "signals");

		private static final AtomicLongFieldUpdater<Promises> ASKED = AtomicLongFieldUpdater.newUpdater(Promises.class,
				"asked");

		/** Of those that call at once, one sends. It is 1 until there is a server. */
		private volatile int signals = 1;

		private volatile long asked;

		private volatile boolean outstanding;

		private volatile boolean ended;

		private @Nullable CoreSubscriber<? super Mono<DataBuffer>> actual;

		@Override
		public void subscribe(CoreSubscriber<? super Mono<DataBuffer>> actual) {
			if (this.actual != null) {
				Operators.error(actual, new IllegalStateException("A body can be written only once"));
				return;
			}
			this.actual = actual;
			BatchGroups.this.body.subscribe(BatchGroups.this);
			actual.onSubscribe(this);
			send(actual);
		}

		@Override
		public void request(long n) {
			if (Operators.validate(n)) {
				Operators.addCap(ASKED, this, n);
				drain();
			}
		}

		@Override
		public void cancel() {
			this.ended = true;
			BatchGroups.this.cancel();
		}

		/**
		 * The promise that was outstanding is kept.
		 */
		void kept() {
			this.outstanding = false;
			drain();
		}

		void drain() {
			if (SIGNALS.getAndIncrement(this) == 0) {
				send(Objects.requireNonNull(this.actual));
			}
		}

		/**
		 * A server that answers at once calls back from here, which only counts: however
		 * long the body, the stack does not grow.
		 */
		private void send(CoreSubscriber<? super Mono<DataBuffer>> actual) {
			int missed = 1;
			do {
				if (!this.ended) {
					sendOne(actual);
				}
				missed = SIGNALS.addAndGet(this, -missed);
			}
			while (missed != 0);
		}

		private void sendOne(CoreSubscriber<? super Mono<DataBuffer>> actual) {
			if (BatchGroups.this.done) {
				this.ended = true;
				actual.onComplete();
			}
			else if (!this.outstanding && this.asked > 0) {
				this.outstanding = true;
				Operators.produced(ASKED, this, 1);
				actual.onNext(new Promise());
			}
		}

	}

	/**
	 * A group of one buffer that is still to come. A buffer and a cancel may meet:
	 * whoever takes the promise first decides whether the buffer is written or released.
	 */
	private final class Promise extends Mono<DataBuffer> implements Subscription {

		private static final AtomicIntegerFieldUpdater<Promise> ASKED = AtomicIntegerFieldUpdater
			.newUpdater(Promise.class, "asked");

		private static final AtomicIntegerFieldUpdater<Promise> TAKEN = AtomicIntegerFieldUpdater
			.newUpdater(Promise.class, "taken");

		private volatile int asked;

		private volatile int taken;

		private @Nullable CoreSubscriber<? super DataBuffer> actual;

		@Override
		public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
			this.actual = actual;
			actual.onSubscribe(this);
		}

		@Override
		public void request(long n) {
			if (!ASKED.compareAndSet(this, 0, 1)) {
				return;
			}
			BatchGroups.this.waiting.set(this);
			if (this.taken != 0) {
				BatchGroups.this.waiting.compareAndSet(this, null);
			}
			else if (BatchGroups.this.done) {
				give(null);
			}
			else {
				askBody();
			}
		}

		@Override
		public void cancel() {
			if (take()) {
				BatchGroups.this.waiting.compareAndSet(this, null);
				BatchGroups.this.cancel();
			}
		}

		boolean take() {
			return TAKEN.compareAndSet(this, 0, 1);
		}

		void keep(@Nullable DataBuffer buffer) {
			CoreSubscriber<? super DataBuffer> subscriber = Objects.requireNonNull(this.actual);
			if (buffer != null) {
				subscriber.onNext(buffer);
			}
			subscriber.onComplete();
		}

	}

}
