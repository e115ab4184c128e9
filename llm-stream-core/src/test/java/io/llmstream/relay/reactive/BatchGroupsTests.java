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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
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

	@Test
	void aServerThatAsksAheadGetsOnePromiseAtATime() {
		TestPublisher<DataBuffer> body = TestPublisher.create();
		Groups server = new Groups(32, 0);
		StepVerifier.create(BatchGroups.write(server.message(), (wrapper) -> body.flux())).then(() -> {
			assertThat(server.groups).hasSize(1);
			body.assertWasNotRequested();
			List<DataBuffer> written = new ArrayList<>();
			server.groups.element().subscribe(written::add);
			assertThat(server.groups).hasSize(1);
			body.next(buffer());
			assertThat(written).hasSize(1);
			assertThat(server.groups).hasSize(2);
			Objects.requireNonNull(server.last).subscribe(written::add);
			body.complete();
			assertThat(written).hasSize(1);
			assertThat(server.groups).hasSize(2);
			assertThat(server.ended).isEqualTo(1);
		}).expectComplete().verify(Duration.ofSeconds(5));
	}

	@Test
	void aServerGetsNoPromiseThatItDidNotAskFor() {
		TestPublisher<DataBuffer> body = TestPublisher.create();
		Groups server = new Groups(1, 0);
		Disposable write = BatchGroups.write(server.message(), (wrapper) -> body.flux()).subscribe();
		List<DataBuffer> written = new ArrayList<>();
		server.groups.element().subscribe(written::add);
		body.next(buffer());
		assertThat(written).hasSize(1);
		assertThat(server.groups).hasSize(1);
		server.request(1);
		assertThat(server.groups).hasSize(2);
		write.dispose();
	}

	@Test
	void aServerThatLeftGetsNoMorePromises() {
		TestPublisher<DataBuffer> body = TestPublisher.create();
		Groups server = new Groups(32, 0);
		Disposable write = BatchGroups.write(server.message(), (wrapper) -> body.flux()).subscribe();
		server.groups.element().subscribe().dispose();
		server.cancel();
		server.request(1);
		body.assertCancelled();
		assertThat(server.groups).hasSize(1);
		assertThat(server.ended).isZero();
		write.dispose();
	}

	@Test
	void aBodyThatEndsBeforeItIsReadEndsTheGroups() {
		Groups server = new Groups(0, 0);
		StepVerifier.create(BatchGroups.write(server.message(), (wrapper) -> Flux.empty()))
			.expectComplete()
			.verify(Duration.ofSeconds(5));
		assertThat(server.groups).isEmpty();
		assertThat(server.ended).isEqualTo(1);
	}

	@Test
	void groupsThatAreReadASecondTimeFailInsteadOfHanging() {
		AtomicReference<Publisher<? extends Publisher<? extends DataBuffer>>> groups = new AtomicReference<>();
		Message message = new Message(this.buffers) {

			@Override
			public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
				groups.set(body);
				return super.writeAndFlushWith(body);
			}

		};
		Disposable write = BatchGroups.write(message, (wrapper) -> Flux.never()).subscribe();
		StepVerifier.create(groups.get()).expectError(IllegalStateException.class).verify(Duration.ofSeconds(5));
		write.dispose();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 32, Long.MAX_VALUE })
	void aLongBodyThatIsThereAtOnceIsWrittenWhole(long ahead) {
		for (DataBufferFactory factory : List.of(this.buffers, DefaultDataBufferFactory.sharedInstance)) {
			AtomicInteger written = new AtomicInteger();
			Groups server = new Groups(ahead, 1);
			server.factory = factory;
			server.onGroup = (group) -> Mono.from(group).subscribe((buffer) -> {
				assertThat(buffer.read()).isEqualTo((byte) written.getAndIncrement());
				DataBufferUtils.release(buffer);
			});
			StepVerifier
				.create(BatchGroups.write(server.message(),
						(wrapper) -> Flux.range(0, 100_000).map((i) -> wrapper.apply(new byte[] { i.byteValue() }))))
				.expectComplete()
				.verify(Duration.ofSeconds(20));
			assertThat(written).hasValue(100_000);
			assertThat(server.ended).isEqualTo(1);
		}
	}

	@Test
	void aServerMayAskOnOneThreadWhileTheBodyComesOnAnother() {
		for (int round = 0; round < 200; round++) {
			AtomicInteger written = new AtomicInteger();
			Groups server = new Groups(0, 0);
			server.onGroup = (group) -> Schedulers.parallel()
				.schedule(() -> Mono.from(group)
					.doFinally((signal) -> Schedulers.parallel().schedule(() -> server.request(1)))
					.subscribe((buffer) -> {
						written.incrementAndGet();
						DataBufferUtils.release(buffer);
					}));
			Mono<Void> write = BatchGroups.write(server.message(),
					(wrapper) -> Flux.range(0, 50)
						.publishOn(Schedulers.parallel(), 1)
						.map((i) -> wrapper.apply(new byte[] { i.byteValue() })));
			StepVerifier.create(write).then(() -> server.request(1)).expectComplete().verify(Duration.ofSeconds(20));
			assertThat(written).hasValue(50);
			assertThat(server.ended).isEqualTo(1);
			assertThat(server.groups).hasSizeBetween(50, 51);
		}
	}

	@Test
	void aServerMayLeaveWhileABufferComes() {
		for (int round = 0; round < 500; round++) {
			Groups server = new Groups(32, 0);
			AtomicReference<Disposable> group = new AtomicReference<>();
			server.onGroup = (promise) -> {
				Reader reader = new Reader();
				promise.subscribe(reader);
				group.set(reader);
			};
			AtomicReference<Subscriber<? super DataBuffer>> body = new AtomicReference<>();
			Disposable write = BatchGroups.write(server.message(), (wrapper) -> Flux.from((subscriber) -> {
				subscriber.onSubscribe(Operators.emptySubscription());
				body.set(subscriber);
			})).subscribe();
			DataBuffer buffer = buffer();
			Disposable first = group.get();
			CompletableFuture<Void> leaving = CompletableFuture.runAsync(() -> {
				first.dispose();
				server.cancel();
			});
			body.get().onNext(buffer);
			leaving.join();
			assertThat(NettyDataBufferFactory.toByteBuf(buffer).refCnt()).isZero();
			assertThat(server.groups).hasSizeLessThanOrEqualTo(2);
			write.dispose();
		}
	}

	private DataBuffer buffer() {
		return this.buffers.wrap(UnpooledByteBufAllocator.DEFAULT.buffer().writeByte(1));
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
	 * What a server does with the buffer of a group, also with one that came while it
	 * left: what it was given it releases.
	 */
	private static final class Reader extends BaseSubscriber<DataBuffer> {

		@Override
		protected void hookOnNext(DataBuffer buffer) {
			DataBufferUtils.release(buffer);
		}

	}

	/**
	 * A server that asks for groups ahead and keeps them.
	 */
	private final class Groups extends BaseSubscriber<Publisher<? extends DataBuffer>> {

		private final Queue<Mono<? extends DataBuffer>> groups = new ConcurrentLinkedQueue<>();

		private final Sinks.Empty<Void> end = Sinks.empty();

		private final long ahead;

		private final long more;

		private DataBufferFactory factory = BatchGroupsTests.this.buffers;

		private Consumer<Publisher<? extends DataBuffer>> onGroup = (group) -> {
		};

		private volatile @Nullable Mono<? extends DataBuffer> last;

		private volatile int ended;

		private Groups(long ahead, long more) {
			this.ahead = ahead;
			this.more = more;
		}

		Message message() {
			return new Message(this.factory) {

				@Override
				public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
					return Groups.this.end.asMono().doOnSubscribe((subscription) -> body.subscribe(Groups.this));
				}

			};
		}

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			if (this.ahead > 0) {
				subscription.request(this.ahead);
			}
		}

		@Override
		protected void hookOnNext(Publisher<? extends DataBuffer> group) {
			if (this.more > 0) {
				request(this.more);
			}
			this.last = Mono.from(group);
			this.groups.add(this.last);
			this.onGroup.accept(group);
		}

		@Override
		protected void hookOnComplete() {
			this.ended++;
			this.end.tryEmitEmpty();
		}

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
