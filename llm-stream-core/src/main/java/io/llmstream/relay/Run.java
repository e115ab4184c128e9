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

package io.llmstream.relay;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.llmstream.BudgetExceededException;
import io.llmstream.LlmStreamException;
import io.llmstream.Partial;
import io.llmstream.StreamAdmission;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One generation that browsers watch: it subscribes to the tokens and appends them to a
 * log, which connections read. Ends with exactly one terminal event: done at the
 * {@link Token.Finish} token, an error, or aborted. A stream that completes without a
 * {@code Finish} is done too, with no reason or usage to tell.
 * <p>
 * In the place of tokens it takes an object that grows, of which it appends what each
 * {@link Partial} has more than the one before. It is done when the object is complete.
 * <p>
 * The run is the consumer of the provider's stream. It never writes and never blocks. A
 * run of one connection ends with it, and while that connection is behind by
 * {@link RelaySettings#maxLag()}, the run asks for no more tokens than the few it had
 * asked for already. A run that {@link Runs} started keeps its whole log, is watched by
 * any number of connections, and outlives them as {@link RunSettings} say.
 * <p>
 * Safe for use by several threads.
 */
public final class Run {

	/** How many tokens may be on their way. */
	static final int PREFETCH = 32;

	/** Longer than stores and resolvers of tags may take. */
	private static final Duration ADMISSION = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(Run.class);

	private final String id = RunIds.next();

	private final Flux<?> source;

	private final RelaySettings settings;

	private final RelayErrorMapper errors;

	private final RunLog log;

	private final RunWriter writer;

	private final @Nullable RunWatch watch;

	private final AtomicReference<@Nullable Subscription> upstream = new AtomicReference<>();

	private final StreamAdmission admission = new StreamAdmission();

	private final AtomicInteger outstanding = new AtomicInteger();

	private final AtomicBoolean started = new AtomicBoolean();

	private final AtomicBoolean ended = new AtomicBoolean();

	/** Nothing more is wanted from the provider, or comes from it. */
	private volatile boolean over;

	private volatile boolean finished;

	private volatile @Nullable RunRefusedException refusal;

	/**
	 * Create a run for one connection. Nothing is subscribed to before that connection
	 * starts it.
	 * @param tokens the tokens, subscribed to once
	 * @param settings how to relay them
	 * @param errors what to tell browsers of failures
	 */
	public Run(Flux<? extends Token> tokens, RelaySettings settings, RelayErrorMapper errors) {
		this(tokens, settings, errors, (id) -> new LiveLog(settings), null);
	}

	/**
	 * Create a run for one connection, of an object that grows. Nothing is subscribed to
	 * before that connection starts it.
	 * @param partials the object, subscribed to once
	 * @param settings how to relay it
	 * @param errors what to tell browsers of failures
	 * @return the run
	 */
	public static Run ofObject(Flux<? extends Partial<?>> partials, RelaySettings settings, RelayErrorMapper errors) {
		return new Run(partials, settings, errors, (id) -> new LiveLog(settings), null);
	}

	/**
	 * Create a run.
	 * @param source a stream of tokens or of partial objects
	 */
	Run(Flux<?> source, RelaySettings settings, RelayErrorMapper errors, Function<String, RunLog> logs,
			@Nullable RunWatch watch) {
		this.source = source;
		this.settings = settings;
		this.errors = errors;
		this.log = logs.apply(this.id);
		this.writer = new RunWriter(this.log);
		this.watch = watch;
	}

	/**
	 * The run's id, which nobody can guess.
	 * @return 128 random bits in 32 characters
	 */
	public String id() {
		return this.id;
	}

	/**
	 * How far the run is.
	 * @return the state
	 */
	public RunState state() {
		return RunState.after(this.writer.last());
	}

	/**
	 * The number of the last event so far.
	 * @return the number, 0 before the first event
	 */
	public long head() {
		return this.writer.head();
	}

	/**
	 * End the run for a reason that is not the provider's: the log ends with the error,
	 * which the connections still deliver, and the provider's stream is cancelled. Does
	 * nothing if the run has ended.
	 * @param error what to tell the browser
	 * @return whether this ended the run
	 */
	public boolean end(RelayError error) {
		return ended(this.writer.fail(error));
	}

	/**
	 * Stop the run: the log ends with {@link RunEvent.Aborted}, what came before stays,
	 * and the provider's stream is cancelled. Does nothing if the run has ended.
	 * @return whether this ended the run
	 */
	public boolean stop() {
		return abort(RunEvent.Aborted.STOPPED);
	}

	/**
	 * Where a browser begins to read that says which event it got last.
	 * @param lastEventId the {@code Last-Event-ID}, or {@code null} if it has none
	 * @return the number of that event; 0 for none
	 * @throws RunRefusedException with status 400 if it is no number of an event of this
	 * run
	 */
	public long position(@Nullable String lastEventId) {
		if (lastEventId == null || lastEventId.isBlank()) {
			return 0;
		}
		long position = number(lastEventId.strip());
		if (position < 0 || position > head()) {
			throw RunRefusedException.badRequest("The run has no such event");
		}
		return position;
	}

	/**
	 * Whether a browser has everything that there will ever be.
	 * @param position the number of the last event it has
	 * @return whether nothing is left to tell it
	 */
	public boolean isExhausted(long position) {
		RunEvent last = this.writer.last();
		return last != null && position >= last.seq();
	}

	/**
	 * Change what becomes of the run when the last browser that watches it leaves. Has no
	 * effect on a run that has ended.
	 * @param policy what becomes of it
	 * @param grace how long it may be without a browser, if it is allowed to, or
	 * {@code null} for as long as before
	 * @throws IllegalStateException if the run was not started by {@link Runs}, and so
	 * ends with its only connection
	 */
	public void onDisconnect(DisconnectPolicy policy, @Nullable Duration grace) {
		if (this.watch == null) {
			throw new IllegalStateException("This run ends with its connection");
		}
		this.watch.change(this, policy, grace);
	}

	/**
	 * Whether the run goes on for some time when its last browser leaves.
	 */
	boolean outlivesConnections() {
		return this.watch != null && this.watch.outlivesConnections();
	}

	/**
	 * Whether the run is at work and goes on to its end even if nobody watches it.
	 */
	boolean continues() {
		return this.watch != null && this.watch.continues();
	}

	boolean wasWatched() {
		return this.watch != null && this.watch.wasWatched();
	}

	private static long number(String text) {
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	boolean abort(String reason) {
		return ended(this.writer.end((seq) -> new RunEvent.Aborted(seq, reason)));
	}

	RelaySettings settings() {
		return this.settings;
	}

	/**
	 * Attach a connection.
	 * @param after the number of the last event it has
	 * @param onEvent told after each event; must not block
	 */
	RunCursor attach(long after, Runnable onEvent) {
		RunEvent last = this.writer.last();
		// Who has everything gets the last event again: a response must have one.
		long from = (last != null) ? Math.min(after, last.seq() - 1) : after;
		RunCursor cursor = new RunCursor(this, this.log.reader(from, onEvent), this.settings);
		if (this.watch != null) {
			this.watch.attached();
		}
		return cursor;
	}

	/**
	 * Detach a connection that is attached.
	 */
	void leave(RunCursor cursor) {
		try {
			cursor.close();
		}
		catch (RuntimeException | Error ex) {
			// Who leaves has to end a response too, often because the log failed before.
			logger.warn("Run {}: its log could not be closed by a reader", this.id, ex);
		}
		if (this.watch != null) {
			this.watch.left(this);
		}
		else {
			this.writer.close();
			stopUpstream();
		}
	}

	/**
	 * Start the run, unless it has started.
	 */
	void start(Context context) {
		if (!this.started.compareAndSet(false, true)) {
			return;
		}
		RunWriter.Outcome outcome = this.writer.start(this.id);
		if (outcome == RunWriter.Outcome.NEWS) {
			if (this.watch != null) {
				this.watch.begin(this);
			}
			this.source.subscribe(new SourceSubscriber(context));
		}
		else if (outcome == RunWriter.Outcome.FULL) {
			end(RelayError.LIMIT);
		}
	}

	/**
	 * Start the run, unless it has started, while it can still be refused: before a
	 * response has begun. Never blocks; a refusal that takes time is told by
	 * {@link #admitted()}.
	 * @param context the context of the subscription
	 * @throws RunRefusedException with status 429 if the stream ended at once, because a
	 * budget has no room for it
	 */
	public void begin(Context context) {
		start(this.admission.in(context));
		RunRefusedException refused = this.refusal;
		if (refused != null) {
			throw refused;
		}
	}

	/**
	 * Wait until it is decided whether the run may go on, without blocking. Who does not
	 * wait may begin a response that can only end with an error event.
	 * @return this run as soon as it is decided, at once if nothing is prepared for it,
	 * or after some seconds in any case; fails with {@link RunRefusedException} of status
	 * 429 if a budget has no room for it
	 */
	public Mono<Run> admitted() {
		return this.admission.decision(ADMISSION).then(Mono.defer(() -> {
			RunRefusedException refused = this.refusal;
			return (refused != null) ? Mono.error(refused) : Mono.just(this);
		}));
	}

	/**
	 * Ask for more tokens if there is room for them.
	 */
	void replenish() {
		Subscription subscription = this.upstream.get();
		if (subscription == null || this.over || !this.log.hasRoom()) {
			return;
		}
		int have = this.outstanding.get();
		while (have <= PREFETCH / 2) {
			if (this.outstanding.compareAndSet(have, PREFETCH)) {
				subscription.request(PREFETCH - have);
				return;
			}
			have = this.outstanding.get();
		}
	}

	private void stopUpstream() {
		this.over = true;
		// After its last token a stream is left to complete, so that its observers see
		// a success.
		Subscription subscription = this.upstream.get();
		if (subscription != null && !this.finished) {
			subscription.cancel();
		}
	}

	private boolean ended(boolean now) {
		if (now) {
			stopUpstream();
			published();
		}
		return now;
	}

	private void published() {
		this.log.publish();
		if (this.watch != null && this.writer.last() != null && this.ended.compareAndSet(false, true)) {
			this.watch.ended(this);
		}
	}

	private RelayError describe(Throwable failure) {
		if (failure instanceof LlmStreamException) {
			// Browsers are told little, so this line is what the operator has to go by.
			logger.warn("Run {} failed: {}", this.id, failure.getMessage());
		}
		else {
			StackTraceElement[] trace = failure.getStackTrace();
			// Its message may quote a prompt or an answer.
			logger.warn("Run {} failed with {} at {}", this.id, failure.getClass().getName(),
					(trace.length > 0) ? trace[0] : "an unknown place");
		}
		try {
			return this.errors.map(failure);
		}
		catch (RuntimeException ex) {
			logger.warn("Run {}: the error mapper failed with {}", this.id, ex.getClass().getName());
			return RelayError.INTERNAL;
		}
	}

	private final class SourceSubscriber implements CoreSubscriber<Object> {

		private final Context context;

		private final ObjectPieces pieces = new ObjectPieces();

		private SourceSubscriber(Context context) {
			this.context = this.pieces.observedIn(context);
		}

		@Override
		public Context currentContext() {
			return this.context;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (!Operators.validate(Run.this.upstream.get(), subscription)) {
				return;
			}
			Run.this.upstream.set(subscription);
			if (Run.this.over) {
				subscription.cancel();
				return;
			}
			published();
			replenish();
		}

		@Override
		public void onNext(Object item) {
			Run.this.outstanding.decrementAndGet();
			if (Run.this.finished) {
				// A stream that goes on after its last token would go on unread.
				Run.this.finished = false;
				stopUpstream();
				return;
			}
			if (item instanceof Token.Finish) {
				Run.this.finished = true;
			}
			RunWriter.Outcome outcome = (item instanceof Partial<?> partial)
					? this.pieces.append(partial, Run.this.writer) : Run.this.writer.append((Token) item);
			if (outcome == RunWriter.Outcome.NEWS) {
				published();
			}
			else if (outcome == RunWriter.Outcome.FULL) {
				end(RelayError.LIMIT);
			}
			replenish();
		}

		@Override
		public void onError(Throwable failure) {
			boolean expected = !Run.this.over && !Run.this.finished;
			Run.this.finished = true;
			Run.this.over = true;
			if (expected && failure instanceof BudgetExceededException exceeded && head() <= 1) {
				Run.this.refusal = RunRefusedException.overBudget(exceeded.getRetryAfter());
			}
			if (expected && Run.this.writer.fail(describe(failure))) {
				published();
			}
		}

		@Override
		public void onComplete() {
			Run.this.finished = true;
			Run.this.over = true;
			if (Run.this.writer.end((seq) -> new RunEvent.Done(seq, this.pieces.finish()))) {
				published();
			}
		}

	}

}
