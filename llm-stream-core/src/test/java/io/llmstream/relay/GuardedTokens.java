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

import io.llmstream.ErrorKind;
import io.llmstream.StreamAdmission;
import io.llmstream.StreamFailure;
import io.llmstream.Token;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Streams that ask elsewhere before they begin, as those do that a budget guards.
 */
public final class GuardedTokens {

	private GuardedTokens() {
	}

	/**
	 * A stream that goes on for ever once it is let in.
	 * @param decision whether it is
	 */
	public static Flux<Token> by(Mono<Boolean> decision) {
		return StreamAdmission.awaiting(decision.filter((granted) -> granted)
			.switchIfEmpty(Mono.error(() -> StreamFailure.of(ErrorKind.BUDGET_EXCEEDED, "acme", "There is no room")
				.build()
				.toException())))
			.flatMapMany((granted) -> Flux.never());
	}

}
