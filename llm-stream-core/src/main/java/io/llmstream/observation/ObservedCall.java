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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

import io.llmstream.CompletionCollector;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LastRead;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Observes one call of a provider: stands between its tokens and their subscriber, and is
 * told of its attempts.
 */
final class ObservedCall implements CoreSubscriber<Token>, Subscription, StreamObserver {

	/**
	 * What comes within this time is one chunk. A sample costs more than all else that is
	 * done for a token, and the meter's least bucket is ten times as long.
	 */
	private static final long ONE_CHUNK = 1_000_000;

	private static final AtomicLongFieldUpdater<ObservedCall> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(ObservedCall.class, "requested");

	private final CoreSubscriber<? super Token> actual;

	private final InferenceContext inference;

	private final Observation observation;

	private final InferenceMeters meters;

	private final @Nullable CompletionCollector content;

	private final ObservationSettings settings;

	private final Context context;

	private final OpenAttempts open = new OpenAttempts();

	private final LastRead lastRead = new LastRead();

	private final AtomicBoolean ended = new AtomicBoolean();

	private final LongSupplier nanos;

	private final long started;

	private volatile long requested;

	/** When the subscriber asked for more after it had got all that it asked for. */
	private volatile long resumed;

	private volatile Token.@Nullable Finish finish;

	// from here on: only the thread that emits, and who comes after it

	private long emitted;

	/** When the last token that was looked at had been read. */
	private long read = LastRead.NEVER;

	private boolean begun;

	private long first;

	private long last;

	private @Nullable Timer chunks;

	private @Nullable Subscription upstream;

	// from here on: guarded by this

	private Usage usage = Usage.NONE;

	private int attempts;

	private @Nullable StreamAttempt lastAttempt;

	ObservedCall(CoreSubscriber<? super Token> actual, InferenceContext inference, Observation observation,
			InferenceMeters meters, ObservationSettings settings, LongSupplier nanos) {
		this.nanos = nanos;
		this.started = nanos.getAsLong();
		this.actual = actual;
		this.inference = inference;
		this.observation = observation;
		this.meters = meters;
		this.settings = settings;
		this.content = (settings.captureContent()) ? new CompletionCollector() : null;
		this.resumed = this.started;
		this.context = this.lastRead.in(in(actual.currentContext()))
			.put(ObservationThreadLocalAccessor.KEY, observation);
	}

	@Override
	public Context currentContext() {
		return this.context;
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
		if (token.hasContent()) {
			long time = this.lastRead.time();
			// who came in the same millisecond is part of the same chunk
			if (time != this.read || time == LastRead.NEVER) {
				this.read = time;
				chunk();
			}
		}
		else if (token instanceof Token.Finish end) {
			this.finish = end;
		}
		if (this.content != null) {
			this.content.add(token);
		}
		this.emitted++;
		this.actual.onNext(token);
	}

	private void chunk() {
		long now = this.nanos.getAsLong();
		Timer timer = this.chunks;
		if (timer != null) {
			long since = this.last;
			if (this.requested != Long.MAX_VALUE && this.resumed - since > 0) {
				// what the subscriber did not ask for could not come
				since = this.resumed;
			}
			if (now - since < ONE_CHUNK) {
				return;
			}
			this.meters.chunk(timer, now - since);
		}
		else {
			this.begun = true;
			this.first = now;
			this.chunks = this.meters.chunks(this.inference);
		}
		this.last = now;
	}

	@Override
	public void onError(Throwable error) {
		if (this.ended.compareAndSet(false, true)) {
			tell(StreamOutcome.End.FAILED, error);
		}
		this.actual.onError(error);
	}

	@Override
	public void onComplete() {
		if (this.ended.compareAndSet(false, true)) {
			tell(StreamOutcome.End.COMPLETED, null);
		}
		this.actual.onComplete();
	}

	@Override
	public void request(long n) {
		Subscription source = this.upstream;
		if (source != null) {
			if (this.requested != Long.MAX_VALUE) {
				long before = Operators.addCap(REQUESTED, this, n);
				if (before == this.emitted) {
					this.resumed = this.nanos.getAsLong();
				}
			}
			source.request(n);
		}
	}

	@Override
	public void cancel() {
		// who has the last token and leaves has cancelled nothing
		StreamOutcome.End how = (this.finish != null) ? StreamOutcome.End.COMPLETED : StreamOutcome.End.CANCELLED;
		boolean first = this.ended.compareAndSet(false, true);
		Subscription source = this.upstream;
		if (source != null) {
			source.cancel();
		}
		if (first) {
			this.open.whenClosed(() -> tell(how, null));
		}
	}

	@Override
	public void onAttemptBegin(String provider, @Nullable String model) {
		this.open.begin();
	}

	@Override
	public void onAttempt(StreamAttempt attempt) {
		synchronized (this) {
			boolean known = attempt.usage().source() != Usage.Source.NONE;
			if (known) {
				this.usage = (this.usage.source() == Usage.Source.NONE) ? attempt.usage()
						: this.usage.plus(attempt.usage());
			}
			this.attempts++;
			this.lastAttempt = attempt;
		}
		try {
			this.meters.attempt(this.inference, attempt);
			ErrorKind kind = attempt.errorKind();
			if (kind != null) {
				this.observation.event(Observation.Event.of("llm.stream.attempt.failed",
						"attempt failed: " + GenAiInferenceConvention.lower(kind)));
			}
		}
		finally {
			this.open.end();
		}
	}

	@Override
	public void onEnd(StreamOutcome outcome) {
		// of the whole stream, which may have more calls than this one
	}

	/**
	 * Tell the end. Conventions and handlers may be the application's; what they throw
	 * must not keep the end from the subscriber.
	 */
	private void tell(StreamOutcome.End how, @Nullable Throwable error) {
		try {
			observe(how, error);
		}
		catch (RuntimeException ex) {
			Operators.onErrorDropped(ex, this.context);
		}
	}

	private void observe(StreamOutcome.End how, @Nullable Throwable error) {
		Token.Finish end = (how == StreamOutcome.End.COMPLETED) ? this.finish : null;
		FinishReason reason = (end != null) ? end.reason() : null;
		synchronized (this) {
			StreamAttempt attempt = this.lastAttempt;
			boolean counted = this.attempts > 0;
			if (!counted && end != null) {
				this.usage = end.usage();
			}
			String model = (end != null && end.model() != null) ? end.model() : null;
			String id = (end != null) ? end.responseId() : null;
			if (attempt != null) {
				model = (model != null) ? model : attempt.model();
				id = (id != null) ? id : attempt.responseId();
			}
			this.inference.used(this.usage, this.attempts, model, id);
		}
		if (this.begun) {
			this.inference.firstChunk(Duration.ofNanos(this.first - this.started));
		}
		this.inference.ended(how, reason, error);
		if (this.content != null) {
			this.inference.answered(new ContentJson(this.settings.maxContentLength()).answer(this.content.parts(),
					(reason != null) ? GenAiInferenceConvention.lower(reason) : "error"));
		}
		this.meters.ended(this.inference);
		if (error != null) {
			this.observation.error(error);
		}
		this.observation.stop();
	}

}
