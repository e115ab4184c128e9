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

import io.llmstream.autoconfigure.LlmStreamClients;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells the page what it may ask. Says nothing of keys and addresses.
 */
@RestController
class ProvidersController {

	private final LlmStreamClients clients;

	private final ProviderTypes types;

	ProvidersController(LlmStreamClients clients, ProviderTypes types) {
		this.clients = clients;
		this.types = types;
	}

	@GetMapping("/api/providers")
	Catalog providers() {
		return new Catalog(this.clients.names().stream().map(this::entry).toList(), SimulatedAnswers.SUGGESTIONS);
	}

	private Entry entry(String name) {
		return new Entry(name, this.types.typeOf(name), this.types.modelOf(name), Simulation.isSimulated(name));
	}

	/**
	 * What there is to choose from.
	 *
	 * @param providers the providers, in the order of the configuration
	 * @param suggestions what one might ask
	 */
	record Catalog(List<Entry> providers, List<String> suggestions) {
	}

	/**
	 * A provider.
	 *
	 * @param name the name of its client
	 * @param type how its server speaks, or {@code null} for a client made in code
	 * @param model the model that it asks, or {@code null}
	 * @param simulated whether it only pretends to be a model
	 */
	record Entry(String name, @Nullable String type, @Nullable String model, boolean simulated) {
	}

}
