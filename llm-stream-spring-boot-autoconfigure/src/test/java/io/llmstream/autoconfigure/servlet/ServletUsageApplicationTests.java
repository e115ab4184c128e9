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
import java.security.Principal;
import java.util.List;

import io.llmstream.autoconfigure.AbstractUsageApplicationTests;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

class ServletUsageApplicationTests extends AbstractUsageApplicationTests {

	ServletUsageApplicationTests() {
		super(WebApplicationType.SERVLET, Login.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Login {

		@Bean
		OncePerRequestFilter loginFilter() {
			return new OncePerRequestFilter() {

				@Override
				protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
						FilterChain chain) throws ServletException, IOException {
					login(request, response, chain);
				}

			};
		}

		private static void login(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String security = request.getHeader("X-Security");
			if (security != null) {
				SecurityContext context = SecurityContextHolder.createEmptyContext();
				context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(security, null, List.of()));
				SecurityContextHolder.setContext(context);
			}
			try {
				chain.doFilter(new NamedRequest(request), response);
			}
			finally {
				SecurityContextHolder.clearContext();
			}
		}

	}

	private static final class NamedRequest extends HttpServletRequestWrapper {

		private NamedRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable Principal getUserPrincipal() {
			String name = getHeader("X-User");
			return (name != null) ? () -> name : null;
		}

	}

}
