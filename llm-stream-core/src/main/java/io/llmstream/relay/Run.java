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

import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.llmstream.LlmStreamException;
import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One generation that a browser watches: it subscribes to the tokens and appends them to
 * a log, which one connection reads. Ends with exactly one terminal event: done at the
 * {@link Token.Finish} token, or an error. A stream that completes without a
 * {@code Finish} is done too, with no reason or usage to tell.
 * <p>
 * The run is the consumer of the provider's stream. It never writes and never blocks:
 * while the connection is behind by {@link RelaySettings#maxLag()}, it asks for no more
 * tokens than the few it had asked for already, and goes on when the connection catches
 * up.
 * <p>
 * Safe for use by several threads.
 */
public final class Run {

	/** How many tokens may be on their way. */
	static final int PREFETCH = 32;

	private static final Logger logger = LoggerFactory.getLogger(Run.class);

	private final String id = UUID.randomUUID().toString();

	private final Flux<? extends Token> tokens;

	private final RelaySettings settings;

	private final RelayErrorMapper errors;

	private final RunLog log;

	private final AtomicReference<@Nullable Subscription> upstream = new AtomicReference<>();

	private final AtomicInteger outstanding = new AtomicInteger();

	private final AtomicBoolean attached = new AtomicBoolean();

	/** Nothing more is wanted from the provider, or comes from it. */
	private volatile boolean over;

	private volatile boolean finished;

	private volatile @Nullable Runnable listener;

	/**
	 * Create a run. Nothing is subscribed to before a connection starts it.
	 * @param tokens the tokens, subscribed to once
	 * @param settings how to relay them
	 * @param errors what to tell browsers of failures
	 */
	public Run(Flux<? extends Token> tokens, RelaySettings settings, RelayErrorMapper errors) {
		this.tokens = tokens;
		this.settings = settings;
		this.errors = errors;
		this.log = new RunLog(settings.mergeLimit());
	}

	/**
	 * The run's id, which nobody can guess.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * End the run for a reason that is not the provider's: the log ends with the error,
	 * which the connection still delivers, and the provider's stream is cancelled. Does
	 * nothing if the run has ended.
	 * @param error what to tell the browser
	 */
	public void end(RelayError error) {
		if (this.log.fail(error)) {
			stopUpstream();
			signal();
		}
	}

	/**
	 * Stop the run, because nobody reads it any more: its log is freed and the provider's
	 * stream is cancelled, unless it has ended.
	 */
	public void cancel() {
		this.log.discard();
		stopUpstream();
	}

	RelaySettings settings() {
		return this.settings;
	}

	/**
	 * Attach the connection that reads this run.
	 * @param onEvent told after each event; must not block
	 */
	RunCursor attach(Runnable onEvent) {
		if (!this.attached.compareAndSet(false, true)) {
			throw new IllegalStateException("This run has a connection");
		}
		this.listener = onEvent;
		return new RunCursor(this, this.log, this.settings);
	}

	void start(Context context) {
		if (this.log.start(this.id)) {
			this.tokens.subscribe(new TokenSubscriber(context));
		}
	}

	/**
	 * Ask for more tokens if there is room for them.
	 */
	void replenish() {
		Subscription subscription = this.upstream.get();
		if (subscription == null || this.over || this.log.weight() >= this.settings.maxLag()) {
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

	private void signal() {
		Runnable current = this.listener;
		if (current != null) {
			current.run();
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

	private final class TokenSubscriber implements CoreSubscriber<Token> {

		private final Context context;

		private TokenSubscriber(Context context) {
			this.context = context;
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
			signal();
			replenish();
		}

		@Override
		public void onNext(Token token) {
			Run.this.outstanding.decrementAndGet();
			if (Run.this.finished) {
				// A stream that goes on after its last token would go on unread.
				Run.this.finished = false;
				stopUpstream();
				return;
			}
			if (token instanceof Token.Finish) {
				Run.this.finished = true;
			}
			if (Run.this.log.append(token)) {
				signal();
			}
			replenish();
		}

		@Override
		public void onError(Throwable failure) {
			boolean expected = !Run.this.over && !Run.this.finished;
			Run.this.finished = true;
			Run.this.over = true;
			if (expected && Run.this.log.fail(describe(failure))) {
				signal();
			}
		}

		@Override
		public void onComplete() {
			Run.this.finished = true;
			Run.this.over = true;
			if (Run.this.log.complete()) {
				signal();
			}
		}

	}

}
