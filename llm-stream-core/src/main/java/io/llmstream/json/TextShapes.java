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
 * The shapes of documents that a thread has seen last. What one answer says again and
 * again others say too, but for their ids: they share a shape, which stays in the
 * processor's caches, where one of each answer would not.
 */
final class TextShapes {

	private static final int MOST = 8;

	private static final ThreadLocal<TextShapes> ofThread = ThreadLocal.withInitial(TextShapes::new);

	private final @Nullable TextShape[] shapes = new TextShape[MOST];

	private int next;

	private TextShapes() {
	}

	/**
	 * The shapes of this thread.
	 */
	static TextShapes get() {
		return ofThread.get();
	}

	/**
	 * The shape of a document: a known one, or one that differs from it in allowing more
	 * values to differ, or a new one.
	 * @param own the shape of the document before it in the same answer, if there is one
	 * @param places what was passed over in the document, and its one text
	 * @param in holds the document
	 * @param offset where it starts
	 * @param length how many bytes it has
	 * @return the shape
	 */
	TextShape of(@Nullable TextShape own, JsonPlaces places, byte[] in, int offset, int length) {
		int varying = 0;
		if (own != null) {
			int differences = own.differences(places, in, offset, length);
			if (differences == 0) {
				return own;
			}
			varying = (differences != TextShape.OTHER) ? own.varying() | differences : 0;
		}
		for (int i = 0; i < MOST; i++) {
			TextShape known = this.shapes[i];
			int differences = (known != null) ? known.differences(places, in, offset, length) : TextShape.OTHER;
			if (known != null && differences != TextShape.OTHER) {
				int all = known.varying() | differences | varying;
				return (all == known.varying()) ? known : keep(i, new TextShape(places, in, offset, length, all));
			}
		}
		int place = this.next;
		this.next = (place + 1) % MOST;
		return keep(place, new TextShape(places, in, offset, length, varying));
	}

	private TextShape keep(int place, TextShape shape) {
		this.shapes[place] = shape;
		return shape;
	}

}
