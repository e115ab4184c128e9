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
package io.llmstream.found;

import io.llmstream.Partial;
import io.llmstream.service.LlmService;
import io.llmstream.service.SystemPrompt;
import io.llmstream.service.UserPrompt;
import reactor.core.publisher.Flux;

/**
 * What the tests find.
 */
@LlmService
public interface Kitchen {

	/**
	 * A dish as it is written.
	 * @param what what to cook
	 * @return the dish, again and again
	 */
	@SystemPrompt("You cook.")
	Flux<Partial<Dish>> grow(String what);

	/**
	 * Dishes, one by one.
	 * @param what what to cook
	 * @return the dishes
	 */
	@UserPrompt("classpath:prompts/menu.txt")
	Flux<Dish> menu(String what);

	/**
	 * What is cooked.
	 *
	 * @param title its name
	 * @param minutes how long it takes
	 */
	record Dish(String title, int minutes) {
	}

}
