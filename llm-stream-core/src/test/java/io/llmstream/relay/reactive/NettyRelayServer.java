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

import java.security.Principal;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.llmstream.LlmStreamClient;
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
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/**
 * Spring WebFlux on Reactor Netty.
 */
final class NettyRelayServer implements RelayServer {

	static {
		// what writes objects is looked for with the first one, which reads a file: that
		// is
		// nothing for an event loop
		LlmStreamClient.create("first", (request) -> Flux.empty()).output();
	}

	private final TokenRelay relay;

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final DisposableServer server;

	NettyRelayServer(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol, RunSettings runs,
			HttpProtocol... versions) {
		this(settings, tokens, protocol,
				new Runs(settings, runs, RelayErrorMapper.safe(), RunLogs.inMemory(settings, runs)), versions);
	}

	NettyRelayServer(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol, Runs runs,
			HttpProtocol... versions) {
		this(settings, tokens, protocol, runs, (server) -> server
			.protocol((versions.length > 0) ? versions : new HttpProtocol[] { HttpProtocol.HTTP11 }));
	}

	NettyRelayServer(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol, Runs runs,
			UnaryOperator<HttpServer> customizer) {
		this.relay = new TokenRelay(settings, RelayErrorMapper.safe(), protocol, runs);
		this.context.registerBean(TokenRelay.class, () -> this.relay);
		this.context.registerBean(TokensController.class, () -> new TokensController(tokens));
		this.context.registerBean(RunsController.class, () -> new RunsController(this.relay, tokens));
		this.context.registerBean(Users.class, Users::new);
		this.context.register(WebFlux.class);
		this.context.refresh();
		this.server = customizer.apply(HttpServer.create())
			.host("127.0.0.1")
			.port(0)
			.childOption(ChannelOption.SO_SNDBUF, 65536)
			.handle(new ReactorHttpHandlerAdapter(WebHttpHandlerBuilder.applicationContext(this.context).build()))
			.bindNow();
	}

	@Override
	public int port() {
		return this.server.port();
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
		this.relay.close();
		this.server.disposeNow();
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebFlux
	static class WebFlux {

		@Bean
		TokenFluxResultHandler tokenFluxResultHandler(TokenRelay relay, ServerCodecConfigurer codecs,
				RequestedContentTypeResolver resolver) {
			return new TokenFluxResultHandler(relay, codecs, resolver);
		}

		@Bean
		RouterFunction<ServerResponse> own(TokenRelay relay, TokensController controller) {
			return RouterFunctions.route()
				.GET("/own", (request) -> relay.response(controller.tokens()))
				.GET("/runs/{id}/own",
						(request) -> request.principal()
							.map(Optional::of)
							.defaultIfEmpty(Optional.empty())
							.flatMap((user) -> relay.attach(request.pathVariable("id"),
									request.headers().firstHeader("Last-Event-ID"), user.orElse(null))))
				.build();
		}

	}

	@RestController
	static class TokensController {

		private final Supplier<Flux<Token>> tokens;

		TokensController(Supplier<Flux<Token>> tokens) {
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

		@GetMapping("/later")
		Mono<ResponseEntity<Flux<Token>>> later() {
			return Mono.fromSupplier(this::entity);
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
		Mono<Run> start(@Nullable Principal user) {
			return this.relay.start(this.tokens.get(), user);
		}

		@GetMapping("/asking")
		Mono<Run> startByGet(@Nullable Principal user) {
			return start(user);
		}

		@PostMapping("/entities")
		Mono<ResponseEntity<Run>> startEntity(@Nullable Principal user) {
			return start(user).map((run) -> ResponseEntity.accepted().header("X-Test", "kept").body(run));
		}

		@PostMapping("/objects")
		Mono<Run> startObject(@Nullable Principal user) {
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
		Mono<Run> cancelling(@Nullable Principal user) {
			return start(user);
		}

		@PostMapping("/keyed")
		Mono<Run> keyed(@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
				@Nullable Principal user) {
			return this.relay.start(this.tokens.get(), user, RunOptions.none().withIdempotencyKey(key));
		}

		@GetMapping("/runs/{id}")
		Mono<Run> again(@PathVariable("id") String id, @Nullable Principal user) {
			return this.relay.run(id, user);
		}

		@PostMapping("/runs/{id}/stop")
		Mono<Boolean> stop(@PathVariable("id") String id, @Nullable Principal user) {
			return this.relay.stop(id, user);
		}

	}

	/**
	 * Takes a header's word for who the user is.
	 */
	private static final class Users implements WebFilter {

		@Override
		public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
			String name = exchange.getRequest().getHeaders().getFirst("X-User");
			return chain.filter(
					(name == null) ? exchange : exchange.mutate().principal(Mono.just((Principal) () -> name)).build());
		}

	}

}
