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

package io.llmstream.json;

import org.jspecify.annotations.Nullable;

/**
 * Knows a document that says the same as the one before it, but for the text of one token
 * and for values that nobody reads, such as padding or a time. Most of what a model sends
 * are such documents: they are compared, which takes a fraction of what it takes to read
 * them, above all where so much time lies between two that the reader's code and tables
 * have left the processor's caches.
 * <p>
 * What is the same but for that must also mean the same but for that. Whoever uses this
 * {@linkplain #learn learns} only documents that, read a second time, would change
 * nothing but emit their text again, and {@linkplain #forget() forgets} as soon as
 * anything else comes.
 * <p>
 * For the documents of one answer and one thread at a time.
 */
public final class RepeatedText {

	/** After so many documents that were not repeated, most are not learned any more. */
	private static final int MANY = 16;

	/** Of what is longer no copy is kept; no event that brings one token is. */
	private static final int LONGEST = 4096;

	private @Nullable TextShape shape;

	/** Whether the shape is of this answer alone, which has not been repeated yet. */
	private boolean own;

	/** The shape that it takes the place of where it is repeated. */
	private @Nullable TextShape instead;

	private boolean known;

	private int misses;

	/**
	 * Find the text of a document that repeats the one that was learned.
	 * @param reader reads the text; is used by nobody else meanwhile
	 * @param in holds the document
	 * @param offset where it starts
	 * @param length how many bytes it has
	 * @return the text, or {@code null} if the document has to be read
	 * @throws MalformedJsonException if the text is not well-formed
	 */
	public @Nullable String find(JsonReader reader, byte[] in, int offset, int length) {
		TextShape shape = this.shape;
		if (!this.known || shape == null) {
			return null;
		}
		String text = shape.text(reader, in, offset, length);
		if (text == null) {
			return null;
		}
		this.misses = 0;
		if (this.own) {
			this.own = false;
			TextShapes.get().share(shape, this.instead);
			this.instead = null;
		}
		return (!text.isEmpty()) ? text : null;
	}

	/**
	 * Take note of a document that has just been read, whose only effect was a token with
	 * its text.
	 * @param reader has read it
	 * @param in holds the document
	 * @param offset where it starts
	 * @param length how many bytes it has
	 */
	public void learn(JsonReader reader, byte[] in, int offset, int length) {
		JsonPlaces places = reader.places();
		this.known = false;
		if (!places.hasOneText() || length > LONGEST || (this.misses >= MANY && this.misses++ % MANY != 0)) {
			return;
		}
		this.misses++;
		this.known = true;
		int differences = (this.shape != null) ? this.shape.differences(places, in, offset, length) : TextShape.OTHER;
		if (differences != 0) {
			int varying = (this.shape != null && differences != TextShape.OTHER) ? this.shape.varying() | differences
					: 0;
			change(varying, places, in, offset, length);
		}
	}

	/**
	 * Use the shape that other answers use, or one that allows more to differ. That
	 * becomes theirs too as soon as a document is found with it: what is never repeated
	 * may be anything, such as all of the text so far.
	 */
	private void change(int varying, JsonPlaces places, byte[] in, int offset, int length) {
		TextShape like = TextShapes.get().like(places, in, offset, length);
		int all = varying;
		if (like != null) {
			all |= like.varying() | like.differences(places, in, offset, length);
		}
		this.own = like == null || all != like.varying();
		this.instead = (this.own) ? like : null;
		this.shape = (like == null || this.own) ? new TextShape(places, in, offset, length, all) : like;
	}

	/**
	 * Let the next document be read, whatever it says.
	 */
	public void forget() {
		this.known = false;
	}

}
