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

package io.llmstream.benchmarks.provider;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.llmstream.benchmarks.load.Workload;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one connection, one after the other.
 */
final class ProviderHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

	private final ProviderTotals totals;

	private final PaceWheels wheels;

	private @Nullable ProviderStream stream;

	ProviderHandler(ProviderTotals totals, PaceWheels wheels) {
		this.totals = totals;
		this.wheels = wheels;
	}

	@Override
	protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
		Workload workload = Workload.find(request.content().toString(StandardCharsets.UTF_8));
		ProviderStream started = new ProviderStream(context.channel(), WireTemplate.of(request.uri()), workload,
				this.totals, () -> this.stream = null);
		this.stream = started;
		this.totals.started();
		PaceWheel wheel = this.wheels.of(context.channel().eventLoop());
		if (workload.delayMillis() > 0) {
			context.executor().schedule(() -> started.begin(wheel), workload.delayMillis(), TimeUnit.MILLISECONDS);
		}
		else {
			started.begin(wheel);
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (this.stream != null && context.channel().isWritable()) {
			this.stream.write();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (this.stream != null) {
			this.stream.abort();
			this.stream = null;
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		// Who is measured may cut its connections.
		context.close();
	}

}
