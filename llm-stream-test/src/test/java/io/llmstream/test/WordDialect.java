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

package io.llmstream.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.Message;
import io.llmstream.Part;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.json.JsonReader;
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
 * A dialect as a user might write it, which can be spoilt in ways that the contract must
 * find.
 */
class WordDialect implements ProviderDialect {

	private final Flaw flaw;

	WordDialect(Flaw flaw) {
		this.flaw = flaw;
	}

	@Override
	public String type() {
		return "word";
	}

	@Override
	public String displayName() {
		return "Word";
	}

	@Override
	public @Nullable String defaultBaseUrl() {
		return null;
	}

	@Override
	public boolean requiresApiKey() {
		return true;
	}

	@Override
	public Capabilities capabilities() {
		return Capabilities.all();
	}

	@Override
	public Map<String, String> authentication(String apiKey) {
		return (this.flaw == Flaw.FORGETS_THE_KEY) ? Map.of() : Map.of("x-key", apiKey);
	}

	@Override
	public EncodedRequest encode(StreamRequest request, String provider) {
		Message message = request.messages().get(0);
		String prompt = (message.parts().get(0) instanceof Part.Text text) ? text.text() : "";
		String body = (this.flaw == Flaw.FORGETS_THE_PROMPT) ? "{}" : "{\"prompt\":" + Json.quote(prompt) + "}";
		return new EncodedRequest("/words", body.getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public TokenDecoder newDecoder() {
		return new Decoder();
	}

	@Override
	public ProviderError error(ErrorResponse response) {
		String delay = response.header("retry-after");
		boolean read = delay != null && this.flaw != Flaw.FORGETS_THE_DELAY;
		return new ProviderError((response.status() == 429) ? ErrorKind.RATE_LIMITED : ErrorKind.SERVER_ERROR, null,
				null, (read) ? Duration.ofSeconds(Long.parseLong(delay)) : null);
	}

	private final class Decoder extends JsonTokenDecoder {

		@Override
		protected void decodeDocument(JsonReader json, @Nullable String event, TokenSink sink) {
			if (!json.enterObject()) {
				json.skip();
				return;
			}
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				switch (name) {
					case "word" -> sink.next(new Token.Text(json.string("")));
					case "error" -> error(json);
					case "end" -> {
						json.skip();
						reach(Phase.DONE);
					}
					default -> unknown(json);
				}
			}
		}

		private void error(JsonReader json) {
			String message = json.string();
			if (WordDialect.this.flaw != Flaw.IGNORES_ERRORS) {
				throw new ProviderErrorException(new ProviderError(ErrorKind.OVERLOADED, null, message, null));
			}
		}

		private void unknown(JsonReader json) {
			if (WordDialect.this.flaw == Flaw.DISLIKES_NEWS) {
				throw new ProviderErrorException(new ProviderError(ErrorKind.SERVER_ERROR, null, "news", null));
			}
			json.skip();
		}

		@Override
		public void end(TokenSink sink) {
			if (WordDialect.this.flaw == Flaw.TAKES_ANY_END) {
				reach(Phase.DONE);
			}
		}

		@Override
		public Token.Finish finish() {
			return new Token.Finish(FinishReason.STOP, null, usage(), responseId(), model());
		}

	}

	enum Flaw {

		NONE, TAKES_ANY_END, IGNORES_ERRORS, DISLIKES_NEWS, FORGETS_THE_DELAY, FORGETS_THE_PROMPT, FORGETS_THE_KEY

	}

}
