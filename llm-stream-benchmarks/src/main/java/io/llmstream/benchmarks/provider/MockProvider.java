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

import java.net.InetSocketAddress;

import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.process.Transport;
import io.llmstream.benchmarks.process.Worker;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * The provider in a process of its own: any request that holds a
 * {@link io.llmstream.benchmarks.load.Workload} is answered on the wire that its path
 * names.
 */
public final class MockProvider {

	private MockProvider() {
	}

	/**
	 * Run the provider until the harness ends. Its command {@code totals} tells what it
	 * has done since the last time.
	 * @param arguments none
	 */
	public static void main(String[] arguments) {
		Worker.prepare();
		ProviderTotals totals = new ProviderTotals();
		int port = start(totals);
		Worker.serve(new Figures().with("port", port), (verb, values) -> totals.take());
	}

	private static int start(ProviderTotals totals) {
		PaceWheels wheels = new PaceWheels();
		Channel server = new ServerBootstrap().group(Transport.newGroup(2))
			.channel(Transport.serverChannel())
			.option(ChannelOption.SO_BACKLOG, 4096)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline()
						.addLast(new HttpRequestDecoder(), new HttpObjectAggregator(1024 * 1024),
								new ProviderHandler(totals, wheels));
				}

			})
			.bind(new InetSocketAddress("127.0.0.1", 0))
			.syncUninterruptibly()
			.channel();
		return ((InetSocketAddress) server.localAddress()).getPort();
	}

}
