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

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.util.ClassUtils;

/**
 * What Reactor Netty's own ways allow: buffers that tell when they reached the socket,
 * since it takes up to 64 batches ahead of a slow browser, which would be as many that
 * can no longer be merged; and a response that is cut in silence.
 */
final class NettyBatches {

	private static final boolean PRESENT = ClassUtils.isPresent("io.netty.buffer.ByteBuf",
			NettyBatches.class.getClassLoader());

	private static final boolean SERVER_PRESENT = ClassUtils.isPresent("reactor.netty.Connection",
			NettyBatches.class.getClassLoader());

	private NettyBatches() {
	}

	/**
	 * Whether a server's buffers can tell when they were written.
	 */
	static boolean supports(DataBufferFactory buffers) {
		return PRESENT && buffers instanceof NettyDataBufferFactory;
	}

	/**
	 * Make such buffers.
	 * @param message what they are written to, whose buffers are such
	 * @param onWritten told, on the event loop, when a buffer was written or dropped
	 */
	static Function<byte[], DataBuffer> wrapper(ReactiveHttpOutputMessage message, Runnable onWritten) {
		NettyDataBufferFactory factory = (NettyDataBufferFactory) message.bufferFactory();
		Runnable onReleased = (SERVER_PRESENT) ? Encryption.onReleased(message, onWritten) : onWritten;
		ByteBufAllocator allocator = factory.getByteBufAllocator();
		// Netty would copy a buffer on the heap, and release it, long before it is
		// written.
		return (bytes) -> factory.wrap(new Tracked(allocator, onReleased).addComponent(true,
				allocator.directBuffer(bytes.length).writeBytes(bytes)));
	}

	/**
	 * Close the connection of a response, or its stream in HTTP/2, as if the browser had
	 * left. To fail the response would do the same, but Spring and Reactor Netty would
	 * each report it as an error of the server.
	 * @return whether the server is one whose connections can be closed
	 */
	static boolean cut(ReactiveHttpOutputMessage message) {
		if (SERVER_PRESENT && message instanceof ServerHttpResponse response
				&& nativeResponse(response) instanceof Connection connection) {
			connection.channel().close();
			return true;
		}
		return false;
	}

	private static @Nullable Object nativeResponse(ServerHttpResponse response) {
		try {
			return ServerHttpResponseDecorator.getNativeResponse(response);
		}
		catch (IllegalArgumentException ex) {
			// a kind of response that has none
			return null;
		}
	}

	private static final class Tracked extends CompositeByteBuf {

		private final Runnable onReleased;

		private Tracked(ByteBufAllocator allocator, Runnable onReleased) {
			super(allocator, true, 1);
			this.onReleased = onReleased;
		}

		@Override
		protected void deallocate() {
			super.deallocate();
			this.onReleased.run();
		}

	}

	/**
	 * Over TLS a buffer is released as soon as it was encrypted, however slow the
	 * browser: what tells that it was written is an empty one, written past the
	 * encryption after it.
	 */
	private static final class Encryption {

		static Runnable onReleased(ReactiveHttpOutputMessage message, Runnable onWritten) {
			if (!(message instanceof ServerHttpResponse response
					&& nativeResponse(response) instanceof Connection connection)) {
				return onWritten;
			}
			Channel channel = connection.channel();
			ChannelHandlerContext context = channel.pipeline().context(SslHandler.class);
			if (context == null && channel.parent() != null) {
				// that of a stream of HTTP/2
				context = channel.parent().pipeline().context(SslHandler.class);
			}
			return (context != null) ? after(context, onWritten) : onWritten;
		}

		private static Runnable after(ChannelHandlerContext encryption, Runnable onWritten) {
			return () -> {
				try {
					// Later: the encrypted bytes are not yet on their way.
					encryption.executor()
						.execute(() -> encryption.writeAndFlush(Unpooled.EMPTY_BUFFER)
							.addListener((done) -> onWritten.run()));
				}
				catch (RejectedExecutionException ex) {
					// the server is gone
					onWritten.run();
				}
			};
		}

	}

}
