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

package io.llmstream.sample;

import io.llmstream.LlmStreamClient;
import io.llmstream.Token;
import io.llmstream.autoconfigure.LlmStreamClients;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Answers the page. The same class serves Spring MVC and WebFlux: the tokens that it
 * returns are turned into events by the relay of either stack.
 */
@RestController
class ChatController {

	private final LlmStreamClients clients;

	private final ProviderTypes types;

	ChatController(LlmStreamClients clients, ProviderTypes types) {
		this.clients = clients;
		this.types = types;
	}

	@PostMapping(path = "/api/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<Token> chat(@RequestBody ChatQuestion question) {
		String provider = question.requiredProvider();
		LlmStreamClient.PromptSpec prompt = client(provider).prompt().messages(question.toMessages());
		if (question.wantsThought()) {
			prompt.options((options) -> options.reasoning(Thinking.of(this.types.typeOf(provider))));
		}
		return prompt.stream();
	}

	private LlmStreamClient client(String name) {
		if (!this.clients.names().contains(name)) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "There is no provider of that name.");
		}
		return this.clients.get(name);
	}

}
