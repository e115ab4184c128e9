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
import java.util.function.Supplier;

import io.llmstream.Token;
import io.llmstream.relay.RelayErrorMapper;
import io.llmstream.relay.RelayServer;
import io.llmstream.relay.RelaySettings;
import io.llmstream.relay.protocol.RelayProtocol;
import jakarta.servlet.ServletException;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.accept.ContentNegotiationManager;
import org.springframework.web.bind.annotation.GetMapping;
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

	TomcatRelayServer(RelaySettings settings, Supplier<Flux<Token>> tokens, RelayProtocol protocol) {
		this.pool = TokenRelay.pool(settings);
		this.relay = new TokenRelay(settings, RelayErrorMapper.safe(), protocol, this.pool);
		AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
		context.register(Mvc.class);
		context.addBeanFactoryPostProcessor(
				(factory) -> factory.registerSingleton("tokensController", new TokensController(this.relay, tokens)));
		this.tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
		this.tomcat.setPort(0);
		this.tomcat.getConnector().setProperty("address", "127.0.0.1");
		this.tomcat.getConnector().setProperty("socket.txBufSize", "65536");
		Context root = this.tomcat.addContext("", null);
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

	Executor pool() {
		return this.pool;
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

		@GetMapping("/publisher")
		Publisher<? extends Token> publisher() {
			return this.tokens.get();
		}

		@GetMapping("/own")
		SseEmitter own() {
			return this.relay.emitter(this.tokens.get());
		}

	}

}
