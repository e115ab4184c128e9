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

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the providers are and the keys to them. A bean of this type goes before the
 * properties, so that a container, a service binding or a vault can supply both.
 * <p>
 * Must be safe for use by several threads. The API key is asked for with each request, so
 * that it can change while the application runs; the answer must come without waiting.
 */
public interface LlmStreamConnectionDetails extends ConnectionDetails {

	/**
	 * The address of a provider's API.
	 * @param provider the provider's name in the configuration
	 * @return the address, or {@code null} to leave it to the properties
	 */
	default @Nullable String getBaseUrl(String provider) {
		return null;
	}

	/**
	 * The API key of a provider.
	 * @param provider the provider's name in the configuration
	 * @return the key, or {@code null} to leave it to the properties
	 */
	default @Nullable String getApiKey(String provider) {
		return null;
	}

	/**
	 * The API keys of a provider, if it has several.
	 * @param provider the provider's name in the configuration
	 * @return the keys, in the order in which they are used; none to leave them to the
	 * properties; {@link #getApiKey} if not overridden
	 */
	default List<String> getApiKeys(String provider) {
		String key = getApiKey(provider);
		return (key != null) ? List.of(key) : List.of();
	}

}
