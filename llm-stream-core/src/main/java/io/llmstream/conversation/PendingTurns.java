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

package io.llmstream.conversation;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import reactor.core.publisher.Mono;

/**
 * The turns that are being kept now, so that who asks right after a stop is not shown a
 * conversation that lacks it. Safe for use by several threads.
 */
final class PendingTurns {

	/** A memory that hangs in one turn may still answer the next. */
	static final Duration MAX_WAIT = Duration.ofSeconds(10);

	private final Map<String, Mono<Void>> pending = new ConcurrentHashMap<>();

	/**
	 * The end of the turns of a conversation that are being kept now; comes after some
	 * seconds in any case.
	 */
	Mono<Void> settled(String conversationId) {
		return Mono.defer(() -> {
			Mono<Void> turns = this.pending.get(conversationId);
			return (turns != null) ? turns.timeout(MAX_WAIT, Mono.empty()) : Mono.empty();
		});
	}

	/**
	 * Begin to keep a turn, when those before it are kept.
	 * @param conversationId the conversation
	 * @param keeping keeps it; must not fail
	 * @return completes when it is kept, or after some seconds in any case: the answer is
	 * there, and its end must not wait for ever. Cancelling does not stop it
	 */
	Mono<Void> add(String conversationId, Mono<Void> keeping) {
		Mono<Void> kept = this.pending.compute(conversationId, (id,
				before) -> ((before != null) ? before.timeout(MAX_WAIT, Mono.empty()).then(keeping) : keeping).cache());
		kept.subscribe(null, null, () -> this.pending.remove(conversationId, kept));
		return kept.timeout(MAX_WAIT, Mono.empty());
	}

}
