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

package io.llmstream.provider.gemini;

import java.util.Map;

import io.llmstream.StreamRequest;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.Capability;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.TokenDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The dialect of Google's Gemini models: method {@code streamGenerateContent}, as the
 * Gemini API and Vertex AI offer it.
 * <p>
 * Thought signatures come as {@link io.llmstream.Token.ReplayState} of dialect
 * {@code gemini} and are put back on the very part they came with. Calls for which the
 * server gives no id get one here, which is not sent back.
 * <p>
 * Stateless and safe for use by several threads.
 */
public final class GeminiDialect implements ProviderDialect {

	private static final Capabilities CAPABILITIES = Capabilities.all()
		.without(Capability.PARALLEL_TOOL_CALLS, Capability.CACHE_HINTS, Capability.STRICT_TOOLS,
				Capability.JSON_SCHEMA_WITH_TOOLS);

	private final Service service;

	private GeminiDialect(Service service) {
		this.service = service;
	}

	/**
	 * The Gemini API of Google AI Studio; takes an API key.
	 * @return the dialect, of type {@code gemini}
	 */
	public static GeminiDialect gemini() {
		return new GeminiDialect(Service.GEMINI);
	}

	/**
	 * Vertex AI; takes an OAuth access token. Its address depends on project and location
	 * and must be configured up to and including {@code /publishers/google}.
	 * @return the dialect, of type {@code vertex}
	 */
	public static GeminiDialect vertex() {
		return new GeminiDialect(Service.VERTEX);
	}

	@Override
	public String type() {
		return this.service.type;
	}

	@Override
	public String displayName() {
		return this.service.displayName;
	}

	@Override
	public @Nullable String defaultBaseUrl() {
		return this.service.baseUrl;
	}

	@Override
	public boolean requiresApiKey() {
		return true;
	}

	@Override
	public Capabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public Map<String, String> authentication(String apiKey) {
		return (this.service == Service.VERTEX) ? Map.of("Authorization", "Bearer " + apiKey)
				: Map.of("x-goog-api-key", apiKey);
	}

	@Override
	public EncodedRequest encode(StreamRequest request, String provider) {
		CAPABILITIES.check(request, provider);
		return new GeminiRequestEncoder(request, provider).encode();
	}

	@Override
	public TokenDecoder newDecoder() {
		return new GeminiTokenDecoder(
				(this.service == Service.VERTEX) ? GeminiFinishReasons.VERTEX : GeminiFinishReasons.GEMINI);
	}

	private enum Service {

		GEMINI("gemini", "Google Gemini", "https://generativelanguage.googleapis.com/v1beta"),

		VERTEX("vertex", "Google Vertex AI", null);

		private final String type;

		private final String displayName;

		private final @Nullable String baseUrl;

		Service(String type, String displayName, @Nullable String baseUrl) {
			this.type = type;
			this.displayName = displayName;
			this.baseUrl = baseUrl;
		}

	}

}
