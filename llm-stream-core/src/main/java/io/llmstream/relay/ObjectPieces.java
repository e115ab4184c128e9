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

import io.llmstream.FinishReason;
import io.llmstream.Partial;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * Turns the partials of an object into pieces of its JSON, and tells how the model
 * finished, which partials do not say. Used by one thread at a time.
 */
final class ObjectPieces {

	private @Nullable Partial<?> written;

	private volatile @Nullable StreamOutcome outcome;

	/**
	 * The context of a subscription, with an observer of what the model used.
	 */
	Context observedIn(Context context) {
		return ((StreamObserver) (ended) -> this.outcome = ended).in(context);
	}

	/**
	 * Append what a partial has more than those before.
	 */
	RunWriter.Outcome append(Partial<?> partial, RunWriter writer) {
		String json = partial.jsonSince(this.written);
		RunWriter.Outcome begun = RunWriter.Outcome.NOTHING;
		if (json == null) {
			begun = writer.append(new Token.Reset("the object begins anew"));
			json = partial.jsonSince(null);
		}
		this.written = partial;
		RunWriter.Outcome grown = (json != null && begun != RunWriter.Outcome.FULL) ? writer.appendObject(json) : begun;
		return (grown != RunWriter.Outcome.NOTHING) ? grown : begun;
	}

	/**
	 * How the object was finished, or {@code null} if there was none.
	 */
	Token.@Nullable Finish finish() {
		StreamOutcome ended = this.outcome;
		if (this.written == null) {
			return null;
		}
		if (ended == null || ended.end() != StreamOutcome.End.COMPLETED || ended.finishReason() == null) {
			return (this.written.isComplete()) ? new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null)
					: null;
		}
		return new Token.Finish(ended.finishReason(), null, ended.usage(), ended.responseId(), ended.model());
	}

}
