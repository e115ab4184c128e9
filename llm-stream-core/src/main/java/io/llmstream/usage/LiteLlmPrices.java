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

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.Resource;

/**
 * Prices from a file in the form of LiteLLM's
 * {@code model_prices_and_context_window.json}: an object with a member for each model,
 * whose prices are in US dollars for each token. Prices of cached, cache-writing and
 * reasoning tokens, and those of long prompts ({@code …_above_200k_tokens}), are
 * understood. Models without token prices are left out.
 * <p>
 * Which models are whose is told by the kind of a provider's server: those of OpenAI, for
 * instance, have no prefix in the file, those of OpenRouter begin with
 * {@code openrouter/}. A provider of a kind that the file does not know, such as a server
 * of one's own, has no prices there.
 * <p>
 * Immutable and safe for use by several threads.
 *
 * @see <a href="https://docs.litellm.ai/docs/provider_registration/add_model_pricing">the
 * form</a>
 */
public final class LiteLlmPrices implements TokenPrices {

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private static final String INPUT = "input_cost_per_token";

	private static final String OUTPUT = "output_cost_per_token";

	private static final String CACHED = "cache_read_input_token_cost";

	private static final String WRITTEN = "cache_creation_input_token_cost";

	private static final String REASONING = "output_cost_per_reasoning_token";

	private static final Pattern TIER = Pattern.compile("_above_(\\d+)k_tokens$");

	private static final Pattern DATE = Pattern.compile("-(\\d{8}|\\d{4}-\\d{2}-\\d{2}|latest)$");

	/** What the file calls the kinds of servers that it knows under another name. */
	private static final Map<String, List<String>> NAMES = Map.ofEntries(
			Map.entry("openai-responses", List.of("openai")), Map.entry("azure-openai", List.of("azure")),
			Map.entry("gemini-openai", List.of("gemini")), Map.entry("vertex", List.of("vertex_ai", "gemini")),
			Map.entry("together", List.of("together_ai")), Map.entry("ollama-openai", List.of("ollama")),
			Map.entry("gemini", List.of("gemini", "vertex_ai")));

	private final Map<String, Entry> entries;

	private final UnaryOperator<String> types;

	private LiteLlmPrices(Map<String, Entry> entries, UnaryOperator<String> types) {
		this.entries = entries;
		this.types = types;
	}

	/**
	 * Read a file.
	 * @param resource where it is
	 * @param types the kind of server of each provider by its name in the configuration,
	 * such as {@code openai}; the name itself for a provider that is not known
	 * @return its prices
	 * @throws IOException if it cannot be read
	 * @throws IllegalArgumentException if it is no such file; the message says why
	 */
	public static LiteLlmPrices read(Resource resource, UnaryOperator<String> types) throws IOException {
		JsonNode root;
		try (InputStream in = resource.getInputStream()) {
			root = mapper.readTree(in);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("it is not JSON", ex);
		}
		if (!root.isObject()) {
			throw new IllegalArgumentException("it is not a JSON object with a member for each model");
		}
		Map<String, Entry> entries = new HashMap<>();
		root.properties().forEach((member) -> {
			TokenPrice price = price(member.getValue());
			if (price != null) {
				entries.put(member.getKey(), new Entry(member.getValue().path("litellm_provider").asString(""), price));
			}
		});
		if (entries.isEmpty()) {
			throw new IllegalArgumentException("no model in it has " + INPUT + " and " + OUTPUT);
		}
		return new LiteLlmPrices(Map.copyOf(entries), types);
	}

	private static @Nullable TokenPrice price(JsonNode model) {
		BigDecimal input = number(model, INPUT);
		BigDecimal output = number(model, OUTPUT);
		if (input == null || output == null) {
			return null;
		}
		Map<Long, String> suffixes = new TreeMap<>();
		for (String name : model.propertyNames()) {
			Matcher matcher = TIER.matcher(name);
			if (matcher.find() && matcher.group(1).length() < 9) {
				suffixes.put(Long.parseLong(matcher.group(1)) * 1000, matcher.group());
			}
		}
		List<TokenPrice.Tier> tiers = new ArrayList<>();
		suffixes.forEach((above,
				suffix) -> tiers.add(new TokenPrice.Tier(above, number(model, INPUT + suffix),
						number(model, OUTPUT + suffix), number(model, CACHED + suffix), number(model, WRITTEN + suffix),
						number(model, REASONING + suffix))));
		return new TokenPrice(input, output, number(model, CACHED), number(model, WRITTEN), number(model, REASONING),
				tiers);
	}

	private static @Nullable BigDecimal number(JsonNode model, String name) {
		JsonNode value = model.path(name);
		if (value.isNumber() && value.decimalValue().signum() >= 0) {
			return value.decimalValue();
		}
		return null;
	}

	@Override
	public @Nullable TokenPrice find(String provider, String model) {
		String type = this.types.apply(provider);
		String name = (model.startsWith("models/")) ? model.substring("models/".length()) : model;
		TokenPrice price = findExactly(type, name);
		if (price != null) {
			return price;
		}
		Matcher dated = DATE.matcher(name);
		return (dated.find()) ? findExactly(type, name.substring(0, dated.start())) : null;
	}

	private @Nullable TokenPrice findExactly(String type, String model) {
		if (type.equals("litellm")) {
			Entry entry = this.entries.get(model);
			return (entry != null) ? entry.price : null;
		}
		for (String owner : NAMES.getOrDefault(type, List.of(type))) {
			Entry entry = this.entries.get(owner + "/" + model);
			if (entry == null) {
				Entry bare = this.entries.get(model);
				entry = (bare != null && bare.isOf(owner)) ? bare : null;
			}
			if (entry != null) {
				return entry.price;
			}
		}
		return null;
	}

	/**
	 * How many models have a price.
	 * @return how many
	 */
	public int size() {
		return this.entries.size();
	}

	private record Entry(String provider, TokenPrice price) {

		/**
		 * Models of Vertex AI are listed by family, such as
		 * {@code vertex_ai-language-models}.
		 */
		private boolean isOf(String owner) {
			return this.provider.equals(owner) || this.provider.startsWith(owner + "-");
		}

	}

}
