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

package io.llmstream.benchmarks.relay;

import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * Forwards requests and answers with Reactor Netty, without looking into the bodies: what
 * a relay costs that speaks HTTP on both sides.
 */
public final class NettyPassthrough implements Relay {

	@Override
	public int start(String provider, String... options) {
		HttpClient client = HttpClient.create(ConnectionProvider.create("upstream", 10_000)).baseUrl(provider);
		return HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> forward(client, request, response))
			.bindNow()
			.port();
	}

	private static Mono<Void> forward(HttpClient client, HttpServerRequest request, HttpServerResponse response) {
		return client.headers((headers) -> headers.set("Content-Type", "application/json"))
			.post()
			.uri(request.uri())
			.send(request.receive().retain())
			.response((answer, body) -> response.status(answer.status())
				.header("Content-Type", "text/event-stream")
				.send(body.retain(), (buffer) -> true))
			.then();
	}

}
