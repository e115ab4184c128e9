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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.llmstream.Partial;
import io.llmstream.Token;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunOptions;
import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.TokenFluxSupport;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.util.Assert;
import org.springframework.util.CollectionUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.ContentNegotiationManager;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.HandlerMethodReturnValueHandlerComposite;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitterReturnValueHandler;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Relays a {@code Flux<Token>} or a {@code Flux<Partial<T>>} that a controller returns,
 * alone or as the body of a {@link ResponseEntity}, in place of Spring's own handling,
 * which writes each element on its own, of an object that grows all there is each time,
 * and notices a browser that left only at the next element. What is asked for as
 * something other than an event stream is left to Spring, without what is the provider's
 * own. A HEAD request gets the headers, and asks no provider. A {@link Run} is relayed
 * from after the request's {@code Last-Event-ID} on; to who has everything, or comes back
 * to what is no run, the answer is 204, at which browsers ask no more.
 */
public final class TokenFluxReturnValueHandler implements HandlerMethodReturnValueHandler {

	private final TokenRelay relay;

	private final HandlerMethodReturnValueHandler fallback;

	private final ContentNegotiationManager negotiation;

	private final HandlerMethodReturnValueHandler emitters = new ResponseBodyEmitterReturnValueHandler(
			List.of(new ByteArrayHttpMessageConverter()));

	/**
	 * Create a handler.
	 * @param relay relays the tokens
	 * @param fallback handles what is not to be an event stream
	 * @param negotiation tells what a client accepts
	 */
	public TokenFluxReturnValueHandler(TokenRelay relay, HandlerMethodReturnValueHandler fallback,
			ContentNegotiationManager negotiation) {
		this.relay = relay;
		this.fallback = fallback;
		this.negotiation = negotiation;
	}

