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

import java.nio.charset.StandardCharsets;

import io.llmstream.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer in the shapes of a wire. For one answer and one thread at a time.
 */
abstract class WireWriter {

	private final AnswerFacts facts;

	private final BodyFraming framing;

	private final StringBuilder out = new StringBuilder();

	WireWriter(AnswerFacts facts, BodyFraming framing) {
		this.facts = facts;
		this.framing = framing;
	}

	final AnswerFacts facts() {
		return this.facts;
	}

	/**
	 * Take what was written since the last call.
	 * @return the bytes
	 */
	final byte[] take() {
		byte[] bytes = this.out.toString().getBytes(StandardCharsets.UTF_8);
		this.out.setLength(0);
		return bytes;
	}

	final void frame(@Nullable String event, String data) {
		this.out.append(this.framing.frame(event, data));
	}

	final void endBody() {
		this.out.append(this.framing.end());
	}

	void keepAlive(String text) {
		this.out.append(this.framing.keepAlive(text));
	}

	/** What comes before the first token. */
	abstract void open();

	abstract void text(String piece);

	abstract void reasoning(String piece);

	/**
	 * A piece of a refusal; most wires have no word for it and send text.
	 * @param piece the piece
	 */
	void refusal(String piece) {
		text(piece);
	}

	/**
	 * A signature of the reasoning, where the wire has one.
	 * @param signature the signature
	 */
	void signature(String signature) {
	}

	abstract void toolStart(int index, String id, String name);

	abstract void toolArguments(int index, String fragment);

	abstract void toolEnd(int index);

	/**
	 * Say why the answer ends.
	 * @param reason the reason
	 * @param raw the provider's word for it, or {@code null} for the usual one
	 */
	abstract void finish(FinishReason reason, @Nullable String raw);

	/** What comes after the reason: usage, end marks. */
	abstract void end();

	/**
	 * An error within the stream.
	 * @param error the error
	 */
	abstract void error(ErrorWords error);

}
