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

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.channel.ChannelOperations;

import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.ClassUtils;

/**
 * The connection, or the HTTP/2 stream, that one request went out on.
 */
final class UpstreamConnection {

	private static final boolean REACTOR_NETTY = ClassUtils.isPresent("reactor.netty.channel.ChannelOperations",
			UpstreamConnection.class.getClassLoader());

	private final Connection request;

	private final Channel channel;

	private UpstreamConnection(Connection request) {
		this.request = request;
		this.channel = request.channel();
	}

	/**
	 * Find the connection of a request.
	 * @param request the request, about to be written
	 * @return its connection, or {@code null} if another HTTP client than Reactor Netty
	 * sends it
	 */
	static @Nullable UpstreamConnection of(ClientHttpRequest request) {
		if (!REACTOR_NETTY) {
			return null;
		}
		try {
			return (request.getNativeRequest() instanceof Connection taken) ? new UpstreamConnection(taken) : null;
		}
		catch (IllegalStateException ex) {
			// a mock, which has none
			return null;
		}
	}

	/**
	 * The thread that reads the answer.
	 * @return the event loop of the connection
	 */
	EventLoop eventLoop() {
		return this.channel.eventLoop();
	}

	/**
	 * Close the connection, unless the request is over and it serves another one, or
	 * none. To be called on the {@linkplain #eventLoop() event loop}.
	 */
	void closeIfInUse() {
		if (ChannelOperations.get(this.channel) == this.request) {
			this.channel.close();
		}
	}

}
