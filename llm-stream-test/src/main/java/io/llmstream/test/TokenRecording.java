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

package io.llmstream.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Everything that a stream did. A plain subscriber, since Reactor's own operators hide
 * signals that come too often.
 */
final class TokenRecording implements Subscriber<Token> {

	private final List<Token> tokens = new CopyOnWriteArrayList<>();

	private final List<String> offences = new CopyOnWriteArrayList<>();

	private final AtomicInteger terminals = new AtomicInteger();

	private final CountDownLatch over = new CountDownLatch(1);

	private volatile @Nullable Subscription subscription;

	private volatile @Nullable Throwable failure;

	static TokenRecording of(Publisher<? extends Token> tokens, Duration limit) {
		TokenRecording recording = new TokenRecording();
		tokens.subscribe(recording);
		recording.await(limit);
		return recording;
	}

	private void await(Duration limit) {
		boolean ended;
		try {
			ended = this.over.await(limit.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			ended = false;
		}
		if (!ended) {
			Subscription running = this.subscription;
			if (running != null) {
				running.cancel();
			}
			throw new AssertionError("The stream did not end within " + limit.toMillis() + " ms; it had "
					+ this.tokens.size() + " tokens, with the text: " + text(Token.Text.class));
		}
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.subscription = subscription;
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public void onNext(Token token) {
		if (this.terminals.get() > 0) {
			this.offences.add("a token after the end: " + token);
		}
		if (!this.tokens.isEmpty() && this.tokens.get(this.tokens.size() - 1) instanceof Token.Finish) {
			this.offences.add("a token after Finish: " + token);
		}
		if (isEmpty(token)) {
			this.offences.add("an empty token: " + token);
		}
		this.tokens.add(token);
	}

	@Override
	public void onError(Throwable failure) {
		if (this.failure == null) {
			this.failure = failure;
		}
		end("error");
	}

	@Override
	public void onComplete() {
		if (finish() == null) {
			this.offences.add("a completion without Finish");
		}
		end("completion");
	}

	private void end(String how) {
		if (this.terminals.incrementAndGet() > 1) {
			this.offences.add("a second terminal signal: " + how);
		}
		this.over.countDown();
	}

	private static boolean isEmpty(Token token) {
		return (token instanceof Token.Text text && text.text().isEmpty())
				|| (token instanceof Token.Reasoning reasoning && reasoning.text().isEmpty())
				|| (token instanceof Token.Refusal refusal && refusal.text().isEmpty());
	}

	List<Token> tokens() {
		return this.tokens;
	}

	/**
	 * What was against the contract.
	 * @return the offences, in order
	 */
	List<String> offences() {
		return this.offences;
	}

	@Nullable Throwable failure() {
		return this.failure;
	}

	Token.@Nullable Finish finish() {
		return (!this.tokens.isEmpty() && this.tokens.get(this.tokens.size() - 1) instanceof Token.Finish finish)
				? finish : null;
	}

	/**
	 * What counts, that is everything that no reset took back: a reset takes back the
	 * step in which it is.
	 * @param <T> the type
	 * @param type the type of the tokens
	 * @return the tokens of this type
	 */
	<T extends Token> List<T> valid(Class<T> type) {
		List<T> valid = new ArrayList<>();
		int before = 0;
		for (Token token : this.tokens) {
			if (token instanceof Token.Reset) {
				valid.subList(before, valid.size()).clear();
			}
			if (type.isInstance(token)) {
				valid.add(type.cast(token));
			}
			if (token instanceof Token.StepStart) {
				before = valid.size();
			}
		}
		return valid;
	}

	String text(Class<? extends Token> type) {
		return valid(type).stream().map(TokenRecording::text).collect(Collectors.joining());
	}

	private static String text(Token token) {
		if (token instanceof Token.Text text) {
			return text.text();
		}
		if (token instanceof Token.Reasoning reasoning) {
			return reasoning.text();
		}
		return (token instanceof Token.Refusal refusal) ? refusal.text() : "";
	}

}
