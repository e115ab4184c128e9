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

/**
 * A recipe, which a model writes. Its members come in this order, so that the page can
 * show them from the top.
 *
 * @param title what the dish is called
 * @param summary one sentence about it
 * @param servings how many people it feeds
 * @param minutes how long it takes
 * @param ingredients what is needed
 * @param steps what to do, one sentence each
 */
record Recipe(String title, String summary, int servings, int minutes, List<Ingredient> ingredients,
		List<String> steps) {

	/**
	 * Something that is needed.
	 *
	 * @param amount how much of it, with the unit
	 * @param name what it is
	 */
	record Ingredient(String amount, String name) {
	}

}
