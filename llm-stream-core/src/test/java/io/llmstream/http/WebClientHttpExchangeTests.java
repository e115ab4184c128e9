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

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WebClientHttpExchange}.
 */
class WebClientHttpExchangeTests {

	private static final HttpCall CALL = new HttpCall(URI.create("http://127.0.0.1:1/v1"), Map.of(), new byte[0]);

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

	@Test
	void demandReachesTheBodyAsItIs() {
		List<Long> asked = new ArrayList<>();
		Flux<DataBuffer> body = buffers("a", "b", "c").doOnRequest(asked::add);
		StepVerifier.create(exchange(body), 0)
			.thenRequest(1)
			.expectNext("a")
			.thenRequest(2)
			.expectNext("b", "c")
			.expectComplete()
			.verify(Duration.ofSeconds(10));
		// at the end WebClient looks whether something is left to be released
		assertThat(asked).startsWith(1L, 2L);
	}

	@Test
	void whatWasAskedForBeforeTheAnswerCameIsAskedOfItsBody() {
		List<Long> asked = new ArrayList<>();
		Sinks.One<ClientResponse> answer = Sinks.one();
		WebClient client = WebClient.builder().exchangeFunction((request) -> answer.asMono()).build();
		StepVerifier.create(new WebClientHttpExchange(client).exchange(CALL, WebClientHttpExchangeTests::texts), 1)
			.then(() -> answer.tryEmitValue(answer(buffers("a", "b").doOnRequest(asked::add))))
			.expectNext("a")
			.then(() -> assertThat(asked).containsExactly(1L))
			.thenRequest(1)
			.expectNext("b")
			.expectComplete()
			.verify(Duration.ofSeconds(10));
	}

	@Test
	void aBodyThatFailsFailsBehindItsValues() {
		StepVerifier.create(exchange(buffers("a").concatWith(Flux.error(new IOException("reset")))))
			.expectNext("a")
			.expectErrorMessage("reset")
			.verify(Duration.ofSeconds(10));
	}

	@Test
	void aCancelReachesTheBodyOnce() {
		AtomicInteger cancels = new AtomicInteger();
		Flux<DataBuffer> body = buffers("a").concatWith(Flux.never()).doOnCancel(cancels::incrementAndGet);
		StepVerifier.create(exchange(body)).expectNext("a").thenCancel().verify(Duration.ofSeconds(10));
		assertThat(cancels).hasValue(1);
	}

	private static Flux<String> exchange(Flux<DataBuffer> body) {
		WebClient client = WebClient.builder().exchangeFunction((request) -> Mono.just(answer(body))).build();
		return new WebClientHttpExchange(client).exchange(CALL, WebClientHttpExchangeTests::texts);
	}

	private static ClientResponse answer(Flux<DataBuffer> body) {
		return ClientResponse.create(HttpStatus.OK).body(body).build();
	}

	private static Flux<String> texts(HttpAnswer answer) {
		return answer.body().map((buffer) -> buffer.toString(StandardCharsets.UTF_8));
	}

	private static Flux<DataBuffer> buffers(String... texts) {
		return Flux.just(texts)
			.map((text) -> DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

}
