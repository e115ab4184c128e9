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

package io.llmstream.observation;

import java.net.URI;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Who is asked, in the words of a span.
 *
 * @param provider the provider's name in the configuration
 * @param type the kind of server, such as {@code openai}
 * @param model the model that is asked where a request names none, or {@code null}
 * @param address the host that is asked, or {@code null} if it is not known
 * @param port the port that is asked, or -1 if it is not known
 */
public record ObservedTarget(String provider, String type, @Nullable String model, @Nullable String address, int port) {

	private static final Map<String, String> WELL_KNOWN = Map.ofEntries(Map.entry("openai-responses", "openai"),
			Map.entry("gemini", "gcp.gemini"), Map.entry("gemini-openai", "gcp.gemini"),
			Map.entry("vertex", "gcp.vertex_ai"), Map.entry("azure-openai", "azure.ai.openai"),
			Map.entry("mistral", "mistral_ai"), Map.entry("xai", "x_ai"), Map.entry("ollama-openai", "ollama"));

	/**
	 * Describe a target.
	 * @param provider the provider's name in the configuration
	 * @param type the kind of server
	 * @param model the model that is asked where a request names none, or {@code null}
	 * @param baseUrl its address
	 * @return the target
	 */
	public static ObservedTarget of(String provider, String type, @Nullable String model, String baseUrl) {
		try {
			URI uri = URI.create(baseUrl);
			int port = (uri.getPort() >= 0) ? uri.getPort() : ("https".equals(uri.getScheme()) ? 443 : 80);
			return new ObservedTarget(provider, type, model, uri.getHost(), (uri.getHost() != null) ? port : -1);
		}
		catch (IllegalArgumentException ex) {
			// the first stream fails and says so
			return new ObservedTarget(provider, type, model, null, -1);
		}
	}

	/**
	 * The value of {@code gen_ai.provider.name}: a well-known one where there is one for
	 * the kind of server, else the kind itself.
	 * @return the name
	 */
	public String providerName() {
		return WELL_KNOWN.getOrDefault(this.type, this.type);
	}

	/**
	 * The value of {@code gen_ai.operation.name}.
	 * @return {@code chat}, or {@code generate_content} for Google's own interface
	 */
	public String operationName() {
		return ("gemini".equals(this.type) || "vertex".equals(this.type)) ? "generate_content" : "chat";
	}

}
