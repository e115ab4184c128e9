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

import org.jspecify.annotations.Nullable;

/**
 * What models cost. Beans of this type are asked in their order, before the prices of the
 * configuration.
 * <p>
 * Safe for use by several threads; must not block.
 */
@FunctionalInterface
public interface TokenPrices {

	/**
	 * Find the price of a model.
	 * @param provider the provider's name in the configuration
	 * @param model the model
	 * @return the price, or {@code null} if it is not known
	 */
	@Nullable TokenPrice find(String provider, String model);

	/**
	 * These prices, and others for models that are not among them.
	 * @param others the others
	 * @return both
	 */
	default TokenPrices orElse(TokenPrices others) {
		return (provider, model) -> {
			TokenPrice price = find(provider, model);
			return (price != null) ? price : others.find(provider, model);
		};
	}

	/**
	 * No prices at all.
	 * @return prices that know no model
	 */
	static TokenPrices none() {
		return (provider, model) -> null;
	}

}
