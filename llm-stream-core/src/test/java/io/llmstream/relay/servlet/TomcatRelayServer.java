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

import java.io.IOException;
import java.security.Principal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.llmstream.Partial;
import io.llmstream.Token;
import io.llmstream.relay.DisconnectPolicy;
import io.llmstream.relay.GrownObject;
import io.llmstream.relay.OnDisconnect;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelayServer;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunLogs;
import io.llmstream.relay.RunOptions;
import io.llmstream.relay.RunSettings;
import io.llmstream.relay.Runs;
import io.llmstream.relay.protocol.RelayProtocol;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.accept.ContentNegotiationManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Spring MVC on Tomcat.
 */
final class TomcatRelayServer implements RelayServer {

	private final Tomcat tomcat = new Tomcat();

	private final ExecutorService pool;

	private final TokenRelay relay;

	private final AtomicReference<@Nullable Error> failure = new AtomicReference<>();

	private volatile CountDownLatch mayFinish = new CountDownLatch(0);

	TomcatRelayServer(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol, RunSettings runs) {
		this(settings, tokens, protocol,
				new Runs(settings, runs, RelayErrorMapper.safe(), RunLogs.inMemory(settings, runs)));
	}

	TomcatRelayServer(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol, Runs runs) {
		this.pool = TokenRelay.pool(settings);
		this.relay = new TokenRelay(settings, RelayErrorMapper.safe(), protocol, this::execute, runs);
		AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
		context.register(Mvc.class);
		context.addBeanFactoryPostProcessor(
				(factory) -> factory.registerSingleton("tokensController", new TokensController(this.relay, tokens)));
		context.addBeanFactoryPostProcessor(
				(factory) -> factory.registerSingleton("runsController", new RunsController(this.relay, tokens)));
		this.tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
		this.tomcat.setPort(0);
		this.tomcat.getConnector().setProperty("address", "127.0.0.1");
		this.tomcat.getConnector().setProperty("socket.txBufSize", "65536");
		this.tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
		Context root = this.tomcat.addContext("", null);
		FilterDef users = new FilterDef();
		users.setFilterName("users");
		users.setFilter(new Users());
		users.setAsyncSupported("true");
		root.addFilterDef(users);
		FilterMap all = new FilterMap();
		all.setFilterName("users");
		all.addURLPattern("/*");
		root.addFilterMap(all);
		FilterDef ends = new FilterDef();
		ends.setFilterName("ends");
		ends.setFilter(this::waitBeforeTheEnd);
		ends.setAsyncSupported("true");
		root.addFilterDef(ends);
		FilterMap dispatched = new FilterMap();
		dispatched.setFilterName("ends");
		dispatched.addURLPattern("/*");
		dispatched.setDispatcher(DispatcherType.ASYNC.name());
		root.addFilterMap(dispatched);
		DispatcherServlet servlet = new DispatcherServlet(context);
		Wrapper wrapper = Tomcat.addServlet(root, "dispatcher", servlet);
		wrapper.setAsyncSupported(true);
		wrapper.addMapping("/");
		try {
			this.tomcat.start();
			wrapper.load();
		}
		catch (LifecycleException | ServletException ex) {
			throw new IllegalStateException(ex);
		}
		TokenFluxReturnValueHandler.install(context.getBean(RequestMappingHandlerAdapter.class), this.relay,
				context.getBean("mvcContentNegotiationManager", ContentNegotiationManager.class));
	}

