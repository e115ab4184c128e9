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

import org.jspecify.annotations.Nullable;

/**
 * How far a container had grown at some moment. Frames of a container and of those around
 * it form a list that shares its tail with others: a container does not grow while one
 * within it is open, so that its frame is made once for all that happens there.
 *
 * @param parent the frame of the container around this one, or {@code null}
 * @param container the container
 * @param names the names of its members, as the array was at that moment
 * @param values its values, as the array was at that moment
 * @param size how many values it had
 */
record JsonFrame(@Nullable JsonFrame parent, JsonContainer container, String[] names, @Nullable Object[] values,
		int size) {

	static JsonFrame of(@Nullable JsonFrame parent, JsonContainer container) {
		return new JsonFrame(parent, container, container.names(), container.values(), container.size());
	}

	boolean isObject() {
		return this.container.isObject();
	}

	Object value(int index) {
		Object value = this.values[index];
		if (value == null) {
			throw new IndexOutOfBoundsException(index);
		}
		return value;
	}

	String name(int index) {
		return this.names[index];
	}

	/**
	 * The index of a member or an element, or -1.
	 * @param step a name, or an index
	 */
	int index(Object step) {
		if (!isObject()) {
			return (step instanceof Number number && number.intValue() >= 0 && number.intValue() < this.size)
					? number.intValue() : -1;
		}
		for (int i = 0; i < this.size; i++) {
			if (this.names[i].equals(step)) {
				return i;
			}
		}
		return -1;
	}

}
