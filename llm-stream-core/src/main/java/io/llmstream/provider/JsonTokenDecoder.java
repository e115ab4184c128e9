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

package io.llmstream.provider;

import io.llmstream.Usage;
import io.llmstream.json.JsonReader;
import io.llmstream.json.RepeatedText;
import io.llmstream.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What the decoders of JSON wires have in common. A frame may hold several documents:
 * some servers leave out the blank line between two events. It may also be a sign of life
 * that is no JSON, or end with the mark {@code [DONE]}.
 */
public abstract class JsonTokenDecoder implements TokenDecoder {

	private final JsonReader reader = new JsonReader();

	private final RepeatedText repeated = new RepeatedText();

	private Phase phase = Phase.STREAMING;

	private Usage usage = Usage.NONE;

	private @Nullable String responseId;

	private @Nullable String model;

	@Override
	public void decode(Frame frame, TokenSink sink) {
		if (decodeRepeated(frame, sink)) {
			return;
		}
		int before = EndMark.before(frame);
		int length = (before >= 0) ? before : frame.length();
		if (length > 0 && !StrayDocuments.isKeepAlive(frame, length)) {
			documents(frame, length, sink);
		}
		if (before >= 0) {
			endMark(sink);
		}
	}

	private void documents(Frame frame, int length, TokenSink sink) {
		this.reader.reset(frame.bytes(), frame.offset(), length);
		int documents = 0;
		while (this.reader.hasDocument()) {
			decodeDocument(this.reader, frame.event(), sink);
			documents++;
		}
		if (documents == 1 && length == frame.length() && saidOnePiece()) {
			this.repeated.learn(this.reader, frame.bytes(), frame.offset(), frame.length());
		}
	}

	/**
	 * The mark {@code [DONE]} came. On wires that have an end of their own it says
	 * nothing.
	 * @param sink receives what is still open
	 */
	protected void endMark(TokenSink sink) {
	}

	/**
	 * Decode a frame that differs from the one before it in its text alone.
	 * @param frame the frame; its event is taken for the same
	 * @param sink receives the token
	 * @return whether it was such a frame; if not, nothing has been done
	 */
	protected final boolean decodeRepeated(Frame frame, TokenSink sink) {
		String text = this.repeated.find(this.reader, frame.bytes(), frame.offset(), frame.length());
		if (text == null) {
			this.repeated.forget();
			return false;
		}
		sayAgain(text, sink);
		return true;
	}

	/**
	 * Whether the document that was decoded last was one piece of what the model writes,
	 * read with {@link JsonReader#text}, and nothing else. Decoded once more with another
	 * text in that place, and with other values in place of those that were passed over,
	 * it would do the same as {@link #sayAgain}.
	 * @return whether it was
	 */
	protected boolean saidOnePiece() {
		return false;
	}

	/**
	 * Do what the document that was decoded last would do with another text.
	 * @param text the text, not empty
	 * @param sink receives its token
	 */
	protected void sayAgain(String text, TokenSink sink) {
		throw new IllegalStateException("Nothing is repeated here");
	}

	/**
	 * Decode one document.
	 * @param json stands before the document, which must be read or skipped
	 * @param event the name of the event, or {@code null}
	 * @param sink receives the tokens
	 */
	protected abstract void decodeDocument(JsonReader json, @Nullable String event, TokenSink sink);

	@Override
	public void end(TokenSink sink) {
	}

	@Override
	public final Phase phase() {
		return this.phase;
	}

	@Override
	public final Usage usage() {
		return this.usage;
	}

	@Override
	public final @Nullable String responseId() {
		return this.responseId;
	}

	@Override
	public final @Nullable String model() {
		return this.model;
	}

	/**
	 * Enter a phase. An answer never goes back, but by {@link #goOn()}.
	 * @param phase the phase; ignored if it is not further than the present one
	 */
	protected final void reach(Phase phase) {
		if (phase.compareTo(this.phase) > 0) {
			this.phase = phase;
		}
	}

	/**
	 * Take back that the answer is finishing, as it goes on: from now on only the end of
	 * the input says where it ends.
	 */
	protected final void goOn() {
		if (this.phase == Phase.FINISHING) {
			this.phase = Phase.OPEN_END;
		}
	}

	/**
	 * Set what was used; replaces what was known before.
	 * @param usage the usage
	 */
	protected final void usage(Usage usage) {
		this.usage = usage;
	}

	/**
	 * Set the provider's id of the answer; the first one stays.
	 * @param id the id; ignored if {@code null} or empty
	 */
	protected final void responseId(@Nullable String id) {
		if (this.responseId == null && id != null && !id.isEmpty()) {
			this.responseId = id;
		}
	}

	/**
	 * Set the model that answers; the last one stays, because routers name the model that
	 * they chose only once it speaks.
	 * @param model the model; ignored if {@code null} or empty
	 */
	protected final void model(@Nullable String model) {
		if (model != null && !model.isEmpty()) {
			this.model = model;
		}
	}

}
