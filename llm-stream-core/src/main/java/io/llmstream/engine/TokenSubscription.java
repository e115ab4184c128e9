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

package io.llmstream.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import io.llmstream.ErrorKind;
import io.llmstream.LastRead;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamFailure;
import io.llmstream.Token;
import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpExchange;
import io.llmstream.json.MalformedJsonException;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.TokenDecoder;
import io.llmstream.provider.TokenSink;
import io.llmstream.wire.Frame;
import io.llmstream.wire.FrameTooLongException;
import io.llmstream.wire.NotAStreamException;
import io.llmstream.wire.SniffingDecoder;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * One subscription to one answer: reads buffers as they are needed, decodes them, and
 * emits tokens as they are asked for. Everything happens in {@link #drainLoop()}, by one
 * thread at a time; others only leave word and count up {@link #wip}.
 * <p>
 * No token waits for a later one. While the subscriber has not asked for more, nothing is
 * decoded and nothing is read, so that a slow subscriber slows the socket.
 */
final class TokenSubscription implements CoreSubscriber<DataBuffer>, Subscription, TokenSink, StreamClock.Listener {

	private static final AtomicIntegerFieldUpdater<TokenSubscription> WIP = AtomicIntegerFieldUpdater
		.newUpdater(TokenSubscription.class, "wip");

	private static final AtomicLongFieldUpdater<TokenSubscription> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(TokenSubscription.class, "requested");

	private static final AtomicReferenceFieldUpdater<TokenSubscription, Subscription> UPSTREAM = AtomicReferenceFieldUpdater
		.newUpdater(TokenSubscription.class, Subscription.class, "upstream");

	private static final AtomicReferenceFieldUpdater<TokenSubscription, LlmStreamException> FAILURE = AtomicReferenceFieldUpdater
		.newUpdater(TokenSubscription.class, LlmStreamException.class, "failure");

	/**
	 * How long what is left of the HTTP body may take after the end of the answer.
	 */
	private static final Duration RELEASE = Duration.ofSeconds(1);

	private final Attempt attempt;

	private final CoreSubscriber<? super Token> actual;

	private final SniffingDecoder frames;

	private final TokenDecoder tokens;

	private final StreamClock clock;

	private final AttemptRecord record;

	private final Queue<DataBuffer> buffers = Queues.<DataBuffer>unbounded(4).get();

	private final ArrayDeque<Token> ready = new ArrayDeque<>(4);

	private final StringBuilder partialText = new StringBuilder();

	private volatile int wip;

	private volatile long requested;

	private volatile @Nullable Subscription upstream;

	private volatile @Nullable LlmStreamException failure;

	private volatile @Nullable Throwable transportError;

	private volatile boolean inputEnded;

	private volatile boolean cancelled;

	private volatile boolean terminated;

	// from here on: only the thread that drains

	private long emitted;

	private boolean awaitingBuffer;

	private boolean allRequested;

	private boolean progressed;

	private boolean finished;

	private boolean decoderEnded;

	/** The buffer that is next, where it came while nobody drained. */
	private @Nullable DataBuffer current;

	/** Whether the queue of buffers was empty when the draining ended. */
	private boolean drained;

	/** What the frames are decoded in. */
	private @Nullable Scratch scratch;

	private final Linger linger = new Linger(this::drain);

	TokenSubscription(Attempt attempt, CoreSubscriber<? super Token> actual) {
		this.attempt = attempt;
		this.actual = actual;
		this.frames = new SniffingDecoder(attempt.settings().dialect().framing(), attempt.settings().maxFrameBytes());
		this.tokens = attempt.newDecoder();
		this.clock = new StreamClock(attempt.settings().timeouts(), this, LastRead.from(actual.currentContext()));
		this.record = new AttemptRecord(attempt, this.clock, this.partialText, actual.currentContext());
	}

	// subscriber's side

	void start(HttpExchange exchange) {
		if (this.cancelled) {
			return;
		}
		try {
			this.clock.start();
			exchange.exchange(this.attempt.call(), this::answered).subscribe(this);
		}
		catch (LlmStreamException ex) {
			fail(ex);
		}
		catch (RuntimeException ex) {
			fail(this.attempt.failure(ErrorKind.INVALID_REQUEST, "the request could not be made: " + ex.getMessage())
				.cause(ex)
				.toException());
		}
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			Operators.addCap(REQUESTED, this, n);
			drain();
		}
	}

	@Override
	public void cancel() {
		// after the end only the connection is being released, which goes on
		if (!this.cancelled && !this.terminated) {
			this.cancelled = true;
			this.clock.stop();
			cancelUpstream();
			drain();
		}
	}

	private void cancelUpstream() {
		Subscription before = UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
		if (before != null) {
			before.cancel();
		}
	}

	private void fail(LlmStreamException error) {
		if (FAILURE.compareAndSet(this, null, error)) {
			drain();
		}
	}

	// clock's side

	@Override
	public void timedOut(ErrorKind kind, Duration limit) {
		String what = switch (kind) {
			case FIRST_TOKEN_TIMEOUT -> "no token came within " + limit.toMillis() + " ms";
			case STALL_TIMEOUT -> "nothing came for " + limit.toMillis() + " ms";
			default -> "the answer took longer than " + limit.toMillis() + " ms";
		};
		cancelUpstream();
		fail(this.attempt.failure(kind, what).toException());
	}

	// transport's side

	private Publisher<DataBuffer> answered(HttpAnswer answer) {
		this.attempt.answered(answer);
		if (answer.status() >= 200 && answer.status() < 300) {
			return answer.body();
		}
		Flux<DataBuffer> body = DataBufferUtils.takeUntilByteCount(answer.body(), ErrorBody.LIMIT);
		return ErrorBody.read(body).flatMapMany((text) -> Flux.error(this.attempt.refused(answer, text)));
	}

	@Override
	public Context currentContext() {
		return this.actual.currentContext();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (!UPSTREAM.compareAndSet(this, null, subscription)) {
			subscription.cancel();
			return;
		}
		drain();
	}

	@Override
	public void onNext(DataBuffer buffer) {
		if (WIP.compareAndSet(this, 0, 1)) {
			if (this.drained) {
				this.current = buffer;
			}
			else {
				this.buffers.offer(buffer);
			}
			drainLoop();
			return;
		}
		this.buffers.offer(buffer);
		drain();
	}

	@Override
	public void onError(Throwable error) {
		if (error instanceof LlmStreamException refused) {
			fail(refused);
			return;
		}
		this.transportError = error;
		this.inputEnded = true;
		drain();
	}

	@Override
	public void onComplete() {
		this.inputEnded = true;
		drain();
	}

	// decoder's side

	@Override
	public void next(Token token) {
		this.progressed = true;
		if (this.ready.isEmpty() && this.emitted != this.requested && !this.cancelled) {
			emit(token);
		}
		else {
			this.ready.add(token);
		}
	}

	@Override
	public void progress() {
		this.progressed = true;
	}

	@Override
	public void silentPhase(boolean silent) {
		this.clock.silentPhase(silent);
	}

	// the loop

	private void drain() {
		if (WIP.getAndIncrement(this) == 0) {
			drainLoop();
		}
	}

	private void drainLoop() {
		int missed = 1;
		while (missed != 0) {
			if (this.cancelled || this.terminated) {
				discard();
			}
			else {
				this.record.emitting(true);
				step();
				takeBackScratch();
				this.record.emitting(false);
			}
			missed = WIP.addAndGet(this, -missed);
		}
	}

	/**
	 * Emit and decode as long as there is demand and something to work on; then ask for
	 * more.
	 */
	private void step() {
		this.drained = false;
		while (!this.cancelled && !this.terminated) {
			if (!emitReady()) {
				notWaiting();
				return;
			}
			if (this.terminated || this.cancelled) {
				continue;
			}
			if (this.finished) {
				complete();
			}
			else if (this.failure != null) {
				error(this.failure);
			}
			else if (this.emitted == this.requested) {
				notWaiting();
				return;
			}
			else if (!decodeSome()) {
				awaitInput();
				return;
			}
		}
		discard();
	}

	/**
	 * Emit what is ready.
	 * @return whether nothing is left
	 */
	private boolean emitReady() {
		while (!this.ready.isEmpty()) {
			if (this.cancelled) {
				return true;
			}
			if (this.emitted == this.requested) {
				return false;
			}
			emit(this.ready.poll());
		}
		return true;
	}

	private void emit(Token token) {
		this.emitted++;
		if (token instanceof Token.Text text) {
			this.partialText.append(text.text());
		}
		if (!(token instanceof Token.Other)) {
			// a filter's findings about the prompt, for instance, are no beginning
			this.clock.begun();
		}
		this.record.emitted(token);
		try {
			this.actual.onNext(token);
		}
		catch (RuntimeException | Error ex) {
			// not allowed, and as good as a cancel
			this.cancelled = true;
			this.clock.stop();
			cancelUpstream();
			dropped(ex);
		}
	}

	private void dropped(Throwable ex) {
		Operators.onErrorDropped(ex, currentContext());
	}

	/**
	 * Decode one frame, feed one buffer, or take note of the end.
	 * @return whether anything was done
	 */
	private boolean decodeSome() {
		try {
			Frame frame = this.frames.next();
			if (frame != null) {
				this.tokens.decode(frame, this);
				checkPhase();
				return true;
			}
			DataBuffer buffer = nextBuffer();
			if (buffer != null) {
				this.awaitingBuffer = this.allRequested;
				this.clock.read();
				takeBackScratch();
				this.scratch = Scratch.feed(buffer, this.frames);
				return true;
			}
			this.drained = true;
			if (this.inputEnded && this.buffers.isEmpty()) {
				endOfInput();
				return true;
			}
			if (this.linger.isOver()) {
				finish();
				return true;
			}
			return false;
		}
		catch (ProviderErrorException ex) {
			failWith(this.attempt.said("failed within the stream", ex.error()).cause(ex));
		}
		catch (MalformedJsonException | FrameTooLongException | NotAStreamException ex) {
			failWith(this.attempt.failure(ErrorKind.MALFORMED, "sent something malformed: " + ex.getMessage())
				.cause(ex));
		}
		catch (RuntimeException | StackOverflowError ex) {
			failWith(this.attempt
				.failure(ErrorKind.MALFORMED,
						"sent something that could not be decoded (" + ex.getClass().getSimpleName() + ")")
				.cause(ex));
		}
		return true;
	}

	private @Nullable DataBuffer nextBuffer() {
		DataBuffer buffer = this.current;
		this.current = null;
		return (buffer != null) ? buffer : this.buffers.poll();
	}

	private void takeBackScratch() {
		if (this.scratch != null) {
			this.scratch.takeBack(this.frames);
			this.scratch = null;
		}
	}

	private void failWith(StreamFailure.Builder failure) {
		FAILURE.compareAndSet(this, null, failure.toException());
	}

	private void checkPhase() {
		TokenDecoder.Phase phase = this.tokens.phase();
		if (phase == TokenDecoder.Phase.DONE) {
			finish();
		}
		else if (isComplete(phase)) {
			this.clock.stop();
		}
		else if (phase == TokenDecoder.Phase.OPEN_END) {
			this.clock.resume();
		}
	}

	private static boolean isComplete(TokenDecoder.Phase phase) {
		return phase.compareTo(TokenDecoder.Phase.FINISHING) >= 0;
	}

	private void endOfInput() {
		for (Frame rest = this.frames.end(); rest != null; rest = this.frames.end()) {
			if (TrailingFrame.isComplete(rest)) {
				this.tokens.decode(rest, this);
			}
		}
		Throwable error = this.transportError;
		if (error != null && !isComplete(this.tokens.phase())) {
			FAILURE.compareAndSet(this, null, this.attempt.transport(error));
			return;
		}
		endDecoder();
		if (this.tokens.phase() != TokenDecoder.Phase.STREAMING) {
			finish();
			return;
		}
		boolean empty = this.emitted == 0 && this.ready.isEmpty();
		failWith(this.attempt.failure(ErrorKind.TRUNCATED,
				(empty) ? "the answer ended before it began" : "the answer ended before it was complete"));
	}

	private void endDecoder() {
		if (!this.decoderEnded) {
			this.decoderEnded = true;
			this.tokens.end(this);
		}
	}

	private void finish() {
		if (!this.finished) {
			endDecoder();
			this.ready.add(this.tokens.finish());
			this.finished = true;
		}
	}

	private void awaitInput() {
		boolean anew = this.progressed || !this.clock.isWaiting();
		this.progressed = false;
		this.clock.waiting(anew);
		this.linger.waiting(this.tokens.phase(), anew);
		Subscription source = this.upstream;
		if (source != null && !this.awaitingBuffer) {
			this.awaitingBuffer = true;
			// who takes all there will ever be is served without asking for each buffer
			this.allRequested = this.requested == Long.MAX_VALUE;
			source.request((this.allRequested) ? Long.MAX_VALUE : 1);
		}
	}

	private void notWaiting() {
		this.clock.notWaiting();
		this.linger.stop();
	}

	private void complete() {
		end();
		Subscription source = this.upstream;
		if (!this.inputEnded && source != null) {
			releaseConnection(source);
		}
		try {
			this.actual.onComplete();
		}
		catch (RuntimeException ex) {
			dropped(ex);
		}
	}

	/**
	 * The answer is complete, but its HTTP body may not be: read the few bytes that are
	 * left, so that the connection can be used again, but do not wait for them for long.
	 */
	private void releaseConnection(Subscription source) {
		this.linger.after(RELEASE, this::cancelUpstream);
		source.request(Long.MAX_VALUE);
	}

	private void error(LlmStreamException failure) {
		end();
		cancelUpstream();
		LlmStreamException error = this.attempt.withPartial(failure, this.partialText.toString(), this.tokens);
		this.record.failed(this.tokens, error);
		try {
			this.actual.onError(error);
		}
		catch (RuntimeException ex) {
			dropped(ex);
		}
	}

	private void end() {
		this.terminated = true;
		this.clock.stop();
		this.linger.stop();
	}

	private void discard() {
		for (DataBuffer buffer = nextBuffer(); buffer != null; buffer = nextBuffer()) {
			DataBufferUtils.release(buffer);
		}
		this.ready.clear();
		if (!this.terminated) {
			end();
			this.record.cancelled(this.tokens);
		}
		else if (this.inputEnded) {
			this.linger.stop();
		}
	}

}
