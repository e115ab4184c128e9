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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.json.JsonReader;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ErrorResponse;
import io.llmstream.provider.JsonTokenDecoder;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.ProviderError;
import io.llmstream.provider.RequestJson;
import io.llmstream.provider.TokenDecoder;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind of server as an application might add it: each event is an array of strings,
 * each of them a piece of the answer; an empty array is the end.
 */
public class TestDialect implements ProviderDialect {

	private final String type;

	private final @Nullable String defaultBaseUrl;

	private final boolean requiresApiKey;

	public TestDialect(String type, @Nullable String defaultBaseUrl, boolean requiresApiKey) {
		this.type = type;
		this.defaultBaseUrl = defaultBaseUrl;
		this.requiresApiKey = requiresApiKey;
	}

	@Override
	public String type() {
		return this.type;
	}

	@Override
	public String displayName() {
		return "Test " + this.type;
	}

	@Override
	public @Nullable String defaultBaseUrl() {
		return this.defaultBaseUrl;
	}

	@Override
	public boolean requiresApiKey() {
		return this.requiresApiKey;
	}

	@Override
	public Capabilities capabilities() {
		return new Capabilities(Set.of());
	}

	@Override
	public Map<String, String> authentication(String apiKey) {
		return Map.of("x-test-key", apiKey);
	}

	@Override
	public EncodedRequest encode(StreamRequest request, String provider) {
		ObjectNode body = RequestJson.object();
		body.put("model", request.model());
		return new EncodedRequest("/generate", RequestJson.write(body, request.extra()));
	}

	@Override
	public TokenDecoder newDecoder() {
		return new Decoder();
	}

	@Override
	public ProviderError error(ErrorResponse response) {
		ErrorKind kind = (response.status() == 401) ? ErrorKind.AUTHENTICATION : ErrorKind.SERVER_ERROR;
		return new ProviderError(kind, null, response.body(), null);
	}

	private static final class Decoder extends JsonTokenDecoder {

		@Override
		protected void decodeDocument(JsonReader json, @Nullable String event, TokenSink sink) {
			List<String> pieces = read(json);
			if (pieces.isEmpty()) {
				reach(Phase.DONE);
			}
			pieces.forEach((piece) -> sink.next(new Token.Text(piece)));
		}

		private static List<String> read(JsonReader json) {
			List<String> pieces = new ArrayList<>();
			json.enterArray();
			while (json.nextElement()) {
				pieces.add(json.string(""));
			}
			return pieces;
		}

		@Override
		public Token.Finish finish() {
			return new Token.Finish(FinishReason.STOP, null, usage(), responseId(), model());
		}

	}

}
