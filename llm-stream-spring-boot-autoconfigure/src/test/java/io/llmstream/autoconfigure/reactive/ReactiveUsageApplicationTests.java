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

package io.llmstream.autoconfigure.reactive;

import java.security.Principal;
import java.util.List;

import io.llmstream.autoconfigure.AbstractUsageApplicationTests;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

class ReactiveUsageApplicationTests extends AbstractUsageApplicationTests {

	ReactiveUsageApplicationTests() {
		super(WebApplicationType.REACTIVE, Login.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Login {

		@Bean
		WebFilter loginFilter() {
			return Login::login;
		}

		private static Mono<Void> login(ServerWebExchange exchange, WebFilterChain chain) {
			String user = exchange.getRequest().getHeaders().getFirst("X-User");
			ServerWebExchange named = (user != null)
					? exchange.mutate().principal(Mono.<Principal>just(() -> user)).build() : exchange;
			String security = exchange.getRequest().getHeaders().getFirst("X-Security");
			Mono<Void> answer = chain.filter(named);
			return (security != null) ? answer.contextWrite(ReactiveSecurityContextHolder
				.withAuthentication(UsernamePasswordAuthenticationToken.authenticated(security, null, List.of())))
					: answer;
		}

	}

}
