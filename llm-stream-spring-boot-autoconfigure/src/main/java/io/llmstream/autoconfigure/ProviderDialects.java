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

package io.llmstream.autoconfigure;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.llmstream.engine.BuiltInDialects;
import io.llmstream.provider.ProviderDialect;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of server that a provider's {@code type} may name. A bean replaces the
 * built-in dialect of the same type.
 */
final class ProviderDialects {

	private final Map<String, ProviderDialect> dialects = new TreeMap<>();

	ProviderDialects(Collection<ProviderDialect> beans) {
		BuiltInDialects.all().forEach((dialect) -> this.dialects.put(dialect.type(), dialect));
		beans.forEach((dialect) -> this.dialects.put(dialect.type(), dialect));
	}

	/**
	 * Get the dialect of a provider.
	 * @param provider the provider's name
	 * @param type the configured type, or {@code null} to take the name for it
	 * @return the dialect
	 */
	ProviderDialect get(String provider, @Nullable String type) {
		String wanted = (type != null) ? type.strip() : provider;
		ProviderDialect dialect = this.dialects.get(wanted);
		dialect = (dialect != null) ? dialect : relaxed(wanted);
		if (dialect != null) {
			return dialect;
		}
		String property = "llm-stream.providers." + provider + ".type";
		String nearest = nearest(wanted);
		throw new InvalidLlmStreamConfigurationException(
				((type != null) ? "The property " + property + " is '" + wanted + "', which is not a known type."
						: "The provider '" + provider
								+ "' does not say what kind of server it is: its name is not a known type, and "
								+ property + " is not set.")
						+ ((nearest != null) ? " Did you mean '" + nearest + "'?" : "") + " The known types are: "
						+ String.join(", ", this.dialects.keySet()) + ".",
				Examples.set(property, (nearest != null) ? nearest : "openai"));
	}

	/**
	 * A name that comes from an environment variable has lost its hyphens.
	 */
	private @Nullable ProviderDialect relaxed(String wanted) {
		String uniform = uniform(wanted);
		for (ProviderDialect dialect : this.dialects.values()) {
			if (uniform(dialect.type()).equals(uniform)) {
				return dialect;
			}
		}
		return null;
	}

	private static String uniform(String type) {
		return type.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
	}

	private @Nullable String nearest(String wanted) {
		String nearest = null;
		int least = Math.max(1, wanted.length() / 3) + 1;
		for (String type : this.dialects.keySet()) {
			int distance = distance(wanted, type);
			if (distance < least) {
				least = distance;
				nearest = type;
			}
		}
		return nearest;
	}

	/**
	 * How many characters must be inserted, deleted or replaced.
	 */
	private static int distance(String left, String right) {
		int[] row = new int[right.length() + 1];
		for (int j = 0; j < row.length; j++) {
			row[j] = j;
		}
		for (int i = 1; i <= left.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j < row.length; j++) {
				int replaced = diagonal + ((left.charAt(i - 1) == right.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[right.length()];
	}

}
