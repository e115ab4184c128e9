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
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Prices that are written down by hand. The first rule that fits counts.
 * <p>
 * Immutable and safe for use by several threads.
 */
public final class PriceList implements TokenPrices {

	private final List<Rule> rules;

	private final UnaryOperator<String> types;

	/**
	 * Create a list.
	 * @param rules the rules, in the order in which they are asked
	 * @param types the kind of server of each provider by its name in the configuration,
	 * such as {@code openai}; the name itself for a provider that is not known
	 */
	public PriceList(List<Rule> rules, UnaryOperator<String> types) {
		this.rules = List.copyOf(rules);
		this.types = types;
	}

	@Override
	public @Nullable TokenPrice find(String provider, String model) {
		for (Rule rule : this.rules) {
			if (rule.isOf(provider, this.types) && rule.isFor(model)) {
				return rule.price;
			}
		}
		return null;
	}

	/**
	 * The price of some models.
	 *
	 * @param provider the provider's name in the configuration or the kind of its server,
	 * {@code null} for any
	 * @param model the model, or what its name begins with and an asterisk
	 * @param price what it costs
	 */
	public record Rule(@Nullable String provider, String model, TokenPrice price) {

		private boolean isOf(String name, UnaryOperator<String> types) {
			return this.provider == null || this.provider.equals(name) || this.provider.equals(types.apply(name));
		}

		private boolean isFor(String name) {
			return (this.model.endsWith("*")) ? name.startsWith(this.model.substring(0, this.model.length() - 1))
					: name.equals(this.model);
		}

	}

}
