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

import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.jspecify.annotations.Nullable;

/**
 * Is told how the stream of one subscription ended, on all three ends: completion, error
 * and cancel, which has no token to carry the usage. Put it into the Reactor context with
 * {@link #in(Context)}.
 * <p>
 * Called on the thread that ended the stream, or the attempt; must not block and must not
 * throw.
 */
@FunctionalInterface
public interface StreamObserver {

	/**
	 * The stream has ended. Called once, after all its attempts have ended; the loser of
	 * a race between two targets may end later.
	 * @param outcome how
	 */
	void onEnd(StreamOutcome outcome);

	/**
	 * One attempt begins: a provider is about to be asked. {@link #onAttempt} follows,
	 * once, with its end; at once, where the attempt is turned away, by an open circuit
	 * breaker for instance.
	 * @param provider the provider's name in the configuration
	 * @param model the model that is asked, or {@code null} if none is chosen
	 */
	default void onAttemptBegin(String provider, @Nullable String model) {
	}

	/**
	 * One attempt has ended; others may follow, or run at the same time.
	 * @param attempt the attempt
	 */
	default void onAttempt(StreamAttempt attempt) {
	}

	/**
	 * One attempt has ended, with what the model wrote in it. An observer that has no use
	 * for that implements {@link #onAttempt(StreamAttempt)}.
	 * @param attempt the attempt
	 * @param written text, reasoning, refusals and tool arguments, in no particular
	 * order; for counting, valid during the call only, and not to be logged
	 */
	default void onAttempt(StreamAttempt attempt, CharSequence written) {
		onAttempt(attempt);
	}

	/**
	 * Add this observer to a Reactor context, to be used with {@code contextWrite}.
	 * @param context the context
	 * @return the context with this observer; one that was there before is told first
	 */
	default Context in(Context context) {
		StreamScope scope = StreamScope.from(context);
		StreamObserver before = scope.observer();
		return scope.withObserver((before == null) ? this : new StreamObservers(before, this)).in(context);
	}

	/**
	 * Find the observer in a Reactor context.
	 * @param context the context
	 * @return the observer, or {@code null} if there is none
	 */
	static @Nullable StreamObserver from(ContextView context) {
		return StreamScope.from(context).observer();
	}

}
