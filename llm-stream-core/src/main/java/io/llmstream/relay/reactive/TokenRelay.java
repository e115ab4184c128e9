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

import java.time.Duration;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import io.llmstream.Partial;
import io.llmstream.Token;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.RelayTicker;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunLogs;
import io.llmstream.relay.RunOptions;
import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.Runs;
import io.llmstream.relay.TokenFluxSupport;
import io.llmstream.relay.protocol.NativeProtocol;
import io.llmstream.relay.protocol.RelayProtocol;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerResponse;

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
 * protocol's error event; only one that a budget has no room for has status 429. When the
 * browser leaves, the provider's stream is cancelled as soon as the server is told, which
 * is at once for Reactor Netty. A browser that has read nothing for
 * {@link RelaySettings#writeTimeout()} since its buffers were full is given up, and its
 * connection closed, or its stream reset in HTTP/2.
 * <p>
 * Safe for use by several threads.
 */
public final class TokenRelay implements AutoCloseable {

	/** Where in a context the runs are kept that were started with it. */
	private static final Object STARTED = new Object();

	private final RelaySettings settings;

	private final RelayErrorMapper errors;

	private final RelayProtocol protocol;

	private final Runs runs;

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
		this(settings, errors, protocol, RunSettings.defaults());
	}

	/**
	 * Create a relay whose runs outlive their connections as the given settings say.
	 * @param settings how to relay
	 * @param errors what to tell browsers of failures
	 * @param protocol the language of the events
	 * @param runs how runs outlive their connections
	 */
	public TokenRelay(RelaySettings settings, RelayErrorMapper errors, RelayProtocol protocol, RunSettings runs) {
		this(settings, errors, protocol, new Runs(settings, runs, errors, RunLogs.inMemory(settings, runs)));
	}

	/**
	 * Create a relay of given runs.
	 * @param settings how to relay
	 * @param errors what to tell browsers of failures
	 * @param protocol the language of the events
	 * @param runs the runs, which are closed with this relay
	 */
	public TokenRelay(RelaySettings settings, RelayErrorMapper errors, RelayProtocol protocol, Runs runs) {
		this.settings = settings;
		this.errors = errors;
		this.protocol = protocol;
		this.runs = runs;
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
		return body(() -> run(tokens), 0, DefaultDataBufferFactory.sharedInstance::wrap);
	}

	/**
	 * Answer a request of a functional endpoint.
	 * @param tokens the tokens
	 * @return the response; fails with status 503 if the relay was closed
	 */
	public Mono<ServerResponse> response(Flux<? extends Token> tokens) {
		return ServerResponse.ok()
			.headers((headers) -> addHeaders(headers, this.protocol.headers()))
			.body((message, context) -> write(message, tokens));
	}

	/**
	 * Write an answer as a response.
	 * @param message the response, whose status and further headers may be set already
	 * @param tokens the tokens
	 * @return completes when everything was written; fails with status 503 if the relay
	 * was closed
	 */
	public Mono<Void> write(ReactiveHttpOutputMessage message, Flux<? extends Token> tokens) {
		return write(message, () -> run(tokens));
	}

	Mono<Void> writeObject(ReactiveHttpOutputMessage message, Flux<? extends Partial<?>> partials) {
		return write(message, () -> Run.ofObject(partials, this.settings, this.errors));
	}

	private Mono<Void> write(ReactiveHttpOutputMessage message, Supplier<Run> single) {
		if (this.runs.isDraining()) {
			return Mono.error(RunRefusedException.closed());
		}
		return Mono.deferContextual((context) -> {
			Run run = single.get();
			run.begin(Context.of(context));
			// what is never written must not go on
			return run.admitted()
				.then(write(message, () -> run, 0, this.protocol.headers()))
				.doFinally((end) -> run.stop());
		});
	}

	/**
	 * Start a run that browsers can leave and come back to. A controller returns the run
	 * itself, so that its browser gets the events, and the id in the header
	 * {@value TokenFluxSupport#RUN_ID}; or its {@link #response(Run, long)}.
	 *
	 * <pre class="code">
	 * &#64;PostMapping("/chat")
	 * Mono&lt;Run&gt; chat(&#64;RequestBody String question, Principal user) {
	 *     return this.relay.start(this.client.prompt(question).stream(), user);
	 * }
	 *
	 * &#64;GetMapping("/chat/{id}")
	 * Mono&lt;Run&gt; again(&#64;PathVariable String id, Principal user) {
	 *     return this.relay.run(id, user);
	 * }
	 * </pre>
	 * @param tokens the tokens, subscribed to once for each subscription, with its
	 * context, and not cancelled with it
	 * @param owner whose run it is, or {@code null} if everybody who knows the id may
	 * watch and stop it
	 * @return the run; fails with status 429 if the owner has too many runs at work or a
	 * budget has no room for it, with 503 if there are too many in all or the relay was
	 * closed
	 */
	public Mono<Run> start(Flux<? extends Token> tokens, @Nullable Principal owner) {
		return start(tokens, owner, RunOptions.none());
	}

	/**
	 * Start a run that browsers can leave and come back to, with a policy of its own or
	 * an idempotency key.
	 * @param tokens the tokens, subscribed to once for each subscription, with its
	 * context, and not cancelled with it; not at all if the owner has a run of the key,
	 * which is then the result
	 * @param owner whose run it is, or {@code null} if everybody who knows the id may
	 * watch and stop it
	 * @param options what the run has otherwise than others
	 * @return the run; fails as {@link #start(Flux, Principal)}, and with status 400 if
	 * the idempotency key is one that cannot be
	 */
	public Mono<Run> start(Flux<? extends Token> tokens, @Nullable Principal owner, RunOptions options) {
		return Mono.deferContextual((context) -> Mono.fromSupplier(() -> start(context, owner, options,
				() -> this.runs.start(tokens, name(owner), Context.of(context), options))))
			.flatMap(Run::admitted);
	}

	/**
	 * Start the run of an object that grows, which browsers can leave and come back to.
	 *
	 * <pre class="code">
	 * &#64;PostMapping("/recipes")
	 * Mono&lt;Run&gt; recipe(&#64;RequestBody String dish, Principal user) {
	 *     return this.relay.startObject(this.client.prompt(dish).stream(Recipe.class), user);
	 * }
	 * </pre>
	 * @param partials the object, subscribed to once for each subscription, with its
	 * context, and not cancelled with it
	 * @param owner whose run it is, or {@code null} if everybody who knows the id may
	 * watch and stop it
	 * @return the run; fails as {@link #start(Flux, Principal)}
	 */
	public Mono<Run> startObject(Flux<? extends Partial<?>> partials, @Nullable Principal owner) {
		return startObject(partials, owner, RunOptions.none());
	}

	/**
	 * Start the run of an object that grows, with a policy of its own or an idempotency
	 * key.
	 * @param partials the object, subscribed to once for each subscription, with its
	 * context, and not cancelled with it; not at all if the owner has a run of the key,
	 * which is then the result
	 * @param owner whose run it is, or {@code null} if everybody who knows the id may
	 * watch and stop it
	 * @param options what the run has otherwise than others
	 * @return the run; fails as {@link #start(Flux, Principal, RunOptions)}
	 */
	public Mono<Run> startObject(Flux<? extends Partial<?>> partials, @Nullable Principal owner, RunOptions options) {
		return Mono
			.deferContextual((context) -> Mono.fromSupplier(() -> start(context, owner, options,
					() -> this.runs.startObject(partials, name(owner), Context.of(context), options))))
			.flatMap(Run::admitted);
	}

	private Run start(ContextView context, @Nullable Principal owner, RunOptions options, Supplier<Run> starter) {
		Run known = this.runs.started(options.idempotencyKey(), name(owner)).orElse(null);
		Run run = starter.get();
		if (run != known) {
			context.<Set<Run>>getOrEmpty(STARTED).ifPresent((started) -> started.add(run));
		}
		return run;
	}

	/**
	 * A context in which it is noted which runs are started.
	 */
	static Context noting(Context context) {
		return context.put(STARTED, ConcurrentHashMap.<Run>newKeySet());
	}

	/**
	 * Take a run back if it was started with a context that notes it. Who is refused is
	 * told of no run, so none may go on in the name of the request.
	 */
	void discardStarted(Run run, ContextView context) {
		context.<Set<Run>>getOrEmpty(STARTED)
			.filter((started) -> started.contains(run))
			.ifPresent((started) -> this.runs.discard(run));
	}

	/**
	 * Answer with the headers alone, which is all that a HEAD request asks for.
	 * @param run the run that would be relayed, or {@code null} if none was started
	 */
	Mono<Void> writeHead(ServerHttpResponse response, @Nullable Run run) {
		addHeaders(response.getHeaders(), (run != null) ? headers(run) : this.protocol.headers());
		return response.setComplete();
	}

	/**
	 * Find a run.
	 * @param runId the run's id
	 * @param principal who asks
	 * @return the run; fails with status 404 if it is unknown, expired or somebody else's
	 */
	public Mono<Run> run(String runId, @Nullable Principal principal) {
		return Mono.fromSupplier(() -> this.runs.get(runId, name(principal)));
	}

	/**
	 * Answer a request of a functional endpoint with a run, from after an event on.
	 * @param run the run
	 * @param position the number of the last event that the browser has; 0 for none
	 * @return the response; fails with status 503 if the relay was closed
	 */
	public Mono<ServerResponse> response(Run run, long position) {
		return ServerResponse.ok()
			.headers((headers) -> addHeaders(headers, headers(run)))
			.body((message, context) -> write(message, run, position));
	}

	/**
	 * Write a run as a response, from after an event on.
	 * @param message the response, whose status and further headers may be set already
	 * @param run the run
	 * @param position the number of the last event that the browser has; 0 for none
	 * @return completes when everything was written; fails with status 503 if the relay
	 * was closed
	 */
	public Mono<Void> write(ReactiveHttpOutputMessage message, Run run, long position) {
		return run.admitted().then(write(message, () -> run, position, headers(run)));
	}

	/**
	 * Let a browser watch a run again.
	 * @param runId the run's id
	 * @param lastEventId the {@code Last-Event-ID} of the request, or {@code null} to
	 * begin at the first event
	 * @param principal who asks
	 * @return the response; fails with status 404 as {@link #run}, with 400 if the run
	 * has no such event
	 */
	public Mono<ServerResponse> attach(String runId, @Nullable String lastEventId, @Nullable Principal principal) {
		return run(runId, principal).flatMap((run) -> response(run, run.position(lastEventId)));
	}

	/**
	 * Stop a run: its browsers are told, keep what they have, and the provider's stream
	 * is cancelled.
	 * @param runId the run's id
	 * @param principal who asks
	 * @return whether this stopped it; {@code false} if it had ended; fails with status
	 * 404 as {@link #run}
	 */
	public Mono<Boolean> stop(String runId, @Nullable Principal principal) {
		return run(runId, principal).map(Run::stop);
	}

	/**
	 * How many browsers are connected.
	 * @return the number of connections
	 */
	public int connections() {
		return this.ticker.connections();
	}

	/**
	 * For how long the slowest browser has been keeping a write waiting.
	 * @return the time, zero if none does
	 */
	public Duration longestWrite() {
		return this.ticker.longestWrite();
	}

	/**
	 * The runs that outlive their connections.
	 * @return the runs
	 */
	public Runs runs() {
		return this.runs;
	}

	/**
	 * How many answers are still to be given: to browsers that are connected, and by runs
	 * that need none.
	 * @return what a shutdown waits for
	 */
	public int pending() {
		return connections() + this.runs.unattended();
	}

	/**
	 * Accept no more answers, but let those go on that are being relayed, and let
	 * browsers come back to them. Where other servers share the logs of runs, browsers of
	 * these are told to come back soon, which leads them there; the runs go on here.
	 * Returns at once.
	 */
	public void drain() {
		this.runs.drain();
		if (this.runs.isShared() && this.protocol.comesBack()) {
			this.ticker.handOver();
		}
	}

	/**
	 * Accept no more answers, and end those that are being relayed with an error event
	 * that says to ask again. Returns at once; {@link #connections()} tells when the last
	 * of them was written.
	 */
	@Override
	public void close() {
		this.ticker.close();
		this.runs.close();
	}

	/**
	 * Accept answers again after {@link #drain()} or {@link #close()}, as when an
	 * application is stopped and started again. Those that were ended stay so. Does
	 * nothing if this is open.
	 */
	public void reopen() {
		this.ticker.reopen();
		this.runs.reopen();
	}

	private Run run(Flux<? extends Token> tokens) {
		return new Run(tokens, this.settings, this.errors);
	}

	private Map<String, String> headers(Run run) {
		return TokenFluxSupport.headers(run, this.protocol.headers());
	}

	private void addHeaders(HttpHeaders headers, Map<String, String> more) {
		headers.setContentType(TokenFluxSupport.EVENT_STREAM);
		TokenFluxSupport.addHeaders(headers, more);
	}

	private Mono<Void> write(ReactiveHttpOutputMessage message, Supplier<Run> run, long position,
			Map<String, String> headers) {
		return Mono.defer(() -> {
			if (this.ticker.isClosed() || (this.runs.isDraining() && this.runs.isShared())) {
				return Mono.error(RunRefusedException.closed());
			}
			addHeaders(message.getHeaders(), headers);
			return BatchGroups.write(message, (wrapper) -> body(run, position, wrapper));
		});
	}

	private Flux<DataBuffer> body(Supplier<Run> run, long position, Function<byte[], DataBuffer> wrapper) {
		return new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super DataBuffer> subscriber) {
				TokenRelay relay = TokenRelay.this;
				ReactiveConnection connection = new ReactiveConnection(run.get(), position, relay.ticker,
						relay.protocol.newEncoder(), wrapper, subscriber);
				subscriber.onSubscribe(connection);
				connection.start(subscriber.currentContext());
			}

		};
	}

	private static @Nullable String name(@Nullable Principal principal) {
		return (principal != null) ? principal.getName() : null;
	}

}
