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

package io.llmstream.provider.responses;

import java.util.Map;

import io.llmstream.StreamRequest;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.Capability;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.TokenDecoder;

/**
 * The dialect of OpenAI's Responses API, for OpenAI itself and for servers that offer the
 * same API.
 * <p>
 * Conversations are kept by the application, not by the provider: where reasoning is
 * asked for, or reasoning of an earlier answer is sent back, the request says that
 * nothing is to be stored and asks for the reasoning in encrypted form.
 * <p>
 * Stateless and safe for use by several threads.
 */
public final class ResponsesDialect implements ProviderDialect {

	static final String TYPE = "openai-responses";

	private static final Capabilities CAPABILITIES = Capabilities.all()
		.without(Capability.SEED, Capability.STOP, Capability.REASONING_BUDGET, Capability.CACHE_HINTS);

	@Override
	public String type() {
		return TYPE;
	}

	@Override
	public String displayName() {
		return "OpenAI Responses";
	}

	@Override
	public String defaultBaseUrl() {
		return "https://api.openai.com/v1";
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
		return Map.of("Authorization", "Bearer " + apiKey);
	}

	@Override
	public EncodedRequest encode(StreamRequest request, String provider) {
		capabilities().check(request, provider);
		return new EncodedRequest("/responses", new ResponsesRequestWriter(request, provider).write());
	}

	@Override
	public TokenDecoder newDecoder() {
		return new ResponsesTokenDecoder();
	}

}
