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

package io.llmstream.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WebClientHttpExchange}.
 */
class WebClientHttpExchangeTests {

	@Test
	void theErrorOfAFailedConnectionHoldsNoHeaders() {
		HttpCall call = new HttpCall(URI.create("http://127.0.0.1:1/v1"), Map.of("authorization", "Bearer sk-secret"),
				new byte[0]);
		StepVerifier.create(new WebClientHttpExchange(WebClient.create()).<DataBuffer>exchange(call, HttpAnswer::body))
			.expectErrorSatisfies((error) -> {
				assertThat(error).hasMessageContaining("refused");
				for (Throwable cause = error; cause != null; cause = cause.getCause()) {
					assertThat(cause).isNotInstanceOf(WebClientRequestException.class);
				}
			})
			.verify(Duration.ofSeconds(10));
	}

}
