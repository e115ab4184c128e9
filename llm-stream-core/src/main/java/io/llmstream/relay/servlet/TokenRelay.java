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

package io.llmstream.relay.servlet;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.llmstream.Token;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RelayTicker;
import io.llmstream.relay.Run;
import io.llmstream.relay.protocol.NativeProtocol;
import io.llmstream.relay.protocol.RelayProtocol;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Relays tokens to browsers from Spring MVC controllers, without a thread per answer: a
 * thread is used only while something is written.
 *
 * <pre class="code">
 * &#64;GetMapping("/chat")
 * SseEmitter chat(String question) {
 *     return this.relay.emitter(this.client.prompt(question).stream());
 * }
 * </pre>
 *
 * An answer that fails, even before its first token, has status 200 and ends with the
 * protocol's error event. When the browser leaves, the provider's stream is cancelled;
 * over HTTP/1.1 that is noticed at the second write after it left, at the latest after
 * two heartbeats.
 * <p>
 * Safe for use by several threads.
 */
public final class TokenRelay implements AutoCloseable {

	private final RelaySettings settings;

	private final RelayErrorMapper errors;

	private final RelayProtocol protocol;

	private final Executor executor;

	private final RelayTicker ticker;

	/**
	 * Create a relay that speaks {@link NativeProtocol}.
	 * @param settings how to relay
	 * @param errors what to tell browsers of failures
	 * @param executor what writes run on, see
	 * {@link #TokenRelay(RelaySettings, RelayErrorMapper, RelayProtocol, Executor)}
	 */
	public TokenRelay(RelaySettings settings, RelayErrorMapper errors, Executor executor) {
		this(settings, errors, new NativeProtocol(), executor);
	}

	/**
	 * Create a relay.
	 * @param settings how to relay
	 * @param errors what to tell browsers of failures
	 * @param protocol the language of the events
	 * @param executor what writes run on: virtual threads, or a {@link #pool} of platform
	 * threads. Writes block while a browser is slow, so the executor must be used by
	 * nothing else, and must neither queue tasks nor run them on the caller's thread, but
	 * reject them when it is full. It is not closed with this relay
	 */
	public TokenRelay(RelaySettings settings, RelayErrorMapper errors, RelayProtocol protocol, Executor executor) {
		this.settings = settings;
		this.errors = errors;
		this.protocol = protocol;
		this.executor = executor;
		this.ticker = new RelayTicker(settings);
	}

	/**
	 * Create a pool of platform threads that suits a relay: it grows up to
	 * {@link RelaySettings#maxConnections()} and rejects what it cannot run at once.
	 * @param settings how large it may be
	 * @return a new pool, to be shut down by the caller after the relay was closed
	 */
	public static ExecutorService pool(RelaySettings settings) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("llm-stream-relay-");
		threads.setDaemon(true);
		return new ThreadPoolExecutor(0, settings.maxConnections(), 60, TimeUnit.SECONDS, new SynchronousQueue<>(),
				threads);
	}

	/**
	 * Relay an answer. The tokens are subscribed to when Spring begins to handle the
	 * emitter, so an emitter that is not returned costs nothing.
	 * @param tokens the tokens
	 * @return an emitter to return from the controller, and to leave alone otherwise
	 * @throws ResponseStatusException with status 503 if no thread is free, because too
	 * many browsers are slow at the same time, or if the relay was closed
	 */
	public SseEmitter emitter(Flux<? extends Token> tokens) {
		if (this.ticker.isClosed()) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "The relay was closed");
		}
		Run run = new Run(tokens.contextCapture(), this.settings, this.errors);
		RelayEmitter emitter = new RelayEmitter(this.protocol.headers());
		ServletConnection connection = new ServletConnection(run, 0, this.ticker, this.protocol.newEncoder(), emitter,
				this.executor);
		if (!connection.open()) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "No thread is free to relay an answer");
		}
		return emitter;
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

}
