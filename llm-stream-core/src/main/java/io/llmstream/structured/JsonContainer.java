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

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * An object or an array of a document that is being written. Only ever grows, and does
 * not change any more once it is closed.
 * <p>
 * Values are {@link JsonContainer}, {@link String}, {@link JsonNumber}, {@link Boolean},
 * or {@link #NULL}. Written by one thread. Who reads while it grows must do so through a
 * {@link JsonFrame}, which knows how far it had grown, and holds the arrays of then:
 * entries are never written again, and what is appended later stands beyond.
 */
final class JsonContainer {

	/** The value {@code null}. */
	static final Object NULL = new Object();

	// a scan is faster than a set up to about here
	private static final int SCANNED_NAMES = 12;

	private static final String[] NO_NAMES = new String[0];

	private final boolean object;

	private String[] names = NO_NAMES;

	private @Nullable Object[] values = new Object[4];

	private int size;

	// how many of the names are those of another object, which are read and not written
	private int borrowed;

	private @Nullable Set<String> seen;

	// see SharedBinding; set and read by any thread
	private @Nullable Object bound;

	private JsonContainer(boolean object) {
		this.object = object;
	}

	static JsonContainer array() {
		return new JsonContainer(false);
	}

	/**
	 * An object. In a list it will probably have the names that the one before it has,
	 * and holds them together with it as long as that is so.
	 */
	static JsonContainer object(@Nullable JsonContainer parent) {
		JsonContainer object = new JsonContainer(true);
		if (parent != null && !parent.object && parent.size > 0
				&& parent.values[parent.size - 1] instanceof JsonContainer before && before.object && before.size > 0) {
			object.names = before.names;
			object.borrowed = before.size;
		}
		return object;
	}

	boolean isObject() {
		return this.object;
	}

	int size() {
		return this.size;
	}

	String[] names() {
		return this.names;
	}

	@Nullable Object[] values() {
		return this.values;
	}

	/**
	 * The value of a member, or {@code null} if there is no such member.
	 */
	@Nullable Object member(String name) {
		for (int i = 0; i < this.size; i++) {
			if (this.names[i].equals(name)) {
				return this.values[i];
			}
		}
		return null;
	}

	/**
	 * Begin a member. Its value is added later.
	 * @return whether there was no member of this name yet
	 */
	boolean name(String name) {
		if (this.borrowed > 0) {
			if (this.size < this.borrowed && this.names[this.size].equals(name)) {
				return true;
			}
			this.borrowed = 0;
			this.names = Arrays.copyOf(Arrays.copyOf(this.names, this.size), Math.max(4, this.size * 2));
		}
		else if (this.size == this.names.length) {
			this.names = Arrays.copyOf(this.names, Math.max(4, this.size * 2));
		}
		this.names[this.size] = name;
		return isNew(name);
	}

	private boolean isNew(String name) {
		if (this.seen != null) {
			return this.seen.add(name);
		}
		for (int i = 0; i < this.size; i++) {
			if (this.names[i].equals(name)) {
				return false;
			}
		}
		if (this.size >= SCANNED_NAMES) {
			this.seen = new HashSet<>(Arrays.asList(this.names).subList(0, this.size + 1));
		}
		return true;
	}

	void add(Object value) {
		if (this.size == this.values.length) {
			this.values = Arrays.copyOf(this.values, this.size * 2);
		}
		this.values[this.size++] = value;
	}

	/**
	 * What this became in Java, once it was closed.
	 */
	@Nullable Object bound() {
		return this.bound;
	}

	void bind(Object bound) {
		this.bound = bound;
	}

}
