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

package io.llmstream.structured;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

import org.jspecify.annotations.Nullable;

/**
 * The bound elements of a list that is still being written. Only ever grows; those who
 * read it do so through views, each of which keeps the array of its time.
 */
final class GrowingList {

	private final Object owner;

	private @Nullable Object[] elements = new Object[8];

	private int size;

	GrowingList(Object owner) {
		this.owner = owner;
	}

	boolean belongsTo(Object owner) {
		return this.owner == owner;
	}

	int size() {
		return this.size;
	}

	void add(@Nullable Object element) {
		if (this.size == this.elements.length) {
			this.elements = Arrays.copyOf(this.elements, this.size * 2);
		}
		this.elements[this.size++] = element;
	}

	/**
	 * The first elements, as a list that does not change.
	 */
	List<@Nullable Object> view(int size) {
		return new View(this.elements, size, size, null);
	}

	/**
	 * The first elements and one more that is not complete.
	 */
	List<@Nullable Object> view(int size, @Nullable Object last) {
		return new View(this.elements, size, size + 1, last);
	}

	private static final class View extends AbstractList<@Nullable Object> implements RandomAccess {

		private final @Nullable Object[] elements;

		private final int complete;

		private final int size;

		private final @Nullable Object last;

		View(@Nullable Object[] elements, int complete, int size, @Nullable Object last) {
			this.elements = elements;
			this.complete = complete;
			this.size = size;
			this.last = last;
		}

		@Override
		public @Nullable Object get(int index) {
			if (index < 0 || index >= this.size) {
				throw new IndexOutOfBoundsException(index);
			}
			return (index < this.complete) ? this.elements[index] : this.last;
		}

		@Override
		public int size() {
			return this.size;
		}

	}

}
