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

package io.llmstream.provider;

import java.util.Map;

import io.llmstream.StreamRequest;
import io.llmstream.UnsupportedOptionException;
import io.llmstream.wire.Framing;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of server speaks: encodes a request, decodes frames into tokens, maps
 * errors. Stateless and safe for use by several threads; does no I/O.
 * <p>
 * A bean of this type adds a kind of server to those that
 * {@code llm-stream.providers.<name>.type} may name.
 */
public interface ProviderDialect {

	/**
	 * The name by which the configuration refers to this kind of server.
	 * @return lower case, words joined by hyphens
	 */
	String type();

	/**
	 * The kind of server, for people to read.
	 * @return the name
	 */
	String displayName();

	/**
	 * The address that is used where none is configured.
	 * @return the address, without a slash at its end, or {@code null} if there is none
	 */
	@Nullable String defaultBaseUrl();

	/**
	 * Whether the server cannot be used without an API key.
	 * @return whether a key must be configured
	 */
	boolean requiresApiKey();

	/**
	 * What the server can do.
	 * @return the capabilities
	 */
	Capabilities capabilities();

	/**
	 * How the server frames its answers. What really comes is found out from its first
	 * byte, because errors and proxies often answer in another framing.
	 * @return server-sent events, unless overridden
	 */
	default Framing framing() {
		return Framing.SSE;
	}

	/**
	 * The headers that carry the API key.
	 * @param apiKey the key
	 * @return header names and values
	 */
	Map<String, String> authentication(String apiKey);

	/**
	 * Encode a request.
	 * @param request the request; its model is set
	 * @param provider the provider's name in the configuration, for messages
	 * @return what to send
	 * @throws UnsupportedOptionException if the request asks for something that the
	 * server cannot do
	 */
	EncodedRequest encode(StreamRequest request, String provider);

	/**
	 * Create a decoder for one answer.
	 * @return a new decoder
	 */
	TokenDecoder newDecoder();

	/**
	 * Read an answer whose HTTP status is not a success. What is here reads the forms of
	 * all built-in dialects, and of the gateways before them.
	 * @param response the answer
	 * @return the error
	 */
	default ProviderError error(ErrorResponse response) {
		return ErrorBodies.read(response);
	}

}
