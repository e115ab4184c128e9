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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Leaves who asked with the request. At the end of an answer the container dispatches the
 * request once more, and Spring Security authorizes it once more; a filter of the
 * application that authenticates each request does not run again, though. Without this,
 * an answer that was complete would end with a broken connection and "Access Denied".
 */
final class SecurityContextKeeper implements HandlerMethodReturnValueHandler {

	private final HandlerMethodReturnValueHandler handler;

	private final SecurityContextRepository repository = new RequestAttributeSecurityContextRepository();

	SecurityContextKeeper(HandlerMethodReturnValueHandler handler) {
		this.handler = handler;
	}

	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return this.handler.supportsReturnType(returnType);
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		SecurityContext context = SecurityContextHolder.getContext();
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		if (context.getAuthentication() != null && request != null && response != null) {
			this.repository.saveContext(context, request, response);
		}
		this.handler.handleReturnValue(returnValue, returnType, mavContainer, webRequest);
	}

}
