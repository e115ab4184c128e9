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

package io.llmstream.observation;

import java.time.Duration;

import io.llmstream.AttemptLedger;
import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamAttempt;
import io.llmstream.StreamFailure;
import io.llmstream.StreamOutcome;
import io.llmstream.StreamingModel;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Models that keep account of their attempts as the engine does.
 */
final class Answers {

	static final Usage USAGE = new Usage(30, 12, 10, 5, 4, Usage.Source.REPORTED);

	static final Token.Finish FINISH = new Token.Finish(FinishReason.STOP, "stop", USAGE, "resp-1", "m-2026");

	private Answers() {
	}

	static Flux<Token> text(String... pieces) {
		return Flux.fromArray(pieces).<Token>map(Token.Text::new).concatWithValues(FINISH);
	}

	static LlmStreamException error(ErrorKind kind) {
		return StreamFailure.of(kind, "p", "failed").model("m").toException();
	}

	/** A model whose one attempt emits these tokens. */
	static StreamingModel model(Flux<Token> tokens) {
		return model("p", tokens);
	}

	static StreamingModel model(String provider, Flux<Token> tokens) {
		return (request) -> Flux.deferContextual((context) -> {
			Runnable close = AttemptLedger.begin(context, provider, "m");
			Record record = new Record(provider, close);
			return tokens.doOnNext((token) -> {
				if (token instanceof Token.Finish finish) {
					record.write(context, StreamOutcome.End.COMPLETED, null, finish.usage());
				}
			})
				.doOnError((error) -> record.write(context, StreamOutcome.End.FAILED,
						((LlmStreamException) error).getKind(), Usage.NONE))
				.doOnCancel(() -> {
					AttemptLedger.cancelledAfter(context, "so far");
					record.write(context, StreamOutcome.End.CANCELLED, null,
							new Usage(7, 3, 0, 0, 0, Usage.Source.ESTIMATED));
				});
		});
	}

	private static final class Record {

		private final String provider;

		private final Runnable close;

		private boolean written;

		private Record(String provider, Runnable close) {
			this.provider = provider;
			this.close = close;
		}

		private void write(ContextView context, StreamOutcome.End end, @Nullable ErrorKind kind, Usage usage) {
			if (!this.written) {
				this.written = true;
				AttemptLedger.record(context, new StreamAttempt(this.provider, "m", "m-2026", end, kind, null, null,
						Duration.ZERO, Duration.ofSeconds(3), Duration.ofSeconds(1), 2, usage, "req-1", "resp-1"));
				this.close.run();
			}
		}

	}

}
