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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.llmstream.CorpusFolder;
import io.llmstream.ErrorKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@link ErrorBodies} to recorded error answers.
 */
class ErrorCorpusTests {

	private static final JsonMapper MAPPER = new JsonMapper();

	/** What a status means by itself; other files need a row. */
	private static final Map<Integer, ErrorKind> BY_STATUS = Map.of(401, ErrorKind.AUTHENTICATION, 403,
			ErrorKind.PERMISSION_DENIED, 404, ErrorKind.NOT_FOUND);

	private static final Map<String, Expected> ROWS = Map.ofEntries(
			row("azure-429-ratelimitreached", ErrorKind.RATE_LIMITED, "RateLimitReached", Duration.ofSeconds(1)),
			row("deepseek-400-invalid-request-error", ErrorKind.INVALID_REQUEST, "invalid_request_error"),
			row("deepseek-401-invalid-request-error", ErrorKind.AUTHENTICATION, "invalid_request_error"),
			row("gemini-400-invalid-argument", ErrorKind.AUTHENTICATION, "INVALID_ARGUMENT"),
			row("groq-400-tool-use-failed", ErrorKind.INVALID_REQUEST, "tool_use_failed"),
			row("openai-400-decimal-below-min-value", ErrorKind.INVALID_REQUEST, "decimal_below_min_value"),
			row("openai-400-integer-below-min-value", ErrorKind.INVALID_REQUEST, "integer_below_min_value"),
			row("openai-400-invalid-image-format", ErrorKind.INVALID_REQUEST, "invalid_image_format"),
			row("openai-400-invalid-image-url", ErrorKind.INVALID_REQUEST, "invalid_image_url"),
			row("openai-400-invalid-image-urlx", ErrorKind.INVALID_REQUEST, "invalid_image_url"),
			row("openai-400-invalid-request-errorx", ErrorKind.INVALID_REQUEST, "invalid_request_error"),
			row("openai-400-invalid-value", ErrorKind.INVALID_REQUEST, "invalid_value"),
			row("openai-400-invalid-valuexx", ErrorKind.INVALID_REQUEST, "invalid_value"),
			row("openai-400-model-not-found", ErrorKind.NOT_FOUND, "model_not_found"),
			row("openai-400-model-not-foundx", ErrorKind.NOT_FOUND, "model_not_found"),
			row("openai-400-unsupported-file", ErrorKind.INVALID_REQUEST, "unsupported_file"),
			row("openai-400-unsupported-parameter", ErrorKind.INVALID_REQUEST, "unsupported_parameter"),
			row("openai-400-unsupported-value", ErrorKind.INVALID_REQUEST, "unsupported_value"),
			row("openrouter-429", ErrorKind.RATE_LIMITED, "429"),
			row("perplexity-400-too-many-prompt-tokens", ErrorKind.CONTEXT_TOO_LONG, "too_many_prompt_tokens"),
			row("vertex-400-invalid-argument", ErrorKind.INVALID_REQUEST, "INVALID_ARGUMENT"),
			row("vertex-400-invalid-argumentx", ErrorKind.INVALID_REQUEST, "INVALID_ARGUMENT"),
			row("vertex-400-invalid-argumentxx", ErrorKind.INVALID_REQUEST, "INVALID_ARGUMENT"),
			row("vertex-400-streaming-failure-api-key", ErrorKind.AUTHENTICATION, "INVALID_ARGUMENT"),
			row("vertex-400-unary-failure-generate-images-prompt-blocked", ErrorKind.CONTENT_BLOCKED,
					"INVALID_ARGUMENT"),
			row("vertex-429-unary-failure-quota-exceeded", ErrorKind.RATE_LIMITED, "RESOURCE_EXHAUSTED"),
			row("xai-400-invalid-argument", ErrorKind.AUTHENTICATION, "invalid-argument"));

	private static Map.Entry<String, Expected> row(String file, ErrorKind kind, String code) {
		return row(file, kind, code, null);
	}

	private static Map.Entry<String, Expected> row(String file, ErrorKind kind, String code, @Nullable Duration delay) {
		return Map.entry(file, new Expected(kind, code, delay));
	}

	@TestFactory
	Stream<DynamicTest> readsRecordedAnswers() throws IOException {
		return CorpusFolder.tests("errors", 1, ".json",
				(file) -> DynamicTest.dynamicTest(name(file), () -> check(file)));
	}

	private static String name(Path file) {
		return file.getFileName().toString().replace(".json", "");
	}

	private static void check(Path file) throws IOException {
		JsonNode recorded = MAPPER.readTree(Files.readString(file));
		Map<String, String> headers = new TreeMap<>();
		recorded.get("headers")
			.propertyStream()
			.forEach((header) -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue().asString()));
		int status = recorded.get("status").asInt();
		ProviderError error = ErrorBodies.read(new ErrorResponse(status, headers, recorded.get("body").stringValue()));
		Expected expected = ROWS.get(name(file));
		if (expected != null) {
			assertThat(error.kind()).isEqualTo(expected.kind());
			assertThat(error.code()).isEqualTo(expected.code());
			assertThat(error.retryAfter()).isEqualTo(expected.delay());
		}
		else {
			assertThat(BY_STATUS).as("a row for " + name(file)).containsKey(status);
			assertThat(error.kind()).isEqualTo(BY_STATUS.get(status));
			assertThat(error.retryAfter()).isNull();
		}
		assertThat(error.message()).isNotBlank().doesNotContain("{", "sk-fake", "\n").hasSizeLessThanOrEqualTo(501);
	}

	private record Expected(ErrorKind kind, String code, @Nullable Duration delay) {
	}

}
