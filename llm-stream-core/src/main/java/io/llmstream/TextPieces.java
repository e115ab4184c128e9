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

import java.util.function.BiConsumer;

import reactor.core.publisher.SynchronousSink;

/**
 * The text of one answer, without the other tokens. A stream of text cannot say that what
 * came must be discarded, so an answer that begins anew fails once there is text.
 */
final class TextPieces implements BiConsumer<Token, SynchronousSink<String>> {

	private final String client;

	private final StringBuilder text = new StringBuilder();

	private int before;

	TextPieces(String client) {
		this.client = client;
	}

	@Override
	public void accept(Token token, SynchronousSink<String> pieces) {
		if (token instanceof Token.Text piece) {
			this.text.append(piece.text());
			pieces.next(piece.text());
		}
		else if (token instanceof Token.StepStart) {
			this.before = this.text.length();
		}
		else if (token instanceof Token.Reset && this.text.length() > this.before) {
			pieces.error(StreamFailure
				.of(ErrorKind.TRUNCATED, this.client,
						"the answer broke off and began anew, which a stream of text alone cannot say")
				.partial(this.text.toString(), Usage.NONE, null)
				.toException());
		}
	}

}
