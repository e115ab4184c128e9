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

package io.llmstream.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;

import io.llmstream.AttemptLedger;
import io.llmstream.EmittingThread;
import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamFailure;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * One active stream: stands between its tokens and their subscriber, and can end it from
 * outside.
 * <p>
 * Who ends it first decides how. A stop cancels what is inside, waits until the attempts
 * that were open have said what they used, and then gives the subscriber its error: at
 * once, or after the token that is on its way.
 */
final class TrackedStream implements CoreSubscriber<Token>, Subscription, StreamObserver {

	private static final AtomicIntegerFieldUpdater<TrackedStream> STATE = AtomicIntegerFieldUpdater
		.newUpdater(TrackedStream.class, "state");

	private static final AtomicLongFieldUpdater<TrackedStream> TOKENS = AtomicLongFieldUpdater
		.newUpdater(TrackedStream.class, "tokens");

	private static final int IDLE = 0;

	/** A token is being passed on. */
	private static final int EMITTING = 1;

	/** The subscriber has got the error of a stop. */
	private static final int STOPPED = 2;

	/** How long to wait at most before looking again whether a token is passed on. */
	private static final long LONGEST_WAIT_MILLIS = 1_000;

	private final ActiveStreams streams;

	private final String id;

	private final String client;

	private final Map<String, String> tags;

	private final CoreSubscriber<? super Token> actual;

	private final Context context;

	private final Instant started = Instant.now();

	private final long startedNanos = System.nanoTime();

	private final OpenAttempts open = new OpenAttempts();

	private final EmittingThread emitting = new EmittingThread();

	private final AtomicReference<StreamOutcome.End> end = new AtomicReference<>();

	private final AtomicBoolean told = new AtomicBoolean();

	private volatile int state;

	private volatile long tokens;

	private volatile long firstToken = -1;

	private volatile boolean stopped;

	/** Stopped, and its attempts have ended. */
	private volatile boolean stopDue;

	private volatile @Nullable Subscription upstream;

	// from here on: guarded by this

	private final List<StreamAttempt> attempts = new ArrayList<>(2);

	private int begun;

	private @Nullable String provider;

	private @Nullable String model;

	TrackedStream(ActiveStreams streams, String id, String client, StreamRequest request,
			CoreSubscriber<? super Token> actual) {
		this.streams = streams;
		this.id = id;
		this.client = client;
		this.tags = request.tags();
		this.model = request.model();
		this.actual = actual;
		this.context = this.emitting.in(in(actual.currentContext())).put(TrackedStream.class, this);
	}

	String id() {
		return this.id;
	}

	String client() {
		return this.client;
	}

	synchronized ActiveStream snapshot() {
		return new ActiveStream(this.id, this.client, this.provider, this.model, this.tags, this.started, age(),
				timeToFirstToken(), this.tokens, this.begun);
	}

