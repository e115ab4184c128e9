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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.web.reactive.function.BodyExtractor;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/**
 * The {@link HttpExchange} on Spring's {@link WebClient}, so that its customizers, SSL
 * bundles and observations apply.
 * <p>
 * On Reactor Netty, which the starter brings, a cancel from any thread and at any moment
 * closes the connection (HTTP/1.1) or resets the stream (HTTP/2). With another connector
 * a cancel between headers and body is left to that connector.
 */
public final class WebClientHttpExchange implements HttpExchange {

	private static final List<MediaType> ACCEPT = List.of(MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_JSON,
			MediaType.ALL);

	private final WebClient client;

	/**
	 * Create an exchange.
	 * @param client the client; it must not follow redirects
	 */
	public WebClientHttpExchange(WebClient client) {
		this.client = client;
	}

	@Override
	public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
		return new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super T> actual) {
				ClosingSubscriber<T> subscriber = new ClosingSubscriber<>(actual);
				send(call, handler, subscriber).subscribe(subscriber);
			}

		};
	}

	private <T> Flux<T> send(HttpCall call, Function<HttpAnswer, Publisher<T>> handler,
			ClosingSubscriber<T> subscriber) {
		return this.client.post()
			.uri(call.uri())
			.headers((headers) -> call.headers().forEach(headers::set))
			.contentType(MediaType.APPLICATION_JSON)
			.accept(ACCEPT.toArray(MediaType[]::new))
			.httpRequest(subscriber::sending)
			.bodyValue(call.body())
			.exchangeToFlux((response) -> subscriber.direct(handler.apply(answer(response))))
			.onErrorMap(WebClientRequestException.class, WebClientHttpExchange::withoutHeaders);
	}

	// the exception holds the headers of the request, and so the API key
	private static Throwable withoutHeaders(WebClientRequestException ex) {
		return (ex.getCause() != null) ? ex.getCause() : new IOException(ex.getMessage());
	}

	private static HttpAnswer answer(ClientResponse response) {
		Map<String, String> headers = new HashMap<>();
		response.headers().asHttpHeaders().forEach((name, values) -> {
			if (!values.isEmpty()) {
				headers.put(name.toLowerCase(Locale.ROOT), values.get(0));
			}
		});
		return new HttpAnswer(response.statusCode().value(), headers, response.body(Body.EXTRACTOR).buffers());
	}

	/**
	 * Keeps {@link ClientResponse} from adding an operator for its assembly trace, which
	 * it does to a {@link Flux} that an extractor returns.
	 */
	private record Body(Flux<DataBuffer> buffers) {

		static final BodyExtractor<Body, ReactiveHttpInputMessage> EXTRACTOR = (message,
				context) -> new Body(message.getBody());

	}

}
