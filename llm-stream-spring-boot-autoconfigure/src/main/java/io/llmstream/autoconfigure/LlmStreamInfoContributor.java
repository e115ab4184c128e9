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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import io.llmstream.LlmStreamClient;
import io.llmstream.engine.ProviderSettings;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Tells which version this is, and which providers and routes it has.
 */
final class LlmStreamInfoContributor implements InfoContributor {

	private final LlmStreamProperties properties;

	private final DefaultLlmStreamProviders providers;

	LlmStreamInfoContributor(LlmStreamProperties properties, DefaultLlmStreamProviders providers) {
		this.properties = properties;
		this.providers = providers;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> details = new LinkedHashMap<>();
		String version = LlmStreamClient.class.getPackage().getImplementationVersion();
		if (version != null) {
			details.put("version", version);
		}
		Map<String, Object> described = new LinkedHashMap<>();
		for (String name : new TreeSet<>(this.providers.names())) {
			ProviderSettings settings = this.providers.settings(name);
			Map<String, Object> provider = new LinkedHashMap<>();
			provider.put("type", settings.dialect().type());
			if (settings.defaultModel() != null) {
				provider.put("model", settings.defaultModel());
			}
			described.put(name, provider);
		}
		details.put("providers", described);
		Map<String, List<String>> routes = new LinkedHashMap<>();
		this.properties.getRoutes()
			.forEach((name, route) -> routes.put(name,
					route.getTargets().stream().map((target) -> String.valueOf(target.getProvider())).toList()));
		if (!routes.isEmpty()) {
			details.put("routes", routes);
		}
		builder.withDetail("llmStream", details);
	}

}
