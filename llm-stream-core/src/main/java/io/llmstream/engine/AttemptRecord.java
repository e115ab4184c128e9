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

import java.time.Duration;

import io.llmstream.AttemptLedger;
import io.llmstream.EmittingThread;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.provider.TokenDecoder;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * Writes one attempt into the ledger of its subscription, once. For one thread at a time.
 */
final class AttemptRecord {

	private final Attempt attempt;

	private final StreamClock clock;

	private final StringBuilder text;

	private final Context context;

	private final Runnable close;

	private @Nullable Duration timeToFirstToken;

	private int tokens;

	private boolean ended;

	/** What was written and is no text, which the subscription keeps anyway. */
	private @Nullable StringBuilder unspoken;

	private final boolean observed;

	private final @Nullable EmittingThread emitting;

	/**
	 * Create a record.
	 * @param text the text that was emitted, to which the subscription appends
	 */
	AttemptRecord(Attempt attempt, StreamClock clock, StringBuilder text, Context context) {
		this.text = text;
		this.attempt = attempt;
		this.clock = clock;
		this.context = context;
		this.close = AttemptLedger.begin(context, attempt.provider(), attempt.model());
		this.observed = StreamObserver.from(context) != null;
		this.emitting = EmittingThread.from(context);
	}

	/**
	 * The thread that calls this emits from now on, or no more for now. Not after the end
	 * was told: who stops the stream waits for that alone, and its token may still be
	 * passed on.
	 */
	void emitting(boolean now) {
		if (this.emitting != null) {
			if (now && !this.ended) {
				this.emitting.begin();
			}
			else {
				this.emitting.end();
			}
		}
	}

	/**
	 * Take note of a token that is about to reach the subscriber. The end must be written
	 * before the last one does, because it carries the ledger.
	 */
	void emitted(Token token) {
		if (token.hasContent()) {
			this.tokens++;
			if (this.observed && !(token instanceof Token.Text)) {
				unspoken(token);
			}
			if (this.timeToFirstToken == null) {
				this.timeToFirstToken = this.clock.elapsed();
			}
		}
		else if (token instanceof Token.Finish finish) {
			end(StreamOutcome.End.COMPLETED, finish.model(), finish.responseId(), finish.usage(), finish.reason(),
					null);
		}
	}

	private void unspoken(Token token) {
		String piece = (token instanceof Token.Reasoning reasoning) ? reasoning.text()
				: (token instanceof Token.Refusal refusal) ? refusal.text()
						: (token instanceof Token.ToolCallDelta delta) ? words(delta) : null;
		if (piece != null) {
			if (this.unspoken == null) {
				this.unspoken = new StringBuilder();
			}
			this.unspoken.append(piece);
		}
	}

	private static String words(Token.ToolCallDelta delta) {
		return (delta.name() != null) ? delta.name() + delta.arguments() : delta.arguments();
	}

	private CharSequence written() {
		StringBuilder rest = this.unspoken;
		return (rest == null) ? this.text : (this.text.isEmpty()) ? rest : new StringBuilder(rest).append(this.text);
	}

	void failed(TokenDecoder decoder, LlmStreamException error) {
		end(StreamOutcome.End.FAILED, decoder.model(), decoder.responseId(), decoder.usage(), reason(decoder), error);
	}

	void cancelled(TokenDecoder decoder) {
		AttemptLedger.cancelledAfter(this.context, this.text);
		end(StreamOutcome.End.CANCELLED, decoder.model(), decoder.responseId(), decoder.usage(), reason(decoder), null);
	}

	/**
	 * Why the model stopped, if the provider said so and what was used, and then the
	 * stream was left or broke off all the same.
	 */
	private static @Nullable FinishReason reason(TokenDecoder decoder) {
		return (decoder.phase().compareTo(TokenDecoder.Phase.SETTLED) >= 0) ? decoder.finish().reason() : null;
	}

	private void end(StreamOutcome.End end, @Nullable String answering, @Nullable String responseId, Usage usage,
			@Nullable FinishReason finishReason, @Nullable LlmStreamException error) {
		if (this.ended) {
			return;
		}
		this.ended = true;
		emitting(false);
		String model = (answering != null) ? answering : this.attempt.model();
		AttemptLedger.record(this.context, new StreamAttempt(this.attempt.provider(), this.attempt.model(), model, end,
				(error != null) ? error.getKind() : null, finishReason,
				(error != null) ? error.getFailure().message() : null, AttemptLedger.delay(this.context),
				this.clock.elapsed(), this.timeToFirstToken, this.tokens, usage, this.attempt.requestId(), responseId),
				written());
		this.close.run();
	}

}
