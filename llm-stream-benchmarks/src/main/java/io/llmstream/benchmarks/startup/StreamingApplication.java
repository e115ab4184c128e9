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
package io.llmstream.benchmarks.startup;

import io.llmstream.LlmStreamClient;
import io.llmstream.Token;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The same with the starter, one provider and one endpoint that streams.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ EmptyApplication.HelloController.class, StreamingApplication.ChatController.class })
class StreamingApplication {

	@RestController
	static class ChatController {

		private final LlmStreamClient client;

		ChatController(LlmStreamClient client) {
			this.client = client;
		}

		@GetMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<Token> chat(String question) {
			return this.client.prompt(question).stream();
		}

	}

}