	/**
	 * Put a handler before those of an adapter, which become its fallback.
	 * @param adapter the initialized adapter
	 * @param relay relays the tokens
	 * @param negotiation tells what a client accepts
	 */
	public static void install(RequestMappingHandlerAdapter adapter, TokenRelay relay,
			ContentNegotiationManager negotiation) {
		List<HandlerMethodReturnValueHandler> present = adapter.getReturnValueHandlers();
		if (present == null) {
			throw new IllegalStateException("The adapter is not initialized");
		}
		HandlerMethodReturnValueHandlerComposite fallback = new HandlerMethodReturnValueHandlerComposite()
			.addHandlers(present);
		List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>();
		handlers.add(new TokenFluxReturnValueHandler(relay, fallback, negotiation));
		handlers.addAll(present);
		adapter.setReturnValueHandlers(handlers);
	}

	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return TokenFluxSupport.isRelayed(body(returnType));
	}

	private static ResolvableType body(MethodParameter returnType) {
		ResolvableType type = ResolvableType.forMethodParameter(returnType);
		boolean entity = ResponseEntity.class.isAssignableFrom(returnType.getParameterType());
		return (entity) ? type.as(ResponseEntity.class).getGeneric() : type;
	}

	@Override
	@SuppressWarnings("unchecked")
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		ResponseEntity<?> entity = (returnValue instanceof ResponseEntity<?> given) ? given : null;
		Object body = (entity != null) ? entity.getBody() : returnValue;
		if (body instanceof Run run) {
			handleRun(run, entity, returnType, mavContainer, webRequest);
			return;
		}
		if (!(body instanceof Publisher<?> publisher)) {
			this.fallback.handleReturnValue(returnValue, returnType, mavContainer, webRequest);
			return;
		}
		boolean object = TokenFluxSupport.isPartialFlux(body(returnType));
		if (!wantsEvents(entity, webRequest)) {
			this.fallback.handleReturnValue(
					(object) ? returnValue : with(TokenFluxSupport.forBrowsers(publisher), entity), returnType,
					mavContainer, webRequest);
			return;
		}
		if (comesBack(webRequest)) {
			noContent(mavContainer, webRequest);
			return;
		}
		SseEmitter emitter;
		if (isHead(webRequest)) {
			emitter = this.relay.headEmitter(null);
		}
		else if (object) {
			emitter = partials(Flux.<Partial<?>>from((Publisher<? extends Partial<?>>) publisher), returnType,
					webRequest);
		}
		else {
			emitter = tokens(Flux.from(publisher).cast(Token.class), returnType, webRequest);
		}
		handleEmitter(emitter, entity, returnType, mavContainer, webRequest);
	}

	private static boolean isHead(NativeWebRequest webRequest) {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		return request != null && HttpMethod.HEAD.matches(request.getMethod());
	}

	private SseEmitter tokens(Flux<Token> tokens, MethodParameter returnType, NativeWebRequest webRequest) {
		RunOptions options = TokenFluxSupport.outliving(returnType);
		return (options != null)
				? this.relay.emitter(this.relay.start(tokens, webRequest.getUserPrincipal(), options), 0)
				: this.relay.emitter(tokens);
	}

	private SseEmitter partials(Flux<Partial<?>> partials, MethodParameter returnType, NativeWebRequest webRequest) {
		RunOptions options = TokenFluxSupport.outliving(returnType);
		return (options != null)
				? this.relay.emitter(this.relay.startObject(partials, webRequest.getUserPrincipal(), options), 0)
				: this.relay.objectEmitter(partials);
	}

	private static boolean comesBack(NativeWebRequest webRequest) {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		return request != null && TokenFluxSupport.comesBack(HttpMethod.valueOf(request.getMethod()),
				request.getHeader(TokenFluxSupport.LAST_EVENT_ID));
	}

	private static void noContent(ModelAndViewContainer mavContainer, NativeWebRequest webRequest) {
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(response != null, "Not a servlet request");
		mavContainer.setRequestHandled(true);
		response.setStatus(HttpStatus.NO_CONTENT.value());
	}

	private void handleRun(Run run, @Nullable ResponseEntity<?> entity, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(request != null && response != null, "Not a servlet request");
		TokenFluxSupport.apply(run, returnType);
		if (isHead(webRequest)) {
			this.relay.discardStarted(run);
			handleEmitter(this.relay.headEmitter(run), entity, returnType, mavContainer, webRequest);
			return;
		}
		long position = position(run, request);
		if (run.isExhausted(position)) {
			mavContainer.setRequestHandled(true);
			response.setStatus(HttpStatus.NO_CONTENT.value());
			response.setHeader(TokenFluxSupport.RUN_ID, run.id());
		}
		else {
			handleEmitter(this.relay.emitter(run, position), entity, returnType, mavContainer, webRequest);
		}
	}

	private long position(Run run, HttpServletRequest request) {
		try {
			return run.position(TokenFluxSupport.lastEventId(HttpMethod.valueOf(request.getMethod()),
					request.getHeader(TokenFluxSupport.LAST_EVENT_ID), request.getParameter(TokenFluxSupport.AFTER)));
		}
		catch (RunRefusedException ex) {
			this.relay.discardStarted(run);
			throw ex;
		}
	}

	private void handleEmitter(SseEmitter emitter, @Nullable ResponseEntity<?> entity, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		this.emitters.handleReturnValue(with(emitter, entity), returnType, mavContainer, webRequest);
	}

	private static Object with(Object body, @Nullable ResponseEntity<?> entity) {
		return (entity != null) ? new ResponseEntity<>(body, entity.getHeaders(), entity.getStatusCode()) : body;
	}

	private boolean wantsEvents(@Nullable ResponseEntity<?> entity, NativeWebRequest request)
			throws HttpMediaTypeNotAcceptableException {
		MediaType decided = (entity != null) ? entity.getHeaders().getContentType() : null;
		return TokenFluxSupport.wantsEvents((decided != null) ? Set.of(decided) : mediaTypes(request));
	}

	@SuppressWarnings("unchecked")
	private Collection<MediaType> mediaTypes(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
		Collection<MediaType> produced = (Collection<MediaType>) request
			.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
		return (CollectionUtils.isEmpty(produced)) ? this.negotiation.resolveMediaTypes(request) : produced;
	}

}
