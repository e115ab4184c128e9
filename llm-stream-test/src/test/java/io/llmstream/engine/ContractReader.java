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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.llmstream.LlmStreamException;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.Token;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Reads a stream and takes note of every breach of its contract.
 */
final class ContractReader implements CoreSubscriber<Token> {

	private final KnownAnswer answer;

	private final int demand;

	private final int cancelAfter;

	private final List<String> breaches = new ArrayList<>();

	private final List<String> seen = new ArrayList<>();

	private final StringBuilder text = new StringBuilder();

	private final AtomicLong requested = new AtomicLong();

	private final CompletableFuture<StreamOutcome> told = new CompletableFuture<>();

	private final CompletableFuture<Void> over = new CompletableFuture<>();

	private Subscription subscription;

	private long received;

	private int resets;

	private boolean finished;

	private boolean ended;

	private boolean cancelled;

	ContractReader(RandomCase random) {
		this.answer = random.answer();
		this.demand = random.demand();
		this.cancelAfter = random.cancelAfter();
	}

	@Override
	public Context currentContext() {
		StreamObserver observer = (outcome) -> check(this.told.complete(outcome), "told of two ends");
		return observer.in(Context.empty());
	}

	@Override
	public void onSubscribe(Subscription upstream) {
		this.subscription = upstream;
		if (this.cancelAfter == 0) {
			cancel();
		}
		else {
			request();
		}
	}

	private void request() {
		long count = (this.demand == 0) ? Long.MAX_VALUE : this.demand;
		this.requested.accumulateAndGet(count, (one, other) -> (one + other < 0) ? Long.MAX_VALUE : one + other);
		this.subscription.request(count);
	}

	@Override
	public synchronized void onNext(Token token) {
		this.seen.add(token.toString());
		this.received++;
		check(!this.ended, "a token after the end");
		check(!this.finished, "a token after Finish");
		check(this.received <= this.requested.get(), "more than was asked for");
		if (token instanceof Token.Text piece) {
			this.text.append(piece.text());
			check(this.answer.text().startsWith(this.text.toString()), "text is lost, or doubled");
		}
		else if (token instanceof Token.Reset) {
			this.resets++;
			this.text.setLength(0);
		}
		else if (token instanceof Token.Finish finish) {
			this.finished = true;
			check(!finish.attempts().isEmpty(), "Finish without attempts");
		}
		if (this.received == this.cancelAfter) {
			cancel();
		}
		else if (this.demand > 0 && this.received == this.requested.get()) {
			request();
		}
	}

	private void cancel() {
		this.cancelled = true;
		this.subscription.cancel();
		this.over.complete(null);
	}

	@Override
	public synchronized void onError(Throwable error) {
		this.seen.add(error.toString());
		end();
		check(!this.finished, "an error after Finish");
		if (error instanceof LlmStreamException known) {
			check(known.getPartialText().equals(this.text.toString()),
					"the error has the partial text '" + known.getPartialText() + "'");
			check(!known.getAttempts().isEmpty(), "an error without attempts");
		}
		else {
			check(false, "an error that is not typed");
		}
		this.over.complete(null);
	}

	@Override
	public synchronized void onComplete() {
		this.seen.add("complete");
		end();
		check(this.finished, "complete without Finish");
		check(this.answer.text().contentEquals(this.text), "complete, but not whole");
		this.over.complete(null);
	}

	private void end() {
		check(!this.ended, "two ends");
		// a cancel may cross an end that is under way
		this.ended = true;
	}

	private void check(boolean condition, String breach) {
		if (!condition) {
			this.breaches.add(breach);
		}
	}

	/**
	 * Completes when nothing more is expected.
	 */
	CompletableFuture<StreamOutcome> outcome() {
		return this.over.thenCombine(this.told, (nothing, outcome) -> outcome);
	}

	synchronized List<String> breaches() {
		return List.copyOf(this.breaches);
	}

	synchronized int resets() {
		return this.resets;
	}

	synchronized boolean isCancelled() {
		return this.cancelled;
	}

	synchronized boolean isComplete() {
		return this.finished;
	}

	@Override
	public synchronized String toString() {
		return String.join("\n    ", this.seen);
	}

}
