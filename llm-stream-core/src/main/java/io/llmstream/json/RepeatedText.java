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

import java.util.Arrays;

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

	private static final byte[] NONE = {};

	private final int[] starts = new int[JsonPlaces.MOST];

	private final int[] ends = new int[JsonPlaces.MOST];

	private final int[] holes = new int[2 * (JsonPlaces.MOST + 1)];

	private byte[] last = NONE;

	private int length;

	/** What was passed over in the last document. */
	private int count;

	/** Which of it is not always the same, a bit for each. */
	private int varying;

	private int holeCount;

	private int textHole;

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
		if (!this.known) {
			return null;
		}
		reader.reset(in, offset, length);
		String text = null;
		int end = offset + length;
		int at = offset;
		int from = 0;
		for (int hole = 0; hole < this.holeCount; hole++) {
			int same = this.holes[2 * hole] - from;
			if (same > end - at || !Arrays.equals(this.last, from, from + same, in, at, at + same)) {
				return null;
			}
			at += same;
			if (hole == this.textHole) {
				text = reader.stringAt(at - 1);
				at = reader.position() - 1;
			}
			else {
				at = (this.last[from + same - 1] == '"') ? endOfString(in, at, end) : endOfNumber(in, at, end);
			}
			if (at < 0) {
				return null;
			}
			from = this.holes[2 * hole + 1];
		}
		if (this.length - from != end - at || !Arrays.equals(this.last, from, this.length, in, at, end)) {
			return null;
		}
		this.misses = 0;
		return (text != null && !text.isEmpty()) ? text : null;
	}

	private static int endOfString(byte[] in, int from, int end) {
		int special = StringScan.firstSpecial(in, from, end);
		return (special < end && in[special] == '"') ? special : -1;
	}

	private static int endOfNumber(byte[] in, int from, int end) {
		int i = from;
		while (i < end && in[i] >= '0' && in[i] <= '9') {
			i++;
		}
		boolean whole = i > from && (in[from] != '0' || i == from + 1);
		return (whole) ? i : -1;
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
		compare(places, in);
		keep(places, in, offset, length);
		makeHoles(places.textStart() - offset, places.textEnd() - offset);
		this.known = true;
	}

	/**
	 * Let the next document be read, whatever it says.
	 */
	public void forget() {
		this.known = false;
	}

	/**
	 * See what of that which nobody reads has changed.
	 */
	private void compare(JsonPlaces places, byte[] in) {
		if (places.count() != this.count) {
			this.varying = 0;
			return;
		}
		for (int i = 0; i < this.count; i++) {
			if (!Arrays.equals(this.last, this.starts[i], this.ends[i], in, places.start(i), places.end(i))) {
				this.varying |= 1 << i;
			}
		}
	}

	private void keep(JsonPlaces places, byte[] in, int offset, int length) {
		if (length > this.last.length) {
			this.last = new byte[length + length / 8];
		}
		System.arraycopy(in, offset, this.last, 0, length);
		this.length = length;
		this.count = places.count();
		for (int i = 0; i < this.count; i++) {
			this.starts[i] = places.start(i) - offset;
			this.ends[i] = places.end(i) - offset;
		}
	}

	private void makeHoles(int textStart, int textEnd) {
		this.holeCount = 0;
		this.textHole = -1;
		for (int i = 0; i < this.count; i++) {
			if (this.textHole < 0 && this.starts[i] > textStart) {
				this.textHole = hole(textStart, textEnd);
			}
			if ((this.varying & (1 << i)) != 0) {
				hole(this.starts[i], this.ends[i]);
			}
		}
		if (this.textHole < 0) {
			this.textHole = hole(textStart, textEnd);
		}
	}

	private int hole(int start, int end) {
		this.holes[2 * this.holeCount] = start;
		this.holes[2 * this.holeCount + 1] = end;
		return this.holeCount++;
	}

}
