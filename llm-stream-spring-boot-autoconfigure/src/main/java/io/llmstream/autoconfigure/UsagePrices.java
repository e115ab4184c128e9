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

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.llmstream.usage.LiteLlmPrices;
import io.llmstream.usage.PriceList;
import io.llmstream.usage.TokenPrice;
import io.llmstream.usage.TokenPrices;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.util.StringUtils;

/**
 * The prices of the configuration.
 */
final class UsagePrices {

	private static final PropertyChecks checks = new PropertyChecks("llm-stream.usage.");

	private UsagePrices() {
	}

	static TokenPrices of(UsageProperties properties, UnaryOperator<String> types) {
		List<PriceList.Rule> rules = new ArrayList<>();
		for (int i = 0; i < properties.getPrices().size(); i++) {
			rules.add(rule(properties.getPrices().get(i), "prices[" + i + "]."));
		}
		TokenPrices list = new PriceList(rules, types);
		Resource file = properties.getPriceFile();
		return (file != null) ? list.orElse(read(file, types)) : list;
	}

	private static PriceList.Rule rule(UsageProperties.Price price, String prefix) {
		String model = price.getModel();
		if (!StringUtils.hasText(model)) {
			throw checks.invalid(prefix + "model", "is not set, so that it is not known what has this price", "gpt-4o");
		}
		BigDecimal input = perToken(price.getInput(), prefix + "input");
		BigDecimal output = perToken(price.getOutput(), prefix + "output");
		if (input == null) {
			throw checks.invalid(prefix + "input", "is not set", "2.50");
		}
		if (output == null) {
			throw checks.invalid(prefix + "output", "is not set", "10.00");
		}
		List<TokenPrice.Tier> tiers = new ArrayList<>();
		for (int i = 0; i < price.getTiers().size(); i++) {
			tiers.add(tier(price.getTiers().get(i), prefix + "tiers[" + i + "]."));
		}
		return new PriceList.Rule(price.getProvider(), model.strip(),
				new TokenPrice(input, output, perToken(price.getCachedInput(), prefix + "cached-input"),
						perToken(price.getCacheWrite(), prefix + "cache-write"),
						perToken(price.getReasoning(), prefix + "reasoning"), tiers));
	}

	private static TokenPrice.Tier tier(UsageProperties.Tier tier, String prefix) {
		checks.check(tier.getAbove() > 0, prefix + "above", tier.getAbove(), "must be positive", "200000");
		return new TokenPrice.Tier(tier.getAbove(), perToken(tier.getInput(), prefix + "input"),
				perToken(tier.getOutput(), prefix + "output"), perToken(tier.getCachedInput(), prefix + "cached-input"),
				perToken(tier.getCacheWrite(), prefix + "cache-write"),
				perToken(tier.getReasoning(), prefix + "reasoning"));
	}

	private static @Nullable BigDecimal perToken(@Nullable BigDecimal perMillion, String name) {
		checks.check(perMillion == null || perMillion.signum() >= 0, name, perMillion, "must not be negative", "2.50");
		return (perMillion != null) ? perMillion.movePointLeft(6) : null;
	}

	private static TokenPrices read(Resource file, UnaryOperator<String> types) {
		try {
			return LiteLlmPrices.read(file, types);
		}
		catch (IOException | IllegalArgumentException ex) {
			throw checks.invalid("price-file",
					"is " + file.getDescription() + ", which cannot be used: "
							+ ((ex instanceof IOException) ? "it cannot be read" : ex.getMessage()),
					"file:model_prices_and_context_window.json");
		}
	}

}
