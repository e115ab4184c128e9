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

import io.llmstream.Partial;
import io.llmstream.service.LlmService;
import io.llmstream.service.SystemPrompt;
import io.llmstream.service.UserPrompt;
import reactor.core.publisher.Flux;

/**
 * A declarative client: the interface is all there is, and a bean. It asks the default
 * client.
 */
@LlmService
@SystemPrompt("You write recipes for people who cook at home: plain words, exact amounts, metric units.")
interface Cook {

	/**
	 * Write a recipe.
	 * @param dish what to cook
	 * @return the recipe, more of it each time
	 */
	@UserPrompt("Write a recipe for {dish}.")
	Flux<Partial<Recipe>> recipe(String dish);

}
