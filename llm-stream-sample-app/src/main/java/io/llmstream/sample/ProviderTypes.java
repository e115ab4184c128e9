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

import io.llmstream.autoconfigure.LlmStreamProperties;
import io.llmstream.autoconfigure.ProviderProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Knows what kind of server a provider is.
 */
@Component
class ProviderTypes {

	private final LlmStreamProperties properties;

	ProviderTypes(LlmStreamProperties properties) {
		this.properties = properties;
	}

	/**
	 * The type of a provider, which is its name where no other is set.
	 * @param provider the provider's name
	 * @return the type, or {@code null} for a client that is made in code
	 */
	@Nullable String typeOf(String provider) {
		ProviderProperties properties = this.properties.getProviders().get(provider);
		if (properties == null) {
			return null;
		}
		return (properties.getType() != null) ? properties.getType() : provider;
	}

	/**
	 * The model that a provider asks.
	 * @param provider the provider's name
	 * @return the model, or {@code null} if it is not configured here
	 */
	@Nullable String modelOf(String provider) {
		ProviderProperties properties = this.properties.getProviders().get(provider);
		return (properties != null) ? properties.getModel() : null;
	}

}
