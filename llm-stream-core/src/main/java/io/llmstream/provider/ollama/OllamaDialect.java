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

package io.llmstream.provider.ollama;

import java.util.Map;

import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.Capability;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.TokenDecoder;
import io.llmstream.wire.Framing;

/**
 * The dialect of Ollama's own chat API: one JSON document per line. A local server needs
 * no key; a key, where one is configured, is sent as Ollama's cloud expects it.
 * <p>
 * Calls for which the server gives no id get one here.
 * <p>
 * Stateless and safe for use by several threads.
 */
public final class OllamaDialect implements ProviderDialect {

	private static final Capabilities CAPABILITIES = Capabilities.all()
		.without(Capability.TOOL_CHOICE, Capability.PARALLEL_TOOL_CALLS, Capability.IMAGE_URL,
				Capability.REASONING_BUDGET, Capability.STRICT_TOOLS, Capability.CACHE_HINTS,
				Capability.JSON_SCHEMA_WITH_TOOLS);

	@Override
	public String type() {
		return "ollama";
	}

	@Override
	public String displayName() {
		return "Ollama";
	}

	@Override
	public String defaultBaseUrl() {
		return "http://localhost:11434";
	}

	@Override
	public boolean requiresApiKey() {
		return false;
	}

	@Override
	public Capabilities capabilities() {
		return CAPABILITIES;
	}

	@Override
	public Framing framing() {
		return Framing.NDJSON;
	}

	@Override
	public Map<String, String> authentication(String apiKey) {
		return Map.of("Authorization", "Bearer " + apiKey);
	}

	@Override
	public EncodedRequest encode(StreamRequest request, String provider) {
		CAPABILITIES.check(request, provider);
		for (Message message : request.messages()) {
			if (message.role() == Message.Role.TOOL
					&& !message.parts().stream().allMatch(Part.ToolResult.class::isInstance)) {
				throw Capabilities.unsupported(request, provider, "anything but results in tool messages");
			}
		}
		return new EncodedRequest("/api/chat", OllamaRequestEncoder.encode(request));
	}

	@Override
	public TokenDecoder newDecoder() {
		return new OllamaTokenDecoder();
	}

}
