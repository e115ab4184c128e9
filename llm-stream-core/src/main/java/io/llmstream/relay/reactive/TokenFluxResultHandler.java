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
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

import io.llmstream.Partial;
import io.llmstream.Token;
import io.llmstream.relay.Run;
import io.llmstream.relay.RunOptions;
import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.TokenFluxSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.CollectionUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.reactive.result.method.annotation.ResponseBodyResultHandler;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityResultHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * Relays a {@code Flux<Token>} or a {@code Flux<Partial<T>>} that a controller returns,
 * alone or as the body of a {@link ResponseEntity}, in place of Spring's own handling,
 * which writes each element on its own, of an object that grows all there is each time.
 * What is asked for as something other than an event stream is left to Spring, without
 * what is the provider's own. A HEAD request gets the headers, and asks no provider. A
 * {@link Run}, also one that comes later, is relayed from after the request's
 * {@code Last-Event-ID} on; to who has everything, or comes back to what is no run, the
 * answer is 204, at which browsers ask no more.
 */
public final class TokenFluxResultHandler implements HandlerResultHandler, Ordered {

	/** Before Spring's handlers of entities and bodies. */
	private static final int ORDER = -10;

	private final TokenRelay relay;

	private final RequestedContentTypeResolver resolver;

	private final HandlerResultHandler bodies;

	private final HandlerResultHandler entities;

