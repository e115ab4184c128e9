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

package io.llmstream.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A provider on a loopback port that speaks the {@link TestDialect}.
 */
public final class TestProvider implements AutoCloseable {

	private final List<Call> calls = new CopyOnWriteArrayList<>();

	private final DisposableServer server;

	private TestProvider(boolean compress, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> answer) {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.compress(compress)
			.handle((request,
					response) -> request.receive().aggregate().asString().defaultIfEmpty("").flatMapMany((body) -> {
						this.calls.add(new Call(request.uri(), request.requestHeaders().copy(), body));
						return answer.apply(request, response);
					}).then())
			.bindNow(Duration.ofSeconds(10));
	}

	/**
	 * A provider that answers with these pieces.
	 * @param pieces the pieces of the answer
	 * @return the provider, which listens
	 */
	public static TestProvider answering(String... pieces) {
		return new TestProvider(false, (request, response) -> response.sse().sendString(events(pieces)));
	}

	static TestProvider answeringCompressed(String... pieces) {
		return new TestProvider(true, (request, response) -> response.sse().sendString(events(pieces)));
	}

	static TestProvider refusing(int status) {
		return new TestProvider(false, (request, response) -> response.status(status).sendString(Flux.just("no")));
	}

	static TestProvider redirecting(String location) {
		return new TestProvider(false, (request, response) -> response.status(307).header("Location", location).send());
	}

	/**
	 * A provider that begins to answer and then says nothing.
	 * @param piece the piece that it says
	 * @return the provider, which listens
	 */
	public static TestProvider stalling(String piece) {
		return new TestProvider(false,
				(request, response) -> response.sse().sendString(Flux.just(event(piece)).concatWith(Flux.never())));
	}

	private static Flux<String> events(String... pieces) {
		return Flux.fromArray(pieces).map(TestProvider::event).concatWith(Flux.just("data: []\n\n"));
	}

	private static String event(String piece) {
		return "data: [\"" + piece + "\"]\n\n";
	}

	public String baseUrl() {
		return "http://127.0.0.1:" + this.server.port();
	}

	List<Call> calls() {
		return this.calls;
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofSeconds(10));
	}

	record Call(String uri, HttpHeaders headers, String body) {
	}

}
