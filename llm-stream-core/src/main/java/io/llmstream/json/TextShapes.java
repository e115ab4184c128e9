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

import java.lang.ref.SoftReference;

import org.jspecify.annotations.Nullable;

/**
 * The shapes of documents that a thread has used last. What one answer says again and
 * again others say too, but for their ids: they share a shape, which stays in the
 * processor's caches, where one of each answer would not.
 */
final class TextShapes {

	private static final int MOST = 8;

	/** Softly, so that a thread that outlives this library does not keep it. */
	private static final ThreadLocal<@Nullable SoftReference<TextShapes>> ofThread = new ThreadLocal<>();

	/** The one that was used last comes first. */
	private final @Nullable TextShape[] shapes = new TextShape[MOST];

	private TextShapes() {
	}

	/**
	 * The shapes of this thread.
	 */
	static TextShapes get() {
		SoftReference<TextShapes> known = ofThread.get();
		TextShapes shapes = (known != null) ? known.get() : null;
		if (shapes == null) {
			shapes = new TextShapes();
			ofThread.set(new SoftReference<>(shapes));
		}
		return shapes;
	}

	/**
	 * Find a shape that a document has, but for values that may not differ yet.
	 * @param places what was passed over in the document, and its one text
	 * @param in holds the document
	 * @param offset where it starts
	 * @param length how many bytes it has
	 * @return the shape, or {@code null} if none is like the document
	 */
	@Nullable TextShape like(JsonPlaces places, byte[] in, int offset, int length) {
		for (int i = 0; i < MOST; i++) {
			TextShape known = this.shapes[i];
			if (known != null && known.differences(places, in, offset, length) != TextShape.OTHER) {
				toFront(known, i);
				return known;
			}
		}
		return null;
	}

	/**
	 * Let others use a shape.
	 * @param shape the shape
	 * @param instead the one that it takes the place of, if there is one
	 */
	void share(TextShape shape, @Nullable TextShape instead) {
		int place = MOST - 1;
		for (int i = 0; i < MOST && instead != null; i++) {
			if (this.shapes[i] == instead) {
				place = i;
			}
		}
		toFront(shape, place);
	}

	/**
	 * Put a shape before all others, in place of the one that stands somewhere.
	 */
	private void toFront(TextShape shape, int place) {
		System.arraycopy(this.shapes, 0, this.shapes, 1, place);
		this.shapes[0] = shape;
	}

}
