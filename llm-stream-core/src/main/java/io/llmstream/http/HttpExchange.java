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

package io.llmstream.http;

import java.util.function.Function;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The only upstream I/O: one POST and its streamed answer. Replace it to use another HTTP
 * client.
 */
@FunctionalInterface
public interface HttpExchange {

	/**
	 * Send a call. Nothing happens before the result is subscribed to. Cancelling closes
	 * the connection, in any phase. Redirects must not be followed: they could carry the
	 * API key to another host.
	 * @param <T> what the answer is turned into
	 * @param call the call
	 * @param handler turns the answer into a stream, on the thread that received it
	 * @return the stream; transport failures are errors of it, as the HTTP client reports
	 * them
	 */
	<T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler);

}
