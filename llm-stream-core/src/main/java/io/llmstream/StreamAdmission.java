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

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Tells whoever subscribes to a stream when it is decided whether the stream may begin,
 * as long as it can still answer with a status that says so. A relay puts one into the
 * context of the subscription; what takes time to let a stream begin or to refuse it,
 * such as a budget that is counted elsewhere, says when it begins to think and when it
 * has decided.
 * <p>
 * Made for one subscription. Safe for use by several threads.
 */
public final class StreamAdmission {

	private final Sinks.Empty<Void> decision = Sinks.empty();

	private volatile boolean thinking;

	private volatile boolean decided;

	/**
	 * Find the one of a subscription.
	 * @param context the context of the subscription
	 * @return the one that waits for a decision, or {@code null} if nobody waits
	 */
	public static @Nullable StreamAdmission from(ContextView context) {
		return context.getOrDefault(StreamAdmission.class, null);
	}

	/**
	 * Wait in a subscription.
	 * @param context the context of the subscription
	 * @return the context with this in it
	 */
	public Context in(Context context) {
		return context.put(StreamAdmission.class, this);
	}

	/**
	 * Say that it is not decided yet. To be called while the stream is subscribed to, on
	 * the subscribing thread; has no effect after a decision.
	 */
	public void think() {
		this.thinking = true;
	}

	/**
	 * Say that it is decided: the stream begins, or its subscriber was told of the
	 * refusal, or has left. Has no effect the second time.
	 */
	public void decide() {
		this.decided = true;
		this.decision.tryEmitEmpty();
	}

	/**
	 * Whether somebody thinks about it.
	 * @return whether the decision is still to come
	 */
	public boolean isPending() {
		return this.thinking && !this.decided;
	}

	/**
	 * The decision. Which one it was the subscriber of the stream knows.
	 * @return completes when it is decided, at once if that was before or if nobody
	 * thinks about it; never fails
	 */
	public Mono<Void> decision() {
		return Mono.defer(() -> (isPending()) ? this.decision.asMono() : Mono.empty());
	}

}
