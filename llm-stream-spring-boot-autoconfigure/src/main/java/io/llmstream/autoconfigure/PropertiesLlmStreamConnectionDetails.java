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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The {@link LlmStreamConnectionDetails} of {@link LlmStreamProperties}.
 */
final class PropertiesLlmStreamConnectionDetails implements LlmStreamConnectionDetails {

	private final LlmStreamProperties properties;

	PropertiesLlmStreamConnectionDetails(LlmStreamProperties properties) {
		this.properties = properties;
	}

	@Override
	public @Nullable String getBaseUrl(String provider) {
		ProviderProperties properties = this.properties.getProviders().get(provider);
		return (properties != null) ? text(properties.getBaseUrl()) : null;
	}

	/**
	 * Keys come from files and consoles, often with a line break at their end.
	 */
	@Override
	public @Nullable String getApiKey(String provider) {
		ProviderProperties properties = this.properties.getProviders().get(provider);
		return (properties != null) ? text(properties.getApiKey()) : null;
	}

	@Override
	public List<String> getApiKeys(String provider) {
		Set<String> keys = new LinkedHashSet<>();
		String first = getApiKey(provider);
		if (first != null) {
			keys.add(first);
		}
		ProviderProperties properties = this.properties.getProviders().get(provider);
		for (String more : (properties != null) ? properties.getApiKeys() : List.<String>of()) {
			String key = text(more);
			if (key != null) {
				keys.add(key);
			}
		}
		return List.copyOf(keys);
	}

	private static @Nullable String text(@Nullable String value) {
		return (StringUtils.hasText(value)) ? value.strip() : null;
	}

}
