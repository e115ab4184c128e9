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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * Tells whoever subscribes to a stream when it is decided whether the stream may begin,
 * as long as it can still answer with a status that says so. A relay puts one into the
 * context of the subscription; what takes time before a model is asked, such as a budget
 * that is counted elsewhere or a conversation that is read from a database, announces it
 * with {@link #awaiting}.
 * <p>
 * Made for one subscription. Safe for use by several threads.
 */
public final class StreamAdmission {

	private final AtomicInteger preparing = new AtomicInteger();

	private final Sinks.Empty<Void> decision = Sinks.empty();

	private volatile boolean decided;

	/**
	 * Announce what is prepared before a stream begins, or is refused. To be subscribed
	 * to while the stream is, on the subscribing thread; one preparation may follow
	 * within another.
	 * @param <T> the type of what is prepared
	 * @param preparation prepares; what follows from its value or its failure happens
	 * before it counts as done
	 * @return the same; unchanged where nobody waits for a decision
	 */
	public static <T> Mono<T> awaiting(Mono<T> preparation) {
		return Mono.deferContextual((context) -> {
			StreamAdmission admission = StreamScope.from(context).admission();
			if (admission == null || admission.decided) {
				return preparation;
			}
			admission.preparing.incrementAndGet();
			return preparation.doFinally((end) -> admission.prepared());
		});
	}

	/**
	 * Wait in a subscription.
	 * @param context the context of the subscription
	 * @return the context with this in it
	 */
	public Context in(Context context) {
		return StreamScope.from(context).withAdmission(this).in(context);
	}

	private void prepared() {
		if (this.preparing.decrementAndGet() == 0) {
			this.decided = true;
			this.decision.tryEmitEmpty();
		}
	}

	/**
	 * Whether something is being prepared.
	 * @return whether the decision is still to come
	 */
	public boolean isPending() {
		return !this.decided && this.preparing.get() > 0;
	}

	/**
	 * The decision. Which one it was the subscriber of the stream knows.
	 * @param limit how long to wait for it
	 * @return completes when it is decided or the limit is over, at once if that was
	 * before or if nothing is being prepared; never fails
	 */
	public Mono<Void> decision(Duration limit) {
		return Mono.defer(() -> (isPending()) ? this.decision.asMono().timeout(limit, Mono.empty()) : Mono.empty());
	}

}
