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

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ReactiveHttpOutputMessage;

import static org.assertj.core.api.Assertions.assertThat;

class BatchGroupsTests {

	private final NettyDataBufferFactory buffers = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);

	@Test
	void aBufferThatComesAsItsWriteIsGivenUpIsReleased() {
		AtomicReference<Disposable> write = new AtomicReference<>();
		AtomicReference<DataBuffer> emitted = new AtomicReference<>();
		Message message = new Message(this.buffers);
		BatchGroups.write(message, (wrapper) -> answering(() -> {
			write.get().dispose();
			return wrapper;
		}, emitted)).subscribe(new BaseSubscriber<Void>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				write.set(this);
				subscription.request(Long.MAX_VALUE);
			}

		});
		ByteBuf buffer = NettyDataBufferFactory.toByteBuf(emitted.get());
		assertThat(message.written).isNull();
		assertThat(buffer.refCnt()).isZero();
	}

	@Test
	void aBufferThatIsWrittenIsLeftToTheServer() {
		AtomicReference<DataBuffer> emitted = new AtomicReference<>();
		Message message = new Message(this.buffers);
		Disposable write = BatchGroups.write(message, (wrapper) -> answering(() -> wrapper, emitted)).subscribe();
		assertThat(message.written).isSameAs(emitted.get());
		assertThat(NettyDataBufferFactory.toByteBuf(emitted.get()).refCnt()).isEqualTo(1);
		NettyDataBufferFactory.toByteBuf(emitted.get()).release();
		write.dispose();
	}

	@Test
	void aWriteThatFailsLeavesNoBodyAttached() {
		TestPublisher<DataBuffer> body = TestPublisher.create();
		Message message = new Message(this.buffers) {

			@Override
			public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> groups) {
				// As a server does whose browser is gone when it comes to write.
				groups.subscribe(new BaseSubscriber<Publisher<? extends DataBuffer>>() {

					@Override
					protected void hookOnSubscribe(Subscription subscription) {
						subscription.request(1);
					}

				});
				return Mono.error(new ClosedChannelException());
			}

		};
		StepVerifier.create(BatchGroups.write(message, (wrapper) -> body.flux()))
			.expectComplete()
			.verify(Duration.ofSeconds(5));
		body.assertCancelled();
	}

	/**
	 * A body that answers the first request, and no other.
	 */
	private static Flux<DataBuffer> answering(Supplier<Function<byte[], DataBuffer>> wrapper,
			AtomicReference<DataBuffer> emitted) {
		return new Flux<>() {

			@Override
			public void subscribe(CoreSubscriber<? super DataBuffer> subscriber) {
				subscriber.onSubscribe(new Subscription() {

					@Override
					public void request(long n) {
						if (emitted.get() == null) {
							DataBuffer buffer = wrapper.get().apply(new byte[] { 1, 2, 3 });
							emitted.set(buffer);
							subscriber.onNext(buffer);
						}
					}

					@Override
					public void cancel() {
					}

				});
			}

		};
	}

	/**
	 * Takes each group in turn, and keeps what it gets.
	 */
	private static class Message implements ReactiveHttpOutputMessage {

		private final HttpHeaders headers = new HttpHeaders();

		private final DataBufferFactory buffers;

		private @Nullable DataBuffer written;

		private Message(DataBufferFactory buffers) {
			this.buffers = buffers;
		}

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public DataBufferFactory bufferFactory() {
			return this.buffers;
		}

		@Override
		public void beforeCommit(Supplier<? extends Mono<Void>> action) {
		}

		@Override
		public boolean isCommitted() {
			return false;
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
			return Flux.from(body).concatMap((group) -> group, 1).doOnNext((buffer) -> this.written = buffer).then();
		}

		@Override
		public Mono<Void> setComplete() {
			return Mono.empty();
		}

	}

}