	private Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.startedNanos);
	}

	private @Nullable Duration timeToFirstToken() {
		long nanos = this.firstToken;
		return (nanos >= 0) ? Duration.ofNanos(nanos) : null;
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (Operators.validate(this.upstream, subscription)) {
			this.upstream = subscription;
			if (this.stopped) {
				subscription.cancel();
			}
			this.actual.onSubscribe(this);
		}
	}

	@Override
	public void onNext(Token token) {
		if (token.hasContent()) {
			long before = this.tokens;
			if (before == 0) {
				this.firstToken = System.nanoTime() - this.startedNanos;
			}
			TOKENS.lazySet(this, before + 1);
		}
		else if (token instanceof Token.Finish && !this.end.compareAndSet(null, StreamOutcome.End.COMPLETED)) {
			// stopped before the answer was complete
			return;
		}
		if (this.emitting.isCurrent()) {
			// a stop waits for the end of its attempt
			this.actual.onNext(token);
		}
		else if (STATE.compareAndSet(this, IDLE, EMITTING)) {
			try {
				this.actual.onNext(token);
			}
			finally {
				// no barrier, which each token would pay for: see deliverStop
				STATE.lazySet(this, IDLE);
			}
			if (this.stopDue && STATE.compareAndSet(this, IDLE, STOPPED)) {
				fail();
			}
		}
		else if (!this.stopped) {
			// from within the subscriber's own onNext
			this.actual.onNext(token);
		}
	}

	@Override
	public void onError(Throwable error) {
		if (this.end.compareAndSet(null, StreamOutcome.End.FAILED)) {
			ended(StreamOutcome.End.FAILED, (error instanceof LlmStreamException known) ? known.getKind() : null);
			this.actual.onError(error);
		}
		else if (this.end.get() == StreamOutcome.End.COMPLETED) {
			// after the last token, which the contract does not allow
			ended(StreamOutcome.End.FAILED, (error instanceof LlmStreamException known) ? known.getKind() : null);
			this.actual.onError(error);
		}
		else if (!this.stopped) {
			Operators.onErrorDropped(error, this.context);
		}
	}

	@Override
	public void onComplete() {
		if (this.end.compareAndSet(null, StreamOutcome.End.COMPLETED)
				|| this.end.get() == StreamOutcome.End.COMPLETED) {
			ended(StreamOutcome.End.COMPLETED, null);
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
		boolean first = this.end.compareAndSet(null, StreamOutcome.End.CANCELLED);
		// who has the last token and leaves has cancelled nothing
		boolean complete = !first && this.end.get() == StreamOutcome.End.COMPLETED;
		Subscription source = this.upstream;
		if (source != null) {
			source.cancel();
		}
		if (first) {
			this.open.whenClosed(() -> ended(StreamOutcome.End.CANCELLED, null));
		}
		else if (complete) {
			ended(StreamOutcome.End.COMPLETED, null);
		}
	}

	/**
	 * Stop the stream.
	 * @return whether this ended it
	 */
	boolean stop() {
		if (!this.end.compareAndSet(null, StreamOutcome.End.FAILED)) {
			return false;
		}
		this.stopped = true;
		Subscription source = this.upstream;
		if (source != null) {
			source.cancel();
		}
		this.open.whenClosed(() -> {
			this.stopDue = true;
			deliverStop(1);
		});
		return true;
	}

	/**
	 * Give the subscriber its error, unless a token is being passed on: who does that
	 * gives it afterwards. It may have looked too early to see that it is due, before
	 * what it wrote could be seen here; so this looks again.
	 */
	private void deliverStop(long waitMillis) {
		if (STATE.compareAndSet(this, IDLE, STOPPED)) {
			fail();
		}
		else if (this.state != STOPPED) {
			Schedulers.parallel()
				.schedule(() -> deliverStop(Math.min(LONGEST_WAIT_MILLIS, 2 * waitMillis)), waitMillis,
						TimeUnit.MILLISECONDS);
		}
	}

	private void fail() {
		ended(StreamOutcome.End.FAILED, ErrorKind.STOPPED);
		this.actual.onError(stoppedException());
	}

	private LlmStreamException stoppedException() {
		AttemptLedger ledger = AttemptLedger.from(this.context);
		String text = (ledger != null) ? ledger.cancelledText() : "";
		synchronized (this) {
			StreamAttempt last = (this.attempts.isEmpty()) ? null : this.attempts.get(this.attempts.size() - 1);
			return StreamFailure
				.of(ErrorKind.STOPPED, (this.provider != null) ? this.provider : this.client, "the stream was stopped")
				.model(this.model)
				.response(null, (last != null) ? last.requestId() : null)
				.partial(text, (last != null) ? last.usage() : Usage.NONE, (last != null) ? last.responseId() : null)
				.toException();
		}
	}

	@Override
	public void onAttemptBegin(String provider, @Nullable String model) {
		this.open.begin();
		synchronized (this) {
			this.begun++;
			this.provider = provider;
			this.model = model;
		}
	}

	@Override
	public void onAttempt(StreamAttempt attempt) {
		synchronized (this) {
			this.attempts.add(attempt);
		}
		this.streams.tell((listener) -> listener.attempted(this.client, attempt));
		this.open.end();
	}

	@Override
	public void onEnd(StreamOutcome outcome) {
		// told to those outside; this one knows
	}

	private void ended(StreamOutcome.End how, @Nullable ErrorKind kind) {
		if (!this.told.compareAndSet(false, true)) {
			return;
		}
		EndedStream ended;
		synchronized (this) {
			ended = new EndedStream(this.client, how, kind, age(), timeToFirstToken(), this.tokens, this.attempts);
		}
		this.streams.remove(this, ended);
	}

}
