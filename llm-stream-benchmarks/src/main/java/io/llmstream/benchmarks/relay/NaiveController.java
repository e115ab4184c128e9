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

package io.llmstream.benchmarks.relay;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.llmstream.LlmStreamClient;
import io.llmstream.Token;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends each token as it comes.
 */
@RestController
class NaiveController {

	private final LlmStreamClient client;

	NaiveController(LlmStreamClient client) {
		this.client = client;
	}

	@PostMapping("/v1/chat/completions")
	SseEmitter chat(@RequestBody Question question) {
		SseEmitter emitter = new SseEmitter(0L);
		this.client.prompt(question.prompt())
			.stream()
			.subscribe((token) -> send(emitter, token), emitter::completeWithError, emitter::complete);
		return emitter;
	}

	private static void send(SseEmitter emitter, Token token) {
		if (token instanceof Token.Text text) {
			try {
				emitter.send(text.text());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