	private void waitBeforeTheEnd(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		try {
			this.mayFinish.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		chain.doFilter(request, response);
	}

	/**
	 * From now on, let no response be finished.
	 * @return lets them be finished
	 */
	CountDownLatch holdEnds() {
		this.mayFinish = new CountDownLatch(1);
		return this.mayFinish;
	}

	int pending() {
		return this.relay.pending();
	}

	Executor pool() {
		return this.pool;
	}

	private void execute(Runnable task) {
		Error failure = this.failure.getAndSet(null);
		if (failure != null) {
			throw failure;
		}
		this.pool.execute(task);
	}

	/**
	 * Let the next task find no thread.
	 */
	void failNext(Error failure) {
		this.failure.set(failure);
	}

	boolean hasFailed() {
		return this.failure.get() == null;
	}

	@Override
	public int port() {
		return this.tomcat.getConnector().getLocalPort();
	}

	@Override
	public int connections() {
		return this.relay.connections();
	}

	@Override
	public void closeRelay() {
		this.relay.close();
	}

	@Override
	public void close() {
		try {
			this.tomcat.stop();
			this.relay.close();
			this.tomcat.destroy();
			this.pool.shutdown();
		}
		catch (LifecycleException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	static class Mvc {

	}

	@RestController
	static class TokensController {

		private final TokenRelay relay;

		private final Supplier<Flux<Token>> tokens;

		TokensController(TokenRelay relay, Supplier<Flux<Token>> tokens) {
			this.relay = relay;
			this.tokens = tokens;
		}

		@GetMapping("/tokens")
		Flux<Token> tokens() {
			return this.tokens.get();
		}

		@GetMapping("/entity")
		ResponseEntity<Flux<Token>> entity() {
			return ResponseEntity.accepted().header("X-Test", "kept").body(this.tokens.get());
		}

		@GetMapping("/texts")
		Flux<Token.Text> texts() {
			return this.tokens.get().ofType(Token.Text.class);
		}

		@GetMapping("/object")
		Flux<Partial<GrownObject>> object() {
			return GrownObject.of(this.tokens.get());
		}

		@GetMapping("/object-entity")
		ResponseEntity<Flux<Partial<GrownObject>>> objectEntity() {
			return ResponseEntity.accepted().header("X-Test", "kept").body(object());
		}

		@GetMapping("/publisher")
		Publisher<? extends Token> publisher() {
			return this.tokens.get();
		}

		@GetMapping("/own")
		SseEmitter own() {
			return this.relay.emitter(this.tokens.get());
		}

	}

	@RestController
	static class RunsController {

		private final TokenRelay relay;

		private final Supplier<Flux<Token>> tokens;

		RunsController(TokenRelay relay, Supplier<Flux<Token>> tokens) {
			this.relay = relay;
			this.tokens = tokens;
		}

		@PostMapping("/runs")
		Run start(@Nullable Principal user) {
			return this.relay.start(this.tokens.get(), user);
		}

		@GetMapping("/asking")
		Run startByGet(@Nullable Principal user) {
			return start(user);
		}

		@PostMapping("/entities")
		ResponseEntity<Run> startEntity(@Nullable Principal user) {
			return ResponseEntity.accepted().header("X-Test", "kept").body(start(user));
		}

		@PostMapping("/objects")
		Run startObject(@Nullable Principal user) {
			return this.relay.startObject(GrownObject.of(this.tokens.get()), user);
		}

		@PostMapping("/continuing-object")
		@OnDisconnect(DisconnectPolicy.CONTINUE)
		Flux<Partial<GrownObject>> continuingObject() {
			return GrownObject.of(this.tokens.get());
		}

		@RequestMapping(path = "/continuing", method = { RequestMethod.GET, RequestMethod.POST })
		@OnDisconnect(DisconnectPolicy.CONTINUE)
		Flux<Token> continuing() {
			return this.tokens.get();
		}

		@PostMapping("/brief")
		@OnDisconnect(value = DisconnectPolicy.GRACE, grace = "100ms")
		Flux<Token> brief() {
			return this.tokens.get();
		}

		@PostMapping("/cancelling")
		@OnDisconnect(DisconnectPolicy.CANCEL)
		Run cancelling(@Nullable Principal user) {
			return start(user);
		}

		@PostMapping("/keyed")
		Run keyed(@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
				@Nullable Principal user) {
			return this.relay.start(this.tokens.get(), user, RunOptions.none().withIdempotencyKey(key));
		}

		@GetMapping("/runs/{id}")
		Run again(@PathVariable("id") String id, @Nullable Principal user) {
			return this.relay.run(id, user);
		}

		@GetMapping("/runs/{id}/own")
		SseEmitter own(@PathVariable("id") String id,
				@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last,
				@Nullable Principal user) {
			return this.relay.attach(id, last, user);
		}

		@PostMapping("/runs/{id}/stop")
		boolean stop(@PathVariable("id") String id, @Nullable Principal user) {
			return this.relay.stop(id, user);
		}

	}

	/**
	 * Takes a header's word for who the user is.
	 */
	private static final class Users extends HttpFilter {

		@Override
		protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			String name = request.getHeader("X-User");
			chain.doFilter((name == null) ? request : new HttpServletRequestWrapper(request) {

				@Override
				public Principal getUserPrincipal() {
					return () -> name;
				}

			}, response);
		}

	}

}
