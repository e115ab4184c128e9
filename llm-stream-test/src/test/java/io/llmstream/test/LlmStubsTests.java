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

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.llmstream.ErrorKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LlmStubs} with a real WireMock server.
 */
class LlmStubsTests {

	private final WireMockServer server = new WireMockServer(
			WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());

	@BeforeEach
	void start() {
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop();
	}

	@ParameterizedTest
	@EnumSource(Wire.class)
	void aStubSpeaksTheWire(Wire wire) {
		LlmStubs.stub(this.server, wire, Script.text("Héllo", " wörld").usage(1, 2));
		HttpResponse<String> response = post(wire);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("content-type"))
			.hasValueSatisfying((type) -> assertThat(type).isEqualToIgnoringCase(wire.contentType()));
		byte[] expected = Script.text("Héllo", " wörld").usage(1, 2).bytes(wire);
		String digits = "[0-9a-f]{8}";
		assertThat(response.body().replaceAll(digits, ""))
			.isEqualTo(new String(expected, StandardCharsets.UTF_8).replaceAll(digits, ""));
	}

	@Test
	void eachWireHasALineOfItsOwn() {
		LlmStubs.openAiChat(this.server, Script.text("chat"));
		LlmStubs.openAiResponses(this.server, Script.text("responses"));
		LlmStubs.anthropic(this.server, Script.text("anthropic"));
		LlmStubs.gemini(this.server, Script.text("gemini"));
		LlmStubs.ollama(this.server, Script.text("ollama"));
		assertThat(post(Wire.OPENAI_CHAT).body()).contains("\"chat\"");
		assertThat(post(Wire.OPENAI_RESPONSES).body()).contains("\"responses\"");
		assertThat(post(Wire.ANTHROPIC).body()).contains("\"anthropic\"");
		assertThat(post(Wire.GEMINI).body()).contains("\"gemini\"");
		assertThat(post(Wire.OLLAMA).body()).contains("\"ollama\"");
		assertThat(post(Wire.GEMINI_ARRAY).statusCode()).isEqualTo(404);
	}

	@Test
	void errorsHaveStatusHeadersAndBody() {
		LlmStubs.openAiChat(this.server, Script.status(429).retryAfter(Duration.ofSeconds(9)));
		LlmStubs.anthropic(this.server, Script.failure(ErrorKind.OVERLOADED));
		HttpResponse<String> response = post(Wire.OPENAI_CHAT);
		assertThat(response.statusCode()).isEqualTo(429);
		assertThat(response.headers().firstValue("retry-after")).hasValue("9");
		assertThat(response.body()).contains("rate_limit_exceeded");
		assertThat(post(Wire.ANTHROPIC).statusCode()).isEqualTo(529);
	}

	@Test
	void paceTakesTime() {
		LlmStubs.ollama(this.server,
				Script.text("a", "b", "c").firstTokenAfter(Duration.ofMillis(100)).everyMillis(50));
		long start = System.nanoTime();
		assertThat(post(Wire.OLLAMA).body()).contains("\"c\"");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
	}

	@Test
	void whatOnlyASocketCanDoIsRejected() {
		assertThatIllegalStateException().isThrownBy(() -> LlmStubs.ollama(this.server, Script.text("a").reset()))
			.withMessageContaining("scripted provider");
		assertThatIllegalStateException().isThrownBy(() -> LlmStubs.ollama(this.server, Script.text("a").stall()));
	}

	private HttpResponse<String> post(Wire wire) {
		return Http.post(this.server.baseUrl() + wire.path("m-1"));
	}

}
