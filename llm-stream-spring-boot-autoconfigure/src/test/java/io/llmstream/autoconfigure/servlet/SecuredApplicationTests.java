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

package io.llmstream.autoconfigure.servlet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.llmstream.FinishReason;
import io.llmstream.Token;
import io.llmstream.Usage;
import io.llmstream.relay.Run;
import io.llmstream.relay.endpoint.RunStarter;
import io.llmstream.relay.servlet.TokenRelay;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.Http403ForbiddenEntryPoint;
import org.springframework.security.web.context.DelegatingSecurityContextRepository;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.servletapi.SecurityContextHolderAwareRequestFilter;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of an application that Spring Security protects, with a filter of its own that
 * authenticates each request.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SecuredApplicationTests {

	@ParameterizedTest
	@ValueSource(strings = { "/tokens", "/entity", "/run", "/own" })
	void answerOfAnAuthenticatedUserEndsWell(String path) throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			HttpResponse<String> response = get(context, path, "bob");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains("Hello").contains("event: done");
		}
	}

	@Test
	void readyMadeEndpointsEndWellToo() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			HttpResponse<String> started = HttpClient.newHttpClient()
				.send(request(context, "/llm-stream/runs", "bob").header("Content-Type", "application/json")
					.POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"Hi\"}"))
					.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(started.body()).contains("Hello").contains("event: done");
			String path = "/llm-stream/runs/" + started.headers().firstValue("X-Run-Id").orElseThrow();
			assertThat(get(context, path, "bob").body()).contains("Hello").contains("event: done");
			assertThat(get(context, path, "eve").statusCode()).isEqualTo(204);
		}
	}

	@Test
	void nobodyElseGetsAnAnswer() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			assertThat(get(context, "/tokens", "").statusCode()).isEqualTo(403);
		}
	}

	private static ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.SERVLET)
			.properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"llm-stream.relay.endpoints.enabled=true")
			.run();
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext context, String path, String user)
			throws IOException, InterruptedException {
		// A connection that breaks before the end of the response is an exception.
		return HttpClient.newHttpClient()
			.send(request(context, path, user).build(), HttpResponse.BodyHandlers.ofString());
	}

	private static HttpRequest.Builder request(ConfigurableApplicationContext context, String path, String user) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.header("Accept", MediaType.TEXT_EVENT_STREAM_VALUE)
			.header("X-User", user);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(TokensController.class)
	static class Application {

		@Bean
		RunStarter runStarter() {
			return (request, principal) -> TokensController.hello();
		}

		@Bean
		FilterChainProxy springSecurityFilterChain() {
			return new FilterChainProxy(new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE, List.of(
					new SecurityContextHolderFilter(
							new DelegatingSecurityContextRepository(new RequestAttributeSecurityContextRepository())),
					new UserFilter(), userPrincipal(), new ExceptionTranslationFilter(new Http403ForbiddenEntryPoint()),
					new AuthorizationFilter(AuthenticatedAuthorizationManager.authenticated()))));
		}

		private static SecurityContextHolderAwareRequestFilter userPrincipal() {
			SecurityContextHolderAwareRequestFilter filter = new SecurityContextHolderAwareRequestFilter();
			try {
				filter.afterPropertiesSet();
			}
			catch (ServletException ex) {
				throw new IllegalStateException(ex);
			}
			return filter;
		}

		@Bean
		FilterRegistrationBean<FilterChainProxy> security(FilterChainProxy springSecurityFilterChain) {
			FilterRegistrationBean<FilterChainProxy> registration = new FilterRegistrationBean<>(
					springSecurityFilterChain);
			registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
			registration.setAsyncSupported(true);
			return registration;
		}

	}

	static final class UserFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String user = request.getHeader("X-User");
			if (!user.isEmpty()) {
				SecurityContext context = SecurityContextHolder.createEmptyContext();
				context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(user, null, List.of()));
				SecurityContextHolder.setContext(context);
			}
			chain.doFilter(request, response);
		}

	}

	@RestController
	static class TokensController {

		private final TokenRelay relay;

		TokensController(TokenRelay relay) {
			this.relay = relay;
		}

		static Flux<Token> hello() {
			return Flux.just(new Token.Text("Hello"),
					new Token.Finish(FinishReason.STOP, null, Usage.NONE, null, null));
		}

		@GetMapping("/tokens")
		Flux<Token> tokens() {
			return hello();
		}

		@GetMapping("/entity")
		ResponseEntity<Flux<Token>> entity() {
			return ResponseEntity.ok(hello());
		}

		@GetMapping("/run")
		Run run(Principal user) {
			return this.relay.start(hello(), user);
		}

		@GetMapping("/own")
		SseEmitter own() {
			return this.relay.emitter(hello());
		}

	}

}
