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

import java.time.Duration;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
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
 * protocol's error event; only one that a budget has no room for has status 429. When the
 * browser leaves, the provider's stream is cancelled; over HTTP/1.1 that is noticed at
 * the second write after it left, at the latest after two heartbeats, and over HTTP/2 at
 * once. A browser that reads nothing is given up when one write took
 * {@link RelaySettings#writeTimeout()}; its connection, and the thread of that write, are
 * free after the container's own write time-out.
 * <p>
 * Safe for use by several threads.
 */
public final class TokenRelay implements AutoCloseable {

	private static final String STARTED = TokenRelay.class.getName() + ".STARTED.";

	private final RelaySettings settings;

	private final RelayErrorMapper errors;

	private final RelayProtocol protocol;

	private final Executor executor;

	private final FinishingResponses finishing = new FinishingResponses();

	private final Runs runs;

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
		this(settings, errors, protocol, executor, RunSettings.defaults());
	}

	/**
	 * Create a relay whose runs outlive their connections as the given settings say.
	 * @param settings how to relay
	 * @param errors what to tell browsers of failures
	 * @param protocol the language of the events
	 * @param executor what writes run on, see
	 * {@link #TokenRelay(RelaySettings, RelayErrorMapper, RelayProtocol, Executor)}
	 * @param runs how runs outlive their connections
	 */
	public TokenRelay(RelaySettings settings, RelayErrorMapper errors, RelayProtocol protocol, Executor executor,
			RunSettings runs) {
		this(settings, errors, protocol, executor, new Runs(settings, runs, errors, RunLogs.inMemory(settings, runs)));
	}

	/**
	 * Create a relay of given runs.
	 * @param settings how to relay
	 * @param errors what to tell browsers of failures
	 * @param protocol the language of the events
	 * @param executor what writes run on, see
	 * {@link #TokenRelay(RelaySettings, RelayErrorMapper, RelayProtocol, Executor)}
	 * @param runs the runs, which are closed with this relay
	 */
	public TokenRelay(RelaySettings settings, RelayErrorMapper errors, RelayProtocol protocol, Executor executor,
			Runs runs) {
		this.settings = settings;
		this.errors = errors;
		this.protocol = protocol;
		this.executor = executor;
		this.runs = runs;
		this.ticker = new RelayTicker(settings);
	}

	/**
	 * Create a pool of platform threads that suits a relay: it grows up to
	 * {@link RelaySettings#maxConnections()} and rejects what it cannot run at once.
	 * @param settings how large it may be
	 * @return a new pool, to be shut down by the caller after the relay was closed
	 */
	public static ExecutorService pool(RelaySettings settings) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("llm-stream-relay-") {

			@Override
			public Thread createThread(Runnable task) {
				Thread thread = super.createThread(task);
				// Not the web application's, which the container takes for its own
				// threads.
				thread.setContextClassLoader(TokenRelay.class.getClassLoader());
				return thread;
			}

		};
		threads.setDaemon(true);
		return new ThreadPoolExecutor(0, settings.maxConnections(), 60, TimeUnit.SECONDS, new SynchronousQueue<>(),
				threads);
	}

	/**
	 * Whether a request is being answered by a relay. For filters and interceptors that
	 * must know how a response will end.
	 * @param request the request
	 * @return whether an emitter of a relay was returned for it
	 */
	public static boolean isRelayed(ServletRequest request) {
		return request.getAttribute(RelayEmitter.HANDLED) != null;
	}

	/**
	 * Relay an answer. The tokens are subscribed to when Spring begins to handle the
	 * emitter, so an emitter that is not returned costs nothing.
	 * @param tokens the tokens
	 * @return an emitter to return from the controller, and to leave alone otherwise
	 * @throws RunRefusedException with status 503 if no thread is free, because too many
	 * browsers are slow at the same time, or if the relay was closed
	 */
	public SseEmitter emitter(Flux<? extends Token> tokens) {
		return single(new Run(tokens.contextCapture(), this.settings, this.errors));
	}

	SseEmitter objectEmitter(Flux<? extends Partial<?>> partials) {
		return single(Run.ofObject(partials.contextCapture(), this.settings, this.errors));
	}

	private SseEmitter single(Run run) {
		if (this.runs.isDraining()) {
			throw RunRefusedException.closed();
		}
		return emitter(run, 0, this.protocol.headers());
	}

	/**
	 * Start a run that browsers can leave and come back to. A controller returns the run
	 * itself, so that its browser gets the events, and the id in the header
	 * {@value TokenFluxSupport#RUN_ID}; or its {@link #emitter(Run, long)}.
	 *
	 * <pre class="code">
	 * &#64;PostMapping("/chat")
	 * Run chat(&#64;RequestBody String question, Principal user) {
	 *     return this.relay.start(this.client.prompt(question).stream(), user);
	 * }
	 *
	 * &#64;GetMapping("/chat/{id}")
	 * Run again(&#64;PathVariable String id, Principal user) {
	 *     return this.relay.run(id, user);
	 * }
	 * </pre>
	 * @param tokens the tokens, subscribed to once, now, with the thread's context
	 * @param owner whose run it is, or {@code null} if everybody who knows the id may
	 * watch and stop it
	 * @return the run
	 * @throws RunRefusedException with status 429 if the owner has too many runs at work
	 * or a budget has no room for it, for which this waits some seconds if need be; with
	 * 503 if there are too many in all or the relay was closed; also with 503 if this is
	 * called in a request whose browser could not be written to, because no thread is
	 * free
	 */
	public Run start(Flux<? extends Token> tokens, @Nullable Principal owner) {
		return start(tokens, owner, RunOptions.none());
	}

	/**
	 * Start a run that browsers can leave and come back to, with a policy of its own or
	 * an idempotency key.
	 * @param tokens the tokens, subscribed to once, now, with the thread's context; not
	 * at all if the owner has a run of the key, which is then returned
	 * @param owner whose run it is, or {@code null} if everybody who knows the id may
	 * watch and stop it
	 * @param options what the run has otherwise than others
	 * @return the run
	 * @throws RunRefusedException as {@link #start(Flux, Principal)}, and with status 400
	 * if the idempotency key is one that cannot be
	 */
	public Run start(Flux<? extends Token> tokens, @Nullable Principal owner, RunOptions options) {
		return start(owner, options,
				() -> this.runs.start(tokens.contextCapture(), name(owner), Context.empty(), options));
	}

	/**
	 * Start the run of an object that grows, which browsers can leave and come back to.
	 *
	 * <pre class="code">
	 * &#64;PostMapping("/recipes")
	 * Run recipe(&#64;RequestBody String dish, Principal user) {
	 *     return this.relay.startObject(this.client.prompt(dish).stream(Recipe.class), user);
	 * }
	 * </pre>
	 * @param partials the object, subscribed to once, now, with the thread's context
	 * @param owner whose run it is, or {@code null} if everybody who knows the id may
	 * watch and stop it
	 * @return the run
	 * @throws RunRefusedException as {@link #start(Flux, Principal)}
	 */
	public Run startObject(Flux<? extends Partial<?>> partials, @Nullable Principal owner) {
		return startObject(partials, owner, RunOptions.none());
	}

	/**
	 * Start the run of an object that grows, with a policy of its own or an idempotency
	 * key.
	 * @param partials the object, subscribed to once, now, with the thread's context; not
	 * at all if the owner has a run of the key, which is then returned
	 * @param owner whose run it is, or {@code null} if everybody who knows the id may
	 * watch and stop it
	 * @param options what the run has otherwise than others
	 * @return the run
	 * @throws RunRefusedException as {@link #start(Flux, Principal, RunOptions)}
	 */
	public Run startObject(Flux<? extends Partial<?>> partials, @Nullable Principal owner, RunOptions options) {
		return start(owner, options,
				() -> this.runs.startObject(partials.contextCapture(), name(owner), Context.empty(), options));
	}

	private Run start(@Nullable Principal owner, RunOptions options, Supplier<Run> starter) {
		Run known = this.runs.started(options.idempotencyKey(), name(owner)).orElse(null);
		if (known != null) {
			return known;
		}
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		if (request != null && !ServletConnection.submit(this.executor, () -> {
		})) {
			throw RunRefusedException.noThread();
		}
		Run run = starter.get();
		awaitAdmission(run);
		if (request != null) {
			request.setAttribute(STARTED + run.id(), true, RequestAttributes.SCOPE_REQUEST);
		}
		return run;
	}

	/**
	 * Wait, on a thread that may, until it is decided whether a run may go on.
	 */
	static void awaitAdmission(Run run) {
		if (!Schedulers.isInNonBlockingThread()) {
			run.admitted().block();
		}
	}

	/**
	 * Find a run.
	 * @param runId the run's id
	 * @param principal who asks
	 * @return the run
	 * @throws RunRefusedException with status 404 if it is unknown, expired or somebody
	 * else's
	 */
	public Run run(String runId, @Nullable Principal principal) {
		return this.runs.get(runId, name(principal));
	}

	/**
	 * Relay a run from after an event on.
	 * @param run the run
	 * @param position the number of the last event that the browser has; 0 for none
	 * @return an emitter to return from the controller, and to leave alone otherwise
	 * @throws RunRefusedException with status 503 if no thread is free, because too many
	 * browsers are slow at the same time, or if the relay was closed
	 */
	public SseEmitter emitter(Run run, long position) {
		try {
			return emitter(run, position, TokenFluxSupport.headers(run, this.protocol.headers()));
		}
		catch (RunRefusedException ex) {
			discardStarted(run);
			throw ex;
		}
	}

	/**
	 * Take a run back if this request has started it. Who is refused is told of no run,
	 * so none may go on in the name of the request.
	 */
	void discardStarted(Run run) {
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		if (request != null && request.getAttribute(STARTED + run.id(), RequestAttributes.SCOPE_REQUEST) != null) {
			this.runs.discard(run);
		}
	}

	/**
	 * Answer with the headers alone, which is all that a HEAD request asks for.
	 * @param run the run that would be relayed, or {@code null} if none was started
	 */
	SseEmitter headEmitter(@Nullable Run run) {
		Map<String, String> headers = this.protocol.headers();
		SseEmitter emitter = new RelayEmitter((run != null) ? TokenFluxSupport.headers(run, headers) : headers);
		emitter.complete();
		return emitter;
	}

	/**
	 * Let a browser watch a run again.
	 * @param runId the run's id
	 * @param lastEventId the {@code Last-Event-ID} of the request, or {@code null} to
	 * begin at the first event
	 * @param principal who asks
	 * @return an emitter to return from the controller
	 * @throws RunRefusedException with status 404 as {@link #run}, with 400 if the run
	 * has no such event, with 503 as {@link #emitter(Run, long)}
	 */
	public SseEmitter attach(String runId, @Nullable String lastEventId, @Nullable Principal principal) {
		Run run = run(runId, principal);
		return emitter(run, run.position(lastEventId));
	}

	/**
	 * Stop a run: its browsers are told, keep what they have, and the provider's stream
	 * is cancelled.
	 * @param runId the run's id
	 * @param principal who asks
	 * @return whether this stopped it; {@code false} if it had ended
	 * @throws RunRefusedException with status 404 as {@link #run}
	 */
	public boolean stop(String runId, @Nullable Principal principal) {
		return run(runId, principal).stop();
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
	 * How many answers are still to be given: to browsers that are connected, or whose
	 * response is not yet finished, and by runs that need none.
	 * @return what a shutdown waits for
	 */
	public int pending() {
		return connections() + this.finishing.pending() + this.runs.unattended();
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

	private SseEmitter emitter(Run run, long position, Map<String, String> headers) {
		if (this.ticker.isClosed() || (this.runs.isDraining() && this.runs.isShared())) {
			throw RunRefusedException.closed();
		}
		RelayEmitter emitter = new RelayEmitter(headers);
		ServletConnection connection = new ServletConnection(run, position, this.ticker, this.protocol.newEncoder(),
				emitter, this.executor, this.finishing);
		if (!connection.open()) {
			throw RunRefusedException.noThread();
		}
		return emitter;
	}

	private static @Nullable String name(@Nullable Principal principal) {
		return (principal != null) ? principal.getName() : null;
	}

}
