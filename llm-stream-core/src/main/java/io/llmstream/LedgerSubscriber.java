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

package io.llmstream;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Stands between a stream and its subscriber: opens the ledger, writes the attempts into
 * the last signal, and tells the observer the end, once.
 */
final class LedgerSubscriber implements CoreSubscriber<Token>, Subscription {

	private static final Logger logger = LoggerFactory.getLogger(AttemptLedger.class);

	private final CoreSubscriber<? super Token> actual;

	private final AttemptLedger ledger = new AttemptLedger();

	private final Context context;

	private final AtomicReference<StreamOutcome.End> end = new AtomicReference<>();

	private volatile Token.@Nullable Finish finish;

	private @Nullable Subscription upstream;

	LedgerSubscriber(CoreSubscriber<? super Token> actual, Context context) {
		this.actual = actual;
		this.context = StreamScope.from(context).withLedger(this.ledger).in(context);
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
		Token next = token;
		if (token instanceof Token.Finish last) {
			List<StreamAttempt> attempts = this.ledger.attempts();
			Token.Finish complete = (attempts.isEmpty()) ? last : last.withAttempts(attempts);
			this.finish = complete;
			next = complete;
		}
		try {
			this.actual.onNext(next);
		}
		catch (RuntimeException | Error ex) {
			// not allowed, and as good as a cancel
			cancel();
			Operators.onErrorDropped(ex, this.context);
		}
	}

	@Override
	public void onError(Throwable error) {
		LlmStreamException failure = (error instanceof LlmStreamException ours) ? ours : null;
		if (failure != null && !this.ledger.attempts().isEmpty()) {
			failure.setAttempts(this.ledger.attempts());
		}
		if (end(StreamOutcome.End.FAILED)) {
			// a filter that ends the stream itself has just cancelled what is open
			this.ledger.whenAllClosed(() -> tell(StreamOutcome.End.FAILED, failure));
		}
		this.actual.onError(error);
	}

	@Override
	public void onComplete() {
		if (end(StreamOutcome.End.COMPLETED)) {
			tell(StreamOutcome.End.COMPLETED, null);
		}
		this.actual.onComplete();
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
		// who has the last token and leaves has cancelled nothing
		StreamOutcome.End how = (this.finish != null) ? StreamOutcome.End.COMPLETED : StreamOutcome.End.CANCELLED;
		boolean first = end(how);
		Subscription source = this.upstream;
		if (source != null) {
			source.cancel();
		}
		if (first) {
			this.ledger.whenAllClosed(() -> tell(how, null));
		}
	}

	private boolean end(StreamOutcome.End how) {
		return this.end.compareAndSet(null, how);
	}

	private void tell(StreamOutcome.End how, @Nullable LlmStreamException error) {
		List<StreamAttempt> attempts = this.ledger.attempts();
		if (attempts.size() > 1) {
			logger.debug("The stream ended ({}) after {} attempts: {}", how, attempts.size(), attempts);
		}
		StreamObserver observer = StreamObserver.from(this.context);
		if (observer != null) {
			try {
				observer.onEnd(outcome(how, error, attempts));
			}
			catch (RuntimeException ex) {
				Operators.onErrorDropped(ex, this.context);
			}
		}
	}

	private StreamOutcome outcome(StreamOutcome.End how, @Nullable LlmStreamException error,
			List<StreamAttempt> attempts) {
		StreamAttempt decisive = decisive(how, attempts);
		Token.Finish last = this.finish;
		if (last != null && how == StreamOutcome.End.COMPLETED) {
			String model = (last.model() != null) ? last.model() : model(decisive);
			return new StreamOutcome(how, provider(decisive), model, last.responseId(), last.usage(), last.reason(),
					null, attempts);
		}
		if (error != null) {
			return new StreamOutcome(how, error.getProvider(), (decisive != null) ? model(decisive) : error.getModel(),
					error.getResponseId(), error.getUsage(), null, error, attempts);
		}
		return new StreamOutcome(how, provider(decisive), model(decisive),
				(decisive != null) ? decisive.responseId() : null, (decisive != null) ? decisive.usage() : Usage.NONE,
				null, null, attempts);
	}

	/**
	 * The attempt that made the end: the last that ended like the stream. Others may end
	 * after it, such as one that lost a race.
	 */
	private static @Nullable StreamAttempt decisive(StreamOutcome.End how, List<StreamAttempt> attempts) {
		for (int i = attempts.size() - 1; i >= 0; i--) {
			if (attempts.get(i).end() == how) {
				return attempts.get(i);
			}
		}
		return (attempts.isEmpty()) ? null : attempts.get(attempts.size() - 1);
	}

	private static String provider(@Nullable StreamAttempt attempt) {
		return (attempt != null) ? attempt.provider() : "";
	}

	private static @Nullable String model(@Nullable StreamAttempt attempt) {
		return (attempt != null) ? attempt.model() : null;
	}

}
