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

package io.llmstream.benchmarks.process;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The transport of the harness's own servers and clients.
 */
public final class Transport {

	private Transport() {
	}

	/**
	 * Create event loops.
	 * @param threads how many
	 * @return a new group
	 */
	public static EventLoopGroup newGroup(int threads) {
		return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("harness", true),
				NioIoHandler.newFactory());
	}

	/**
	 * The channels of servers.
	 * @return their type
	 */
	public static Class<? extends ServerChannel> serverChannel() {
		return NioServerSocketChannel.class;
	}

	/**
	 * The channels of clients.
	 * @return their type
	 */
	public static Class<? extends SocketChannel> clientChannel() {
		return NioSocketChannel.class;
	}

}
