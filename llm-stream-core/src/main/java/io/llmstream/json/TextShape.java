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
 * What is the same in documents that say the same, but for the text of one token and for
 * values that nobody reads. The text itself, and the values that differ, are not kept.
 * Immutable: the streams of a thread share it.
 */
final class TextShape {

	/** Other documents differ in more. */
	static final int OTHER = -1;

	/** The document without what may differ. */
	private final byte[] fixed;

	/** Where the values stand in it; nowhere, if they may differ. */
	private final int[] starts;

	private final int[] ends;

	/** Which of the values is the text. */
	private final int textIndex;

	/** Which values may differ, a bit for each; the text always may. */
	private final int varying;

	/** Where in what is fixed something else stands. */
	private final int[] holes;

	private final int textHole;

	/**
	 * Create the shape of a document.
	 * @param places the values that were passed over in it, and its one text
	 * @param in holds the document
	 * @param offset where it starts
	 * @param length how many bytes it has
	 * @param varying which of the values may differ, a bit for each
	 */
	TextShape(JsonPlaces places, byte[] in, int offset, int length, int varying) {
		int count = places.count();
		this.textIndex = places.textIndex();
		this.varying = varying | (1 << this.textIndex);
		this.starts = new int[count];
		this.ends = new int[count];
		this.holes = new int[Integer.bitCount(this.varying)];
		this.textHole = Integer.bitCount(this.varying & ((1 << this.textIndex) - 1));
		byte[] kept = new byte[length];
		int at = 0;
		int from = offset;
		int hole = 0;
		for (int i = 0; i < count; i++) {
			int to = (isVarying(i)) ? places.start(i) : places.end(i);
			System.arraycopy(in, from, kept, at, to - from);
			at += to - from;
			from = places.end(i);
			this.starts[i] = at - (to - places.start(i));
			this.ends[i] = at;
			if (isVarying(i)) {
				this.holes[hole++] = at;
			}
		}
		int rest = offset + length - from;
		System.arraycopy(in, from, kept, at, rest);
		this.fixed = Arrays.copyOf(kept, at + rest);
	}

	private boolean isVarying(int index) {
		return (this.varying & (1 << index)) != 0;
	}

	int varying() {
		return this.varying;
	}

	/**
	 * Find the text of a document of this shape.
	 * @param reader reads the text; is used by nobody else meanwhile
	 * @param in holds the document
	 * @param offset where it starts
	 * @param length how many bytes it has
	 * @return the text, or {@code null} if the document has another shape
	 * @throws MalformedJsonException if the text is not well-formed
	 */
	@Nullable String text(JsonReader reader, byte[] in, int offset, int length) {
		reader.reset(in, offset, length);
		String text = null;
		int end = offset + length;
		int at = offset;
		int from = 0;
		for (int i = 0; i < this.holes.length; i++) {
			int hole = this.holes[i];
			int same = hole - from;
			if (same > end - at || !Arrays.equals(this.fixed, from, hole, in, at, at + same)) {
				return null;
			}
			at += same;
			if (i == this.textHole) {
				text = reader.stringAt(at - 1);
				at = reader.position() - 1;
			}
			else {
				at = (this.fixed[hole - 1] == '"') ? endOfString(in, at, end) : endOfNumber(in, at, end);
			}
			if (at < 0) {
				return null;
			}
			from = hole;
		}
		return (Arrays.equals(this.fixed, from, this.fixed.length, in, at, end)) ? text : null;
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
	 * See in which values a document differs that may not differ yet.
	 * @param places the values that were passed over in the document, and its one text
	 * @param in holds the document
	 * @param offset where it starts
	 * @param length how many bytes it has
	 * @return these values, a bit for each, or {@link #OTHER} if it differs in more
	 */
	int differences(JsonPlaces places, byte[] in, int offset, int length) {
		if (places.count() != this.starts.length || places.textIndex() != this.textIndex) {
			return OTHER;
		}
		int differences = 0;
		int at = offset;
		int from = 0;
		for (int i = 0; i < this.starts.length; i++) {
			int start = places.start(i);
			int end = places.end(i);
			if (!Arrays.equals(this.fixed, from, this.starts[i], in, at, start)) {
				return OTHER;
			}
			if (!isVarying(i) && !Arrays.equals(this.fixed, this.starts[i], this.ends[i], in, start, end)) {
				differences |= 1 << i;
			}
			at = end;
			from = this.ends[i];
		}
		return (Arrays.equals(this.fixed, from, this.fixed.length, in, at, offset + length)) ? differences : OTHER;
	}

}
