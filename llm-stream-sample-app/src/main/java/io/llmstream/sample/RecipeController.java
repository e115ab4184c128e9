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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.llmstream.LlmStreamClient;
import io.llmstream.Partial;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunOptions;
import io.llmstream.relay.Runs;
import io.llmstream.service.LlmServiceFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Writes recipes: objects that grow in the browser. {@link #recipe} is all that an
 * application needs. The page asks the provider that was chosen on it, and starts runs,
 * which a reload does not end; they are watched and stopped where all runs are.
 */
@RestController
class RecipeController {

	private final Cook cook;

	private final ChosenClients clients;

	private final Runs runs;

	private final Map<String, Cook> cooks = new ConcurrentHashMap<>();

	RecipeController(Cook cook, ChosenClients clients, Runs runs) {
		this.cook = cook;
		this.clients = clients;
		this.runs = runs;
	}

	@GetMapping(path = "/api/recipe", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<Partial<Recipe>> recipe(@RequestParam String dish) {
		return this.cook.recipe(dish);
	}

	@PostMapping("/api/recipes")
	Run start(@RequestBody Order order) {
		Flux<Partial<Recipe>> recipe = cook(order.provider()).recipe(order.requiredDish());
		return this.runs.startObject(recipe, null, Context.empty(), RunOptions.none());
	}

	/**
	 * A bean asks one client; to let the reader choose, there is a cook for each.
	 */
	private Cook cook(@Nullable String provider) {
		LlmStreamClient client = this.clients.get(provider);
		return this.cooks.computeIfAbsent(client.name(), (name) -> new LlmServiceFactory(client).create(Cook.class));
	}

	/**
	 * What the page asks.
	 *
	 * @param provider the name of the client that is to answer
	 * @param dish what to cook
	 */
	record Order(@Nullable String provider, @Nullable String dish) {

		String requiredDish() {
			if (!StringUtils.hasText(this.dish)) {
				throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The order names no dish.");
			}
			return this.dish;
		}

	}

}
