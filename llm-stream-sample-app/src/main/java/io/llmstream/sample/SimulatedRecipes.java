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

package io.llmstream.sample;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The recipes that the simulated provider knows: soup, and batter for everything else.
 */
final class SimulatedRecipes {

	private static final Pattern DISH = Pattern.compile("recipe for (.+?)\\.?$", Pattern.DOTALL);

	private static final List<String> SOUP = List.of("800 g|ripe tomatoes", "1|large onion", "2 cloves|garlic",
			"3 tbsp|olive oil", "500 ml|vegetable stock", "1 tsp|sugar", "a handful|basil");

	private static final List<String> SOUP_STEPS = List.of("Chop the onion and the garlic, and halve the tomatoes.",
			"Let the onion turn soft in the oil, then add the garlic for a minute.",
			"Add tomatoes, stock and sugar, and simmer for 25 minutes.",
			"Blend, season with salt and pepper, and serve with torn basil.");

	private static final List<String> BATTER = List.of("250 g|plain flour", "2 tsp|baking powder", "½ tsp|cardamom",
			"3|eggs", "60 g|sugar", "400 ml|buttermilk", "100 g|butter, melted", "1 pinch|salt");

	private static final List<String> BATTER_STEPS = List.of("Whisk the eggs with the sugar until pale.",
			"Stir flour, baking powder, cardamom and salt together.",
			"Fold the flour and the buttermilk into the eggs by turns, then the butter.",
			"Let the batter rest for 15 minutes; it thickens.",
			"Bake in a hot iron until golden, and serve at once with jam and sour cream. 🧇");

	private SimulatedRecipes() {
	}

	/**
	 * The recipe as JSON, laid out as models like to do it.
	 */
	static String write(String question) {
		Matcher asked = DISH.matcher(question);
		String dish = (asked.find()) ? asked.group(1).strip() : question.strip();
		boolean soup = dish.toLowerCase(Locale.ROOT).contains("soup");
		return """
				{
				  "title": %s,
				  "summary": %s,
				  "servings": 4,
				  "minutes": %d,
				  "ingredients": [
				%s
				  ],
				  "steps": [
				%s
				  ]
				}""".formatted(text(title(dish)),
				text("Simulated: I know one soup and one batter, and this is the " + ((soup) ? "soup." : "batter.")),
				(soup) ? 40 : 35,
				((soup) ? SOUP : BATTER).stream().map(SimulatedRecipes::ingredient).collect(Collectors.joining(",\n")),
				((soup) ? SOUP_STEPS : BATTER_STEPS).stream()
					.map((step) -> "    " + text(step))
					.collect(Collectors.joining(",\n")));
	}

	private static String title(String dish) {
		return (dish.isEmpty()) ? "Batter" : dish.substring(0, 1).toUpperCase(Locale.ROOT) + dish.substring(1);
	}

	private static String ingredient(String known) {
		String[] parts = known.split("\\|");
		return "    { \"amount\": " + text(parts[0]) + ", \"name\": " + text(parts[1]) + " }";
	}

	private static String text(String value) {
		StringBuilder json = new StringBuilder("\"");
		value.chars().forEach((c) -> {
			if (c == '"' || c == '\\') {
				json.append('\\');
			}
			json.append((c < ' ') ? ' ' : (char) c);
		});
		return json.append('"').toString();
	}

}
