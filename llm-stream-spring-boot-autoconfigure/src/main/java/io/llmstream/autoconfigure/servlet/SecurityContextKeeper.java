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

import io.llmstream.relay.servlet.TokenRelay;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.servlet.AsyncHandlerInterceptor;

/**
 * Leaves who asked with the request. At the end of an answer the container dispatches the
 * request once more, and Spring Security authorizes it once more; a filter of the
 * application that authenticates each request does not run again, though. Without this,
 * an answer that was complete would end with a broken connection and "Access Denied".
 */
final class SecurityContextKeeper implements AsyncHandlerInterceptor {

	private final SecurityContextRepository repository = new RequestAttributeSecurityContextRepository();

	@Override
	public void afterConcurrentHandlingStarted(HttpServletRequest request, HttpServletResponse response,
			Object handler) {
		SecurityContext context = SecurityContextHolder.getContext();
		if (TokenRelay.isRelayed(request) && context.getAuthentication() != null) {
			this.repository.saveContext(context, request, response);
		}
	}

}
