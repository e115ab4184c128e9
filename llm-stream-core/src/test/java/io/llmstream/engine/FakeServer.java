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

package io.llmstream.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.llmstream.http.HttpAnswer;
import io.llmstream.http.HttpCall;
import io.llmstream.http.HttpExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * An exchange whose every step a test decides. Its buffers are pooled ones, so that a
 * buffer which nobody releases is found.
 */
final class FakeServer implements HttpExchange {

	private final NettyDataBufferFactory factory = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);

	final TestPublisher<DataBuffer> body = TestPublisher.createNoncompliant(TestPublisher.Violation.DEFER_CANCELLATION);

	final List<ByteBuf> buffers = new ArrayList<>();

	final Map<String, String> headers = new HashMap<>(Map.of("x-request-id", "req-1"));

	int status = 200;

	Mono<Boolean> head = Mono.just(true);

	boolean headCancelled;

	@Nullable HttpCall call;

	long requested;

	@Override
	public <T> Flux<T> exchange(HttpCall call, Function<HttpAnswer, Publisher<T>> handler) {
		this.call = call;
		Flux<DataBuffer> counted = this.body.flux().doOnRequest((n) -> this.requested += n);
		return this.head.doOnCancel(() -> this.headCancelled = true)
			.flatMapMany((ok) -> handler.apply(new HttpAnswer(this.status, this.headers, counted)));
	}

	FakeServer sends(String... frames) {
		for (String frame : frames) {
			sendsBytes(("data: " + frame + "\n\n").getBytes(StandardCharsets.UTF_8));
		}
		return this;
	}

	FakeServer sendsRaw(String text) {
		return sendsBytes(text.getBytes(StandardCharsets.UTF_8));
	}

	FakeServer sendsBytes(byte[] bytes) {
		DataBuffer buffer = this.factory.allocateBuffer(bytes.length).write(bytes);
		this.buffers.add(NettyDataBufferFactory.toByteBuf(buffer));
		this.body.next(buffer);
		return this;
	}

	int unreleased() {
		return (int) this.buffers.stream().filter((buffer) -> buffer.refCnt() > 0).count();
	}

}
