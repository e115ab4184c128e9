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

package io.llmstream.autoconfigure.servlet;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of an application's own test of a controller, with {@code @WebMvcTest}.
 */
@WebMvcTest
class WebMvcSliceTests {

	@Test
	void controllerAnswersWithEvents(@Autowired MockMvcTester mvc) {
		MvcTestResult result = mvc.get().uri("/chat").exchange();
		assertThat(result).hasStatusOk().hasContentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM);
		assertThat(result).bodyText().contains("event: delta").contains("Hello").contains("event: done");
	}

	@SpringBootConfiguration
	@Import(ChatController.class)
	static class Application {

		@Bean
		LlmStreamClient client() {
			return LlmStreamClient.create("fake", (request) -> Flux.just(new Token.Text("Hello"),
					new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null)));
		}

	}

	@RestController
	static class ChatController {

		private final LlmStreamClient client;

		ChatController(LlmStreamClient client) {
			this.client = client;
		}

		@GetMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<Token> chat() {
			return this.client.prompt("Hello?").stream();
		}

	}

}