	/**
	 * Create a handler.
	 * @param relay relays the tokens
	 * @param codecs write what is not to be an event stream
	 * @param resolver tells what a client accepts
	 */
	public TokenFluxResultHandler(TokenRelay relay, ServerCodecConfigurer codecs,
			RequestedContentTypeResolver resolver) {
		this.relay = relay;
		this.resolver = resolver;
		this.bodies = new ResponseBodyResultHandler(codecs.getWriters(), resolver);
		this.entities = new ResponseEntityResultHandler(codecs.getWriters(), resolver);
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public boolean supports(HandlerResult result) {
		return TokenFluxSupport.isRelayed(body(result));
	}

	private static ResolvableType body(HandlerResult result) {
		ResolvableType type = result.getReturnType();
		type = isLater(type) ? type.getGeneric() : type;
		return isEntity(type) ? type.as(HttpEntity.class).getGeneric() : type;
	}

	@Override
	public Mono<Void> handleResult(ServerWebExchange exchange, HandlerResult result) {
		if (result.getReturnValue() instanceof Mono<?> later && isLater(result.getReturnType())) {
			return later.flatMap((value) -> handle(exchange, value, with(result, Mono.just(value))))
				.contextWrite(TokenRelay::noting);
		}
		return handle(exchange, result.getReturnValue(), result);
	}

	@SuppressWarnings("unchecked")
	private Mono<Void> handle(ServerWebExchange exchange, @Nullable Object value, HandlerResult result) {
		HttpEntity<?> entity = (value instanceof HttpEntity<?> given) ? given : null;
		Object body = (entity != null) ? entity.getBody() : value;
		if (body instanceof Run run) {
			TokenFluxSupport.apply(run, result.getReturnTypeSource());
			return Mono.deferContextual((context) -> handleRun(exchange, run, entity, context));
		}
		if (!(body instanceof Publisher<?> publisher)) {
			return handleBySpring(exchange, result);
		}
		boolean object = TokenFluxSupport.isPartialFlux(body(result));
		if (!wantsEvents(exchange, entity)) {
			return handleBySpring(exchange,
					(object) ? result : with(result, TokenFluxSupport.forBrowsers(publisher), entity));
		}
		ServerHttpRequest request = exchange.getRequest();
		if (TokenFluxSupport.comesBack(request.getMethod(),
				request.getHeaders().getFirst(TokenFluxSupport.LAST_EVENT_ID))) {
			exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
			return exchange.getResponse().setComplete();
		}
		if (isHead(exchange)) {
			return this.relay.writeHead(prepare(exchange, entity), null);
		}
		Flux<Token> tokens = Flux.from(publisher).cast(Token.class);
		Flux<Partial<?>> partials = Flux.from((Publisher<? extends Partial<?>>) publisher);
		RunOptions options = TokenFluxSupport.outliving(result.getReturnTypeSource());
		if (options == null) {
			ServerHttpResponse response = prepare(exchange, entity);
			return (object) ? this.relay.writeObject(response, partials) : this.relay.write(response, tokens);
		}
		return exchange.getPrincipal()
			.<Optional<Principal>>map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((user) -> (object) ? this.relay.startObject(partials, user.orElse(null), options)
					: this.relay.start(tokens, user.orElse(null), options))
			.flatMap((run) -> this.relay.write(prepare(exchange, entity), run, 0));
	}

	private Mono<Void> handleBySpring(ServerWebExchange exchange, HandlerResult result) {
		HandlerResultHandler spring = (isEntity(result.getReturnType()) || isLater(result.getReturnType()))
				? this.entities : this.bodies;
		return spring.handleResult(exchange, result);
	}

	private static boolean isHead(ServerWebExchange exchange) {
		return HttpMethod.HEAD.equals(exchange.getRequest().getMethod());
	}

	private Mono<Void> handleRun(ServerWebExchange exchange, Run run, @Nullable HttpEntity<?> entity,
			ContextView context) {
		if (isHead(exchange)) {
			this.relay.discardStarted(run, context);
			return this.relay.writeHead(prepare(exchange, entity), run);
		}
		long position = position(exchange.getRequest(), run, context);
		if (run.isExhausted(position)) {
			ServerHttpResponse response = exchange.getResponse();
			response.setStatusCode(HttpStatus.NO_CONTENT);
			response.getHeaders().set(TokenFluxSupport.RUN_ID, run.id());
			return response.setComplete();
		}
		return this.relay.write(prepare(exchange, entity), run, position);
	}

	private long position(ServerHttpRequest request, Run run, ContextView context) {
		try {
			return run.position(TokenFluxSupport.lastEventId(request.getMethod(),
					request.getHeaders().getFirst(TokenFluxSupport.LAST_EVENT_ID),
					request.getQueryParams().getFirst(TokenFluxSupport.AFTER)));
		}
		catch (RunRefusedException ex) {
			this.relay.discardStarted(run, context);
			throw ex;
		}
	}

	private static ServerHttpResponse prepare(ServerWebExchange exchange, @Nullable HttpEntity<?> entity) {
		ServerHttpResponse response = exchange.getResponse();
		if (entity instanceof ResponseEntity<?> given) {
			response.setStatusCode(given.getStatusCode());
		}
		if (entity != null) {
			response.getHeaders().putAll(entity.getHeaders());
		}
		return response;
	}

	private boolean wantsEvents(ServerWebExchange exchange, @Nullable HttpEntity<?> entity) {
		MediaType decided = (entity != null) ? entity.getHeaders().getContentType() : null;
		return TokenFluxSupport.wantsEvents((decided != null) ? Set.of(decided) : mediaTypes(exchange));
	}

	private Collection<MediaType> mediaTypes(ServerWebExchange exchange) {
		Collection<MediaType> produced = exchange.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
		return (CollectionUtils.isEmpty(produced)) ? this.resolver.resolveMediaTypes(exchange) : produced;
	}

	private static boolean isEntity(ResolvableType type) {
		return HttpEntity.class.isAssignableFrom(type.toClass());
	}

	private static boolean isLater(ResolvableType type) {
		return Mono.class.isAssignableFrom(type.toClass())
				&& (isEntity(type.getGeneric()) || type.getGeneric().resolve() == Run.class);
	}

	private static HandlerResult with(HandlerResult result, Flux<Token> tokens, @Nullable HttpEntity<?> entity) {
		if (entity == null) {
			return with(result, tokens);
		}
		HttpEntity<?> changed = (entity instanceof ResponseEntity<?> given)
				? new ResponseEntity<>(tokens, given.getHeaders(), given.getStatusCode())
				: new HttpEntity<>(tokens, entity.getHeaders());
		return with(result, (isLater(result.getReturnType())) ? Mono.just(changed) : changed);
	}

	private static HandlerResult with(HandlerResult result, Object value) {
		return new HandlerResult(result.getHandler(), value, result.getReturnTypeSource(), result.getBindingContext());
	}

}
