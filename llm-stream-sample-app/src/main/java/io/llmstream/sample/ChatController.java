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
import io.llmstream.relay.Run;
import io.llmstream.relay.Runs;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers questions, in two ways. The tokens of {@link #chat} end with the connection:
 * that is all that a simple page needs. The runs that {@link #start} returns outlive it,
 * so that a reload, a tunnel or a second tab loses nothing; the page uses them.
 * <p>
 * The same class serves Spring MVC and WebFlux, where the relay of either stack turns
 * tokens and runs into events. Nobody signs in here, so the runs belong to nobody, and
 * whoever knows the id of one may watch and stop it.
 */
@RestController
class ChatController {

	private final ChosenClients clients;

	private final ProviderTypes types;

	private final Runs runs;

	private final WeatherTools tools;

	ChatController(ChosenClients clients, ProviderTypes types, Runs runs, WeatherTools tools) {
		this.clients = clients;
		this.types = types;
		this.runs = runs;
		this.tools = tools;
	}

	@PostMapping(path = "/api/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<Token> chat(@RequestBody ChatQuestion question) {
		LlmStreamClient client = this.clients.get(question.provider());
		LlmStreamClient.PromptSpec prompt = client.prompt().messages(question.toMessages());
		if (question.wantsThought()) {
			prompt.options((options) -> options.reasoning(Thinking.of(this.types.typeOf(client.name()))));
		}
		if (question.allowsTools()) {
			prompt.tools(this.tools);
		}
		return prompt.stream();
	}

	@PostMapping("/api/runs")
	Run start(@RequestBody ChatQuestion question) {
		return this.runs.start(chat(question), null, Context.empty());
	}

	@GetMapping("/api/runs/{id}")
	Run watch(@PathVariable String id) {
		return this.runs.get(id, null);
	}

	@PostMapping("/api/runs/{id}/stop")
	void stop(@PathVariable String id) {
		watch(id).stop();
	}

}
