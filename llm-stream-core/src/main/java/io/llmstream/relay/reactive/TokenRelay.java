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

package io.llmstream.relay.reactive;

import java.util.function.Function;

import io.llmstream.Token;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RelayTicker;
import io.llmstream.relay.Run;
import io.llmstream.relay.TokenFluxSupport;
import io.llmstream.relay.protocol.NativeProtocol;
import io.llmstream.relay.protocol.RelayProtocol;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;

/**
 * Relays tokens to browsers from Spring WebFlux. Never blocks.
 *
 * <pre class="code">
 * Mono&lt;ServerResponse&gt; chat(ServerRequest request) {
 *     return this.relay.response(this.client.prompt(question(request)).stream());
 * }
 * </pre>
 *
 * An answer that fails, even before its first token, has status 200 and ends with the
 * protocol's error event. When the browser leaves, the provider's stream is cancelled as
 * soon as the server is told, which is at once for Reactor Netty.
 * <p>
 * Safe for use by several threads.
 */
public final class TokenRelay implements AutoCloseable {

	private final RelaySettings settings;

	private final RelayErrorMapper errors;

	private final RelayProtocol protocol;

	private final RelayTicker ticker;

	/**
	 * Create a relay that speaks {@link NativeProtocol}.
	 * @param settings how to relay
	 * @param errors what to tell browsers of failures
	 */
	public TokenRelay(RelaySettings settings, RelayErrorMapper errors) {
		this(settings, errors, new NativeProtocol());
	}

	/**
	 * Create a relay.
	 * @param settings how to relay
	 * @param errors what to tell browsers of failures
	 * @param protocol the language of the events
	 */
	public TokenRelay(RelaySettings settings, RelayErrorMapper errors, RelayProtocol protocol) {
		this.settings = settings;
		this.errors = errors;
		this.protocol = protocol;
		this.ticker = new RelayTicker(settings);
	}

	/**
	 * The events of an answer as bytes, for those who write the response themselves.
	 * @param tokens the tokens, subscribed to once for each subscription
	 * @return one buffer for each write, made when it is asked for from what has come by
	 * then, so ask for one at a time and flush each. Cancelling it cancels the tokens; it
	 * fails only if nothing is asked for during the write time-out, or if the protocol
	 * fails
	 */
	public Flux<DataBuffer> body(Flux<? extends Token> tokens) {
		return body(tokens, DefaultDataBufferFactory.sharedInstance::wrap);
	}

	/**
	 * Answer a request of a functional endpoint.
	 * @param tokens the tokens
	 * @return the response; fails with status 503 if the relay was closed
	 */
	public Mono<ServerResponse> response(Flux<? extends Token> tokens) {
		return ServerResponse.ok().headers(this::addHeaders).body((message, context) -> write(message, tokens));
	}

	/**
	 * Write an answer as a response.
	 * @param message the response, whose status and further headers may be set already
	 * @param tokens the tokens
	 * @return completes when everything was written; fails with status 503 if the relay
	 * was closed
	 */
	public Mono<Void> write(ReactiveHttpOutputMessage message, Flux<? extends Token> tokens) {
		return Mono.defer(() -> {
			if (this.ticker.isClosed()) {
				return Mono.error(new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "The relay was closed"));
			}
			addHeaders(message.getHeaders());
			return BatchGroups.write(message, (wrapper) -> body(tokens, wrapper));
		});
	}

	/**
	 * How many browsers are connected.
	 * @return the number of connections
	 */
	public int connections() {
		return this.ticker.connections();
	}

	/**
	 * Accept no more answers, and end those that are being relayed with an error event
	 * that says to ask again. Returns at once; {@link #connections()} tells when the last
	 * of them was written.
	 */
	@Override
	public void close() {
		this.ticker.close();
	}

	private void addHeaders(HttpHeaders headers) {
		headers.setContentType(TokenFluxSupport.EVENT_STREAM);
		TokenFluxSupport.addHeaders(headers, this.protocol.headers());
	}

	private Flux<DataBuffer> body(Flux<? extends Token> tokens, Function<byte[], DataBuffer> wrapper) {
		return new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super DataBuffer> subscriber) {
				TokenRelay relay = TokenRelay.this;
				ReactiveConnection connection = new ReactiveConnection(new Run(tokens, relay.settings, relay.errors), 0,
						relay.ticker, relay.protocol.newEncoder(), wrapper, subscriber);
				subscriber.onSubscribe(connection);
				connection.start(subscriber.currentContext());
			}

		};
	}

}
