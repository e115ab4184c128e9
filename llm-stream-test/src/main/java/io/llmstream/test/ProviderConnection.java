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

package io.llmstream.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Collects the requests of one connection and lets a {@link ScriptPlayer} answer them,
 * one after the other. Runs on the event loop of the connection.
 */
final class ProviderConnection extends SimpleChannelInboundHandler<HttpObject> {

	private final ScriptedProvider provider;

	private final int number;

	private final Queue<ProviderExchange> waiting = new ArrayDeque<>();

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	private @Nullable HttpRequest request;

	private @Nullable ScriptPlayer player;

	ProviderConnection(ScriptedProvider provider, int number) {
		this.provider = provider;
		this.number = number;
	}

	@Override
	protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
		if (message instanceof HttpRequest head) {
			this.request = head;
			this.body.reset();
			if (HttpUtil.is100ContinueExpected(head)) {
				context
					.writeAndFlush(Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
			}
		}
		if (message instanceof HttpContent content) {
			ByteBuf bytes = content.content();
			byte[] copy = new byte[bytes.readableBytes()];
			bytes.readBytes(copy);
			this.body.writeBytes(copy);
		}
		HttpRequest complete = this.request;
		if (message instanceof LastHttpContent && complete != null) {
			this.request = null;
			this.waiting.add(exchange(complete));
			playNext(context);
		}
	}

	private ProviderExchange exchange(HttpRequest head) {
		Map<String, List<String>> headers = new HashMap<>();
		head.headers()
			.forEach((header) -> headers
				.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), (name) -> new ArrayList<>())
				.add(header.getValue()));
		return new ProviderExchange(this.number, head.method().name(), head.uri(), Map.copyOf(headers),
				this.body.toByteArray());
	}

	private void playNext(ChannelHandlerContext context) {
		ScriptPlayer running = this.player;
		if (running != null && !running.isOver()) {
			return;
		}
		ProviderExchange exchange = this.waiting.poll();
		if (exchange != null) {
			Script script;
			try {
				script = this.provider.next(exchange);
			}
			catch (RuntimeException | Error ex) {
				// an assertion that fails is an error too
				script = Script.status(500).errorMessage("The choice of a script failed: " + ex);
			}
			ScriptPlayer next = new ScriptPlayer(context, exchange, script, () -> playNext(context));
			this.player = next;
			next.start();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		ScriptPlayer running = this.player;
		if (running != null && context.channel().isWritable()) {
			running.writable();
		}
		context.fireChannelWritabilityChanged();
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		ScriptPlayer running = this.player;
		if (running != null) {
			running.closed();
		}
		context.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		// A client that resets its connection is what many tests are about.
		context.close();
	}

}
