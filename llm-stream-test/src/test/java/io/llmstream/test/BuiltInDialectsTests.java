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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.llmstream.ErrorKind;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.provider.anthropic.AnthropicDialect;
import io.llmstream.provider.gemini.GeminiDialect;
import io.llmstream.provider.ollama.OllamaDialect;
import io.llmstream.provider.openai.OpenAiChatDialect;
import io.llmstream.provider.openai.OpenAiProfiles;
import io.llmstream.provider.responses.ResponsesDialect;
import io.llmstream.wire.Framing;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import tools.jackson.databind.JsonNode;

/**
 * Holds the dialects of this library to the contract, with frames that the scripted
 * provider makes.
 */
class BuiltInDialectsTests {

	private static final String TEXT = "Héllo wörld 👋\n";

	private static final Script SCRIPT = Script.start().reasoning("hm").andText("Héllo", " wörld", " 👋\n").usage(3, 4);

	@Nested
	class OpenAiChatTests extends WireContract {

		OpenAiChatTests() {
			super(Wire.OPENAI_CHAT, new OpenAiChatDialect(Objects.requireNonNull(OpenAiProfiles.find("openai"))));
		}

	}

	@Nested
	class OpenAiResponsesTests extends WireContract {

		OpenAiResponsesTests() {
			super(Wire.OPENAI_RESPONSES, new ResponsesDialect());
		}

	}

	@Nested
	class AnthropicTests extends WireContract {

		AnthropicTests() {
			super(Wire.ANTHROPIC, new AnthropicDialect());
		}

	}

	@Nested
	class GeminiTests extends WireContract {

		GeminiTests() {
			super(Wire.GEMINI, GeminiDialect.gemini());
		}

	}

	@Nested
	class GeminiArrayTests extends WireContract {

		GeminiArrayTests() {
			super(Wire.GEMINI_ARRAY, GeminiDialect.gemini());
		}

	}

	@Nested
	class OllamaTests extends WireContract {

		OllamaTests() {
			super(Wire.OLLAMA, new OllamaDialect());
		}

	}

	abstract static class WireContract extends DialectContract {

		private final Wire wire;

		private final ProviderDialect dialect;

		WireContract(Wire wire, ProviderDialect dialect) {
			this.wire = wire;
			this.dialect = dialect;
		}

		@Override
		protected ProviderDialect dialect() {
			return this.dialect;
		}

		@Override
		protected List<DialectSample> answer() {
			return frames(SCRIPT);
		}

		@Override
		protected String text() {
			return TEXT;
		}

		@Override
		protected DialectSample error() {
			return frames(Script.start().inBandError(ErrorKind.OVERLOADED)).get(0);
		}

		@Override
		protected ErrorKind errorKind() {
			return ErrorKind.OVERLOADED;
		}

		@Override
		protected Framing framing() {
			return switch (this.wire) {
				case OLLAMA -> Framing.NDJSON;
				case GEMINI_ARRAY -> Framing.JSON_ARRAY;
				default -> Framing.SSE;
			};
		}

		private List<DialectSample> frames(Script script) {
			String body = new String(script.bytes(this.wire), StandardCharsets.UTF_8);
			return switch (framing()) {
				case NDJSON -> body.lines().map(DialectSample::of).toList();
				case JSON_ARRAY ->
					Http.JSON.readTree(body).valueStream().map(JsonNode::toString).map(DialectSample::of).toList();
				case SSE -> events(body);
			};
		}

		private static List<DialectSample> events(String body) {
			List<DialectSample> frames = new ArrayList<>();
			@Nullable String event = null;
			for (String line : body.lines().toList()) {
				if (line.startsWith("event: ")) {
					event = line.substring(7);
				}
				else if (line.startsWith("data: ")) {
					frames.add(new DialectSample(event, line.substring(6)));
					event = null;
				}
			}
			return frames;
		}

	}

}
