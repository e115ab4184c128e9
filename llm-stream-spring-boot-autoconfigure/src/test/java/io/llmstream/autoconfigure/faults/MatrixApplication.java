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

package io.llmstream.autoconfigure.faults;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.llmstream.StreamObserver;
import io.llmstream.StreamOutcome;
import io.llmstream.Token;
import io.llmstream.autoconfigure.LlmStreamClients;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application as users write it: a controller, and routes in the properties.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(MatrixApplication.AnswerController.class)
class MatrixApplication {

	@Bean
	Outcomes outcomes() {
		return new Outcomes();
	}

	/**
	 * Answers the question of a cell.
	 */
	@RestController
	static class AnswerController {

		private final LlmStreamClients clients;

		private final Outcomes outcomes;

		AnswerController(LlmStreamClients clients, Outcomes outcomes) {
			this.clients = clients;
			this.outcomes = outcomes;
		}

		@GetMapping("/answer")
		Flux<Token> answer(@RequestParam("cell") String id) {
			StreamObserver observer = this.outcomes.of(id)::complete;
			return this.clients.get(Cell.in(id).route())
				.prompt("Tell me of rivers. " + id)
				.stream()
				.contextWrite(observer::in);
		}

	}

	/**
	 * What the application was told of the end of each stream.
	 */
	static final class Outcomes {

		private final Map<String, CompletableFuture<StreamOutcome>> told = new ConcurrentHashMap<>();

		CompletableFuture<StreamOutcome> of(String id) {
			return this.told.computeIfAbsent(id, (any) -> new CompletableFuture<>());
		}

		void forget() {
			this.told.clear();
		}

	}

}
