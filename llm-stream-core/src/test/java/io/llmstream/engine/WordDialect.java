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

package io.llmstream.engine;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.json.JsonReader;
import io.llmstream.json.MalformedJsonException;
import io.llmstream.provider.Capabilities;
import io.llmstream.provider.EncodedRequest;
import io.llmstream.provider.ErrorResponse;
import io.llmstream.provider.JsonTokenDecoder;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.ProviderError;
import io.llmstream.provider.ProviderErrorException;
import io.llmstream.provider.TokenDecoder;
import io.llmstream.provider.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * The smallest dialect, so that the engine can be tested without any provider's quirks.
 */
final class WordDialect implements ProviderDialect {

	@Override
	public String type() {
		return "word";
	}

	@Override
	public String displayName() {
		return "Word";
	}

	@Override
	public String defaultBaseUrl() {
		return "http://127.0.0.1:1/v1";
	}

	@Override
	public boolean requiresApiKey() {
		return false;
	}

	@Override
	public Capabilities capabilities() {
		return Capabilities.all();
	}

	@Override
	public Map<String, String> authentication(String apiKey) {
		return Map.of("authorization", "Bearer " + apiKey);
	}

	@Override
	public EncodedRequest encode(StreamRequest request, String provider) {
		return new EncodedRequest("/words?x=1",
				("{\"model\":\"" + request.model() + "\",\"extra\":\"" + request.extra().keySet() + "\"}")
					.getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public TokenDecoder newDecoder() {
		return new Decoder();
	}

	@Override
	public ProviderError error(ErrorResponse response) {
		return new ProviderError((response.status() == 429) ? ErrorKind.RATE_LIMITED : ErrorKind.SERVER_ERROR,
				String.valueOf(response.status()), response.body(), null);
	}

	private static final class Decoder extends JsonTokenDecoder {

		private @Nullable String reason;

		private boolean failsAtTheEnd;

		@Override
		public void end(TokenSink sink) {
			if (this.failsAtTheEnd) {
				throw new MalformedJsonException("not JSON at byte 0: test");
			}
		}

		@Override
		protected void decodeDocument(JsonReader json, @Nullable String event, TokenSink sink) {
			if (!json.enterObject()) {
				return;
			}
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				switch (name) {
					case "text" -> sink.next(new Token.Text(json.string("")));
					case "other" -> sink.next(new Token.Other("other", json.raw()));
					case "id" -> responseId(json.string());
					case "model" -> model(json.string());
					case "usage" -> usage(Usage.reported(1, json.longValue(0)));
					case "progress" -> sink.progress();
					case "silent" -> sink.silentPhase(json.booleanValue());
					case "error" -> throw new ProviderErrorException(
							new ProviderError(ErrorKind.OVERLOADED, "overloaded", json.string(), null));
					case "finish" -> {
						this.reason = json.string();
						reach(Phase.FINISHING);
					}
					case "failsAtTheEnd" -> this.failsAtTheEnd = json.booleanValue();
					case "goesOn" -> goOn();
					case "settled" -> reach(Phase.SETTLED);
					case "done" -> reach(Phase.DONE);
					default -> json.skip();
				}
			}
		}

		@Override
		public Token.Finish finish() {
			return new Token.Finish(FinishReason.STOP, this.reason, usage(), responseId(), model());
		}

	}

}
