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

package io.llmstream.provider.openai;

import java.util.Map;

import io.llmstream.StreamRequest;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.TokenDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The Chat Completions dialect, as one server speaks it. Its decoder takes what any
 * server of this family is known to send; only requests and the way of counting differ by
 * profile.
 */
public final class OpenAiChatDialect implements ProviderDialect {

	private final OpenAiProfile profile;

	private final ChatRequestEncoder encoder;

	/**
	 * Create a dialect.
	 * @param profile what sets the server apart
	 */
	public OpenAiChatDialect(OpenAiProfile profile) {
		this.profile = profile;
		this.encoder = new ChatRequestEncoder(profile);
	}

	/**
	 * What sets the server apart.
	 * @return the profile
	 */
	public OpenAiProfile profile() {
		return this.profile;
	}

	@Override
	public String type() {
		return this.profile.type();
	}

	@Override
	public String displayName() {
		return this.profile.displayName();
	}

	@Override
	public @Nullable String defaultBaseUrl() {
		return this.profile.defaultBaseUrl();
	}

	@Override
	public boolean requiresApiKey() {
		return this.profile.requiresApiKey();
	}

	@Override
	public Capabilities capabilities() {
		return this.profile.capabilities();
	}

	@Override
	public Map<String, String> authentication(String apiKey) {
		return Map.of(this.profile.authHeader(), this.profile.authPrefix() + apiKey);
	}

	@Override
	public EncodedRequest encode(StreamRequest request, String provider) {
		return new EncodedRequest(this.profile.path(), this.profile.headers(), this.encoder.encode(request, provider));
	}

	@Override
	public TokenDecoder newDecoder() {
		return new ChatDecoder(this.profile);
	}

	@Override
	public String toString() {
		return "OpenAiChatDialect[" + type() + "]";
	}

}
