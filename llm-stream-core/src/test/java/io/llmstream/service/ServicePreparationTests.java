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

package io.llmstream.service;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.llmstream.FinishReason;
import io.llmstream.LlmStreamClient;
import io.llmstream.Message;
import io.llmstream.StreamRequest;
import io.llmstream.Token;
import io.llmstream.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that services which were prepared in advance are those that they are without it.
 */
class ServicePreparationTests {

	private final List<StreamRequest> asked = new ArrayList<>();

	private final LlmStreamClient client = LlmStreamClient.create("acme", (request) -> Flux.defer(() -> {
		this.asked.add(request);
		return Flux.just(new Token.Text("Hello"),
				new Token.Finish(FinishReason.STOP, null, Usage.reported(1, 2), "r1", "m1"));
	}));

	@ParameterizedTest
	@ValueSource(classes = { Unknown.class, Nothing.class, Blank.class, Missing.class, TwoIds.class, OddId.class })
	void whatCannotWorkFailsAsOftenAsItIsCreatedAndSaysTheSame(Class<?> service) {
		LlmServiceFactory factory = new LlmServiceFactory(this.client);
		LlmServiceFactory.prepare(service, (type) -> {
		});
		InvalidLlmServiceException first = catchThrowableOfType(InvalidLlmServiceException.class,
				() -> factory.create(service));
		LlmServiceFactory.prepare(service, (type) -> {
		});
		InvalidLlmServiceException second = catchThrowableOfType(InvalidLlmServiceException.class,
				() -> factory.create(service));
		assertThat(first).hasMessageStartingWith("The method " + service.getName() + ".ask(");
		assertThat(second).isNotSameAs(first).hasMessage(first.getMessage());
	}

	@Test
	void eachFactoryReadsItsOwnFiles() {
		LlmServiceFactory.prepare(Filed.class, (type) -> {
		});
		for (String prompt : List.of("First {what}", "Second {what}")) {
			factory(prompt).create(Filed.class).ask("thing");
		}
		assertThat(this.asked).extracting((request) -> request.messages().get(0))
			.containsExactly(Message.user("First thing"), Message.user("Second thing"));
	}

	@Test
	void whatIsWrongWithAFileOfOneFactoryIsNotOfTheOther() {
		LlmServiceFactory.prepare(Filed.class, (type) -> {
		});
		assertThat(catchThrowableOfType(InvalidLlmServiceException.class,
				() -> factory("{who} has {what}?").create(Filed.class)))
			.hasMessageContaining("has no parameter for {who} of its prompt");
		assertThat(factory("{what}").create(Filed.class).ask("Hi")).isEqualTo("Hello");
	}

	@Test
	void eachFactoryAsksItsOwnClient() {
		LlmServiceFactory.prepare(Plain.class, (type) -> {
		});
		LlmStreamClient other = LlmStreamClient.create("other", (request) -> Flux.just(new Token.Text("Bye"),
				new Token.Finish(FinishReason.STOP, null, Usage.reported(1, 2), "r1", "m1")));
		Plain plain = new LlmServiceFactory(this.client).create(Plain.class);
		assertThat(new LlmServiceFactory(other).create(Plain.class).ask("?")).isEqualTo("Bye");
		assertThat(plain.ask("?")).isEqualTo("Hello");
	}

	private LlmServiceFactory factory(String prompt) {
		return new LlmServiceFactory((name) -> this.client, (type) -> type, new DefaultResourceLoader() {

			@Override
			public Resource getResource(String location) {
				return new ByteArrayResource(prompt.getBytes(StandardCharsets.UTF_8));
			}

		});
	}

	interface Plain {

		String ask(String question);

	}

	interface Filed {

		@UserPrompt("classpath:prompts/own.txt")
		String ask(String what);

	}

	interface Unknown {

		Flux<?> ask(String question);

	}

	interface Nothing {

		void ask(String question);

	}

	interface Blank {

		@UserPrompt(" ")
		String ask();

	}

	interface Missing {

		@UserPrompt("Where is {city} in {town}?")
		Mono<String> ask(String city);

	}

	interface TwoIds {

		String ask(@ConversationId String one, @ConversationId String other, String question);

	}

	interface OddId {

		String ask(@ConversationId List<String> id, String question);

	}

}
