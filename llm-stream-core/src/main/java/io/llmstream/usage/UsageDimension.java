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

package io.llmstream.usage;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Something that figures can be grouped and selected by: one of the constants, or a
 * {@linkplain #tag(String) tag}.
 *
 * @param name the name by which it is asked for, such as {@code provider} or
 * {@code tag.user}
 */
public record UsageDimension(String name) {

	/** The client that was asked: a route, or a provider. */
	public static final UsageDimension ROUTE = new UsageDimension("route");

	/** The provider's name in the configuration. */
	public static final UsageDimension PROVIDER = new UsageDimension("provider");

	/** The model that answered, else the one that was asked. */
	public static final UsageDimension MODEL = new UsageDimension("model");

	/** The model that was asked. */
	public static final UsageDimension REQUESTED_MODEL = new UsageDimension("requested-model");

	/** How streams and attempts ended. */
	public static final UsageDimension OUTCOME = new UsageDimension("outcome");

	/** The kind of failure. */
	public static final UsageDimension ERROR = new UsageDimension("error");

	/** How the figures are known. */
	public static final UsageDimension SOURCE = new UsageDimension("source");

	private static final String TAG = "tag.";

	private static final List<UsageDimension> ALL = List.of(ROUTE, PROVIDER, MODEL, REQUESTED_MODEL, OUTCOME, ERROR,
			SOURCE);

	/**
	 * A tag.
	 * @param name the tag's name
	 * @return the dimension
	 */
	public static UsageDimension tag(String name) {
		return new UsageDimension(TAG + name);
	}

	/**
	 * The dimension of a name.
	 * @param name the name, {@code tag.} and the tag's name for a tag
	 * @return the dimension
	 * @throws IllegalArgumentException if there is none of this name; the message names
	 * those that there are
	 */
	public static UsageDimension of(String name) {
		for (UsageDimension dimension : ALL) {
			if (dimension.name.equals(name)) {
				return dimension;
			}
		}
		if (name.startsWith(TAG) && name.length() > TAG.length()) {
			return new UsageDimension(name);
		}
		throw new IllegalArgumentException("A dimension is one of " + String.join(", ", names()) + " and tag.<name>");
	}

	private static List<String> names() {
		return ALL.stream().map(UsageDimension::name).toList();
	}

	/**
	 * The tag that this is.
	 * @return the tag's name, or {@code null} if this is no tag
	 */
	public @Nullable String tagName() {
		return (this.name.startsWith(TAG)) ? this.name.substring(TAG.length()) : null;
	}

	/**
	 * What an entry has here.
	 * @param entry the entry
	 * @return its value, empty if it has none
	 */
	public String valueOf(UsageEntry entry) {
		return UsageKey.of(entry).value(this);
	}

	static String word(@Nullable Enum<?> constant) {
		return (constant != null) ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-') : "";
	}

}
