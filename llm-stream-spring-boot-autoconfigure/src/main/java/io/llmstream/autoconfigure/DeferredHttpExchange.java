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
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * HTTP whose client is built before its first call, or earlier if asked to, and not while
 * the application starts, which loading an HTTP client would make longer. A client that
 * could not be built is built anew for the next call.
 */
final class DeferredHttpExchange implements HttpExchange {

	/** The one that {@link Mono#cache} starts no timer for. */
	private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

	private final Supplier<Supplier<HttpExchange>> builders;

	private final Lock lock = new ReentrantLock();

	/** One thread for all who cannot wait, and one failure. */
	private final Mono<HttpExchange> built;

	private volatile @Nullable HttpExchange ready;

	/**
	 * Create an exchange.
	 * @param builders looks for what the client is made of, and returns what makes it.
	 * May be called several times, and wait for a lock of Spring's: it is called without
	 * a lock of this exchange, which a thread with Spring's may wait for
	 */
	DeferredHttpExchange(Supplier<Supplier<HttpExchange>> builders) {
		this.builders = builders;
		// A thread that ends with its work: nothing else of this kind comes.
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("llm-stream-http-");
		threads.setDaemon(true);
		this.built = Mono.fromFuture(() -> threads.submitCompletable(this::client))
			.cache((value) -> FOREVER, (failure) -> Duration.ZERO, () -> Duration.ZERO);
	}

	/**
	 * Build the client on a thread of its own.
	 * @return the client, built once the result is subscribed to; or why there is none
	 */
	Mono<HttpExchange> build() {
		return this.built;
	}

	@Override
	public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
		HttpExchange exchange = this.ready;
		if (exchange == null && Schedulers.isInNonBlockingThread()) {
			return this.built.flatMapMany((client) -> client.exchange(call, handler));
		}
		// A filter of the client may look for what its caller's thread has.
		return ((exchange != null) ? exchange : client()).exchange(call, handler);
	}

	private HttpExchange client() {
		Supplier<HttpExchange> builder = this.builders.get();
		this.lock.lock();
		try {
			HttpExchange exchange = this.ready;
			if (exchange == null) {
				exchange = builder.get();
				this.ready = exchange;
			}
			return exchange;
		}
		finally {
			this.lock.unlock();
		}
	}

}
