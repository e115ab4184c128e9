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
import java.util.Locale;

/**
 * Which properties hold secrets.
 */
final class SecretProperties {

	private static final String PROVIDERS = "llmstreamproviders";

	private static final List<String> SECRETS = List.of("apikey", "password", "token", "secret", "credential", "auth");

	/** Their names contain such a word. */
	private static final List<String> NO_SECRETS = List.of("timeouts", "circuitbreaker", "apikeycooldown");

	private SecretProperties() {
	}

	/**
	 * Whether a property holds a secret. Headers and query parameters do: many providers
	 * take keys there.
	 * @param name the name in any of its forms, such as that of an environment variable
	 * @return whether the value must not be shown
	 */
	static boolean isSecret(String name) {
		String uniform = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
		if (!uniform.startsWith(PROVIDERS)) {
			return false;
		}
		String property = uniform.substring(PROVIDERS.length());
		if (property.contains("headers") || property.contains("query")) {
			return true;
		}
		return NO_SECRETS.stream().noneMatch(property::contains) && SECRETS.stream().anyMatch(property::contains);
	}

}
