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

import java.io.IOException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;

import io.llmstream.relay.RelayBatch;
import io.llmstream.relay.RelayConnection;
import io.llmstream.relay.RelayTicker;
import io.llmstream.relay.Run;
import io.llmstream.relay.protocol.EventEncoder;
import io.llmstream.relay.protocol.WireBuffer;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Hands buffers to one subscriber as it asks for them, on whichever thread has news.
 */
final class ReactiveConnection extends RelayConnection implements Subscription {

	private static final Logger logger = LoggerFactory.getLogger(ReactiveConnection.class);

	private static final AtomicLongFieldUpdater<ReactiveConnection> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(ReactiveConnection.class, "requested");

	private static final AtomicIntegerFieldUpdater<ReactiveConnection> WORK = AtomicIntegerFieldUpdater
		.newUpdater(ReactiveConnection.class, "work");

	private final EventEncoder encoder;

	private final WireBuffer buffer = new WireBuffer();

	private final Function<byte[], DataBuffer> wrapper;

	private final CoreSubscriber<? super DataBuffer> subscriber;

	private volatile long requested;

	/**
	 * How often the loop was asked to run since it last looked; it is at work above 0.
	 */
	private volatile int work;

	private volatile boolean cancelled;

	private volatile boolean abandoned;

	ReactiveConnection(Run run, long after, RelayTicker ticker, EventEncoder encoder,
			Function<byte[], DataBuffer> wrapper, CoreSubscriber<? super DataBuffer> subscriber) {
		super(run, after, ticker);
		this.encoder = encoder;
		this.wrapper = wrapper;
		this.subscriber = subscriber;
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			Operators.addCap(REQUESTED, this, n);
			wake();
		}
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		detach();
	}

	@Override
	protected boolean canReset() {
		return this.encoder.canReset();
	}

	@Override
	protected void wake() {
		if (WORK.getAndIncrement(this) == 0) {
			drain();
		}
	}

	@Override
	protected void abandon() {
		logger.debug("Run {}: given up, because its browser accepted nothing for too long", run().id());
		this.abandoned = true;
		wake();
	}

	private void drain() {
		int seen;
		do {
			seen = this.work;
			if (!emitAll()) {
				// Over: the count stays above 0, so that the loop never runs again.
				return;
			}
		}
		while (WORK.addAndGet(this, -seen) != 0);
	}

	private boolean emitAll() {
		while (!this.cancelled) {
			if (this.abandoned) {
				return fail(new IOException("The browser accepted nothing for too long"));
			}
			RelayBatch batch;
			try {
				if (this.requested == 0) {
					if (hasPending()) {
						blocked();
					}
					return true;
				}
				unblocked();
				batch = next();
				if (batch == null) {
					return true;
				}
				emit(this.encoder.encode(batch, this.buffer));
			}
			catch (RuntimeException | Error ex) {
				// An error too: nobody else would ever end this response.
				logger.warn("Run {}: could not be read or encoded", run().id(), ex);
				return fail(ex);
			}
			if (batch.last()) {
				detach();
				this.subscriber.onComplete();
				return false;
			}
		}
		return false;
	}

	private void emit(byte[] bytes) {
		if (bytes.length > 0) {
			Operators.produced(REQUESTED, this, 1);
			this.subscriber.onNext(this.wrapper.apply(bytes));
		}
	}

	private boolean fail(Throwable failure) {
		detach();
		this.subscriber.onError(failure);
		return false;
	}

}
