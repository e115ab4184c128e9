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

import java.time.Duration;
import java.util.Map;

import io.llmstream.ErrorKind;
import io.llmstream.LlmStreamException;
import io.llmstream.StreamRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for requests that cannot be made, and for what their errors must not tell.
 */
class AttemptTests {

	private static ProviderSettings.Builder settings() {
		return ProviderSettings.builder("acme", new WordDialect())
			.defaultModel("m1")
			.apiKey(() -> "sk-secret")
			.query(Map.of("key", "sk-secret"));
	}

	private static LlmStreamException failure(ProviderSettings settings, StreamRequest request) {
		FakeServer server = new FakeServer();
		server.body.complete();
		return catchThrowableOfType(LlmStreamException.class,
				() -> new ProviderStreamingModel(settings, server).stream(request).blockLast(Duration.ofSeconds(10)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1:1", "localhost/v1", "http://127.0.0.1/a b", "ftp://localhost", "http:///v1" })
	void anAddressThatIsNotValidIsNamedWithoutItsQuery(String address) {
		LlmStreamException error = failure(settings().baseUrl(address).build(), StreamRequest.of("hello"));
		assertThat(error.getKind()).isEqualTo(ErrorKind.INVALID_REQUEST);
		assertThat(error).hasMessageContaining("llm-stream.providers.acme.base-url").hasMessageContaining(address);
		assertThat(error).hasStackTraceContaining("acme");
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			assertThat(cause.getMessage()).doesNotContain("secret");
		}
	}

	@Test
	void aLineBreakBehindTheKeyIsNotPartOfIt() {
		FakeServer server = new FakeServer();
		ProviderSettings settings = settings().apiKey(() -> "sk-secret\n").build();
		new ProviderStreamingModel(settings, server).stream(StreamRequest.of("hello")).subscribe().dispose();
		assertThat(server.call).isNotNull();
		assertThat(server.call.headers()).containsEntry("authorization", "Bearer sk-secret");
	}

	@Test
	void aKeyThatCannotBeReadIsAnErrorOfTheStream() {
		LlmStreamException error = failure(settings().apiKey(() -> {
			throw new IllegalStateException("the vault is sealed");
		}).build(), StreamRequest.of("hello"));
		assertThat(error.getKind()).isEqualTo(ErrorKind.AUTHENTICATION);
		assertThat(error).hasMessageContaining("could not be read").hasRootCauseMessage("the vault is sealed");
		assertThat(error.getAttempts()).hasSize(1);
	}

	@Test
	void aHeaderThatCannotBeSentIsNamedWithoutItsValue() {
		LlmStreamException error = failure(settings().apiKey(() -> "sk-sec\nret").build(), StreamRequest.of("hello"));
		assertThat(error.getKind()).isEqualTo(ErrorKind.INVALID_REQUEST);
		assertThat(error).hasMessageContaining("authorization").hasMessageContaining("line break");
		assertThat(error.getMessage()).doesNotContain("sk-");
		LlmStreamException other = failure(settings().build(),
				StreamRequest.builder().user("hello").header("x-tenant", "a\r\nb").build());
		assertThat(other).hasMessageContaining("x-tenant");
	}

}
