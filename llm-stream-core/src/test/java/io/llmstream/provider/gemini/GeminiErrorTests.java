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

import java.time.Duration;
import java.util.Map;

import io.llmstream.ErrorKind;
import io.llmstream.Usage;
import io.llmstream.provider.DecodedFrames;
import io.llmstream.provider.ErrorResponse;
import io.llmstream.provider.ProviderError;
import io.llmstream.provider.ProviderErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the errors of {@link GeminiDialect}.
 */
class GeminiErrorTests {

	private static final GeminiDialect DIALECT = GeminiDialect.gemini();

	@ParameterizedTest
	@ValueSource(strings = { "{\"error\":{\"code\":503,\"message\":\"Full.\",\"status\":\"UNAVAILABLE\"}}",
			"[{\"error\":{\"code\":503,\"message\":\"Full.\",\"status\":\"UNAVAILABLE\"}}]",
			"[{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"Full.\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}\n]",
			"{\"code\":503,\"message\":\"Full.\",\"status\":\"UNAVAILABLE\"}" })
	void findsErrorsInAnyShape(String frame) {
		DecodedFrames answer = DecodedFrames.of(DIALECT,
				"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}],"
						+ "\"usageMetadata\":{\"promptTokenCount\":4}}");
		assertThatExceptionOfType(ProviderErrorException.class).isThrownBy(() -> answer.frames(frame))
			.satisfies((ex) -> {
				assertThat(ex.error().kind()).isEqualTo(ErrorKind.OVERLOADED);
				assertThat(ex.error().message()).isEqualTo("Full.");
			});
		assertThat(answer.text()).isEqualTo("a");
		assertThat(answer.decoder().usage()).isEqualTo(Usage.reported(4, 0));
	}

	@Test
	void anErrorAfterTheFinishReasonIsAnError() {
		DecodedFrames answer = DecodedFrames.of(DIALECT, "{\"candidates\":[{\"finishReason\":\"STOP\"}]}");
		assertThatExceptionOfType(ProviderErrorException.class)
			.isThrownBy(() -> answer.frames("{\"error\":{\"code\":500,\"message\":\"x\",\"status\":\"INTERNAL\"}}"));
	}

	@Test
	void takesTextInAnErrorEvent() {
		assertThatExceptionOfType(ProviderErrorException.class)
			.isThrownBy(() -> new DecodedFrames(DIALECT).event("error", "upstream went away"));
		assertThatExceptionOfType(ProviderErrorException.class)
			.isThrownBy(() -> DecodedFrames.of(DIALECT, "{\"error\":\"went away\"}"));
	}

	@Test
	void nullIsNoError() {
		assertThat(DecodedFrames.of(DIALECT, "{\"error\":null}").tokens()).isEmpty();
	}

	@Test
	void readsHowLongToWait() {
		ProviderError error = DIALECT.error(new ErrorResponse(429, Map.of(),
				"{\"error\":{\"code\":429,\"message\":\"Slow down.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":"
						+ "[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"48s\"}]}}"));
		assertThat(error.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
		assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(48));
	}

}
