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

import java.net.InetSocketAddress;
import java.net.URI;

import io.llmstream.benchmarks.process.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;

/**
 * Moves bytes between two sockets and looks at none of them: what any relay costs at
 * least.
 */
public final class BytePassthrough implements Relay {

	@Override
	public int start(String provider, String... options) {
		int target = URI.create(provider).getPort();
		EventLoopGroup group = Transport.newGroup(2);
		Channel server = new ServerBootstrap().group(group)
			.channel(Transport.serverChannel())
			.option(ChannelOption.SO_BACKLOG, 4096)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childOption(ChannelOption.AUTO_READ, false)
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel browser) {
					connect(browser, target);
				}

			})
			.bind(new InetSocketAddress("127.0.0.1", 0))
			.syncUninterruptibly()
			.channel();
		return ((InetSocketAddress) server.localAddress()).getPort();
	}

	private static void connect(Channel browser, int target) {
		new Bootstrap().group(browser.eventLoop())
			.channel(Transport.clientChannel())
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.AUTO_READ, false)
			.handler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel upstream) {
					upstream.pipeline().addLast(new Pipe(browser));
					browser.pipeline().addLast(new Pipe(upstream));
				}

			})
			.connect("127.0.0.1", target)
			.addListener((future) -> {
				if (future.isSuccess()) {
					browser.config().setAutoRead(true);
				}
				else {
					browser.close();
				}
			});
	}

	/**
	 * Writes to one side what comes from the other, and reads no more than is taken.
	 */
	private static final class Pipe extends ChannelInboundHandlerAdapter {

		private final Channel other;

		private Pipe(Channel other) {
			this.other = other;
		}

		@Override
		public void channelActive(ChannelHandlerContext context) {
			if (context.channel().eventLoop().inEventLoop() && this.other.isActive()) {
				context.channel().config().setAutoRead(true);
			}
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			this.other.write(message, this.other.voidPromise());
			if (!this.other.isWritable()) {
				context.channel().config().setAutoRead(false);
			}
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			this.other.flush();
		}

		@Override
		public void channelWritabilityChanged(ChannelHandlerContext context) {
			this.other.config().setAutoRead(context.channel().isWritable());
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.other.close();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

}
