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
import java.util.Optional;
import java.util.function.Function;

import io.llmstream.relay.RunRefusedException;
import io.llmstream.relay.TokenFluxSupport;
import io.llmstream.relay.endpoint.RunEndpoint.Answer;
import io.llmstream.relay.endpoint.RunEndpoint;
import io.llmstream.relay.reactive.TokenRelay;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The endpoints of runs for Spring WebFlux. All methods are routed, so that the answer to
 * a wrong one is a problem too.
 */
final class RunEndpointHandler {

	private static final String RUN_ID = "runId";

	private final RunEndpoint endpoint;

	private final TokenRelay relay;

	RunEndpointHandler(RunEndpoint endpoint, TokenRelay relay) {
		this.endpoint = endpoint;
		this.relay = relay;
	}

	RouterFunction<ServerResponse> routes(String path) {
		return RouterFunctions.route()
			.route(RequestPredicates.path(path), this::start)
			.route(RequestPredicates.path(path + "/{runId}"), this::watch)
			.route(RequestPredicates.path(path + "/{runId}/stop"), this::stop)
			.build();
	}

	private Mono<ServerResponse> start(ServerRequest request) {
		Answer refused = this.endpoint.refuse(request.method(), headers(request));
		if (refused != null) {
			return answer(refused);
		}
		return principal(request, (principal) -> body(request).flatMap((body) -> start(request, body, principal)))
			.onErrorResume(DataBufferLimitException.class, (ex) -> answer(this.endpoint.tooLarge()));
	}

	private Mono<ServerResponse> start(ServerRequest request, byte[] body, @Nullable Principal principal) {
		return Mono.deferContextual((context) -> answer(this.endpoint.start(headers(request), body, principal,
				(tokens, options) -> this.relay.runs().start(tokens, name(principal), Context.of(context), options))));
	}

	private Mono<ServerResponse> watch(ServerRequest request) {
		return principal(request,
				(principal) -> answer(this.endpoint.watch(request.pathVariable(RUN_ID), request.method(),
						headers(request), request.queryParam(TokenFluxSupport.AFTER).orElse(null), principal)));
	}

	private Mono<ServerResponse> stop(ServerRequest request) {
		return principal(request,
				(principal) -> answer(this.endpoint.stop(request.pathVariable(RUN_ID), request.method(), principal)));
	}

	private Mono<ServerResponse> answer(Answer answer) {
		if (answer.run() != null) {
			return answer.run()
				.admitted()
				.flatMap((run) -> this.relay.response(run, answer.position()))
				.onErrorResume(RunRefusedException.class,
						(refusal) -> answer(RunEndpoint.refused(refusal, HttpMethod.POST, HttpHeaders.EMPTY)));
		}
		ServerResponse.BodyBuilder response = ServerResponse.status(answer.status())
			.headers((headers) -> headers.putAll(answer.headers()));
		return (answer.body().length > 0) ? response.bodyValue(answer.body()) : response.build();
	}

	private Mono<byte[]> body(ServerRequest request) {
		return DataBufferUtils.join(request.exchange().getRequest().getBody(), this.endpoint.maxRequestSize())
			.map(RunEndpointHandler::bytes)
			.defaultIfEmpty(new byte[0]);
	}

	private static byte[] bytes(DataBuffer buffer) {
		try {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			return bytes;
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

	private static HttpHeaders headers(ServerRequest request) {
		return request.headers().asHttpHeaders();
	}

	private static Mono<ServerResponse> principal(ServerRequest request,
			Function<@Nullable Principal, Mono<ServerResponse>> handler) {
		return request.principal()
			.<Optional<Principal>>map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((principal) -> handler.apply(principal.orElse(null)));
	}

	private static @Nullable String name(@Nullable Principal principal) {
		return (principal != null) ? principal.getName() : null;
	}

}
