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

package io.llmstream.provider.anthropic;

import java.util.Map;

import io.llmstream.StreamRequest;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.Capability;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.TokenDecoder;

/**
 * The dialect of Anthropic's Messages API, for Anthropic itself and for servers that
 * offer the same API.
 * <p>
 * The API demands a limit of output tokens. Where the request sets none it is 4,096; with
 * a reasoning budget 4,096 more than the budget, and with a reasoning effort 16,384,
 * because reasoning counts towards the limit.
 * <p>
 * Stateless and safe for use by several threads.
 */
public final class AnthropicDialect implements ProviderDialect {

	static final String TYPE = "anthropic";

	private static final String API_VERSION = "2023-06-01";

	/**
	 * From 4.6 on, models answer 400 to a conversation that ends with their own words, so
	 * only those before it are listed.
	 */
	private static final String[] PREFILL_MODELS = { "claude-(?:instant|[23])(?:[-.@]|$)",
			"claude-(?:opus|sonnet|haiku)-4(?:[-.][015])?(?:[-@](?:\\d{8}|latest).*)?$" };

	private static final Capabilities CAPABILITIES = Capabilities.all()
		.without(Capability.SEED, Capability.JSON_OBJECT)
		.withPrefill(PREFILL_MODELS);

	@Override
	public String type() {
		return TYPE;
	}

	@Override
	public String displayName() {
		return "Anthropic Messages";
	}

	@Override
	public String defaultBaseUrl() {
		return "https://api.anthropic.com";
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
		return Map.of("x-api-key", apiKey);
	}

	@Override
	public EncodedRequest encode(StreamRequest request, String provider) {
		capabilities().check(request, provider);
		byte[] body = new AnthropicRequestWriter(request, provider).write();
		return new EncodedRequest("/v1/messages", Map.of("anthropic-version", API_VERSION), body);
	}

	@Override
	public TokenDecoder newDecoder() {
		return new AnthropicTokenDecoder();
	}

}
