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

package io.llmstream.benchmarks.client;

import java.nio.charset.StandardCharsets;

import io.llmstream.benchmarks.load.TokenText;
import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.provider.WireTemplate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Reads bytes and throws them away: what any client on Reactor Netty costs at least.
 */
public class RawNetty implements Contestant {

	private HttpClient client = HttpClient.create();

	private WireTemplate wire = WireTemplate.OPENAI;

	@Override
	public final void start(String provider, WireTemplate wire) {
		this.client = HttpClient
			.create(ConnectionProvider.builder("raw").maxConnections(10_000).pendingAcquireMaxCount(-1).build())
			.baseUrl(provider + wire.path())
			.headers((headers) -> headers.set("Content-Type", "application/json"));
		this.wire = wire;
	}

	@Override
	public final void ask(Workload workload, Answer answer) {
		ByteBuf body = Unpooled.copiedBuffer("{\"prompt\":\"" + workload.prompt() + "\"}", StandardCharsets.US_ASCII);
		Flux<ByteBuf> content = this.client.post().send(Mono.just(body)).responseContent();
		read(content, answer);
	}

	/**
	 * Read an answer.
	 * @param content the answer
	 * @param answer receives it
	 */
	protected void read(Flux<ByteBuf> content, Answer answer) {
		byte[] text = new byte[TokenText.LENGTH];
		int back = this.wire.afterText() + TokenText.LENGTH;
		content.subscribe((buffer) -> {
			long stamp = -1;
			if (buffer.readableBytes() >= back) {
				buffer.getBytes(buffer.writerIndex() - back, text);
				stamp = TokenText.stamp(text);
			}
			answer.bytes(buffer.readableBytes(), stamp);
		}, answer::end, () -> answer.end(null));
	}

	/**
	 * The wire that is spoken.
	 * @return the wire
	 */
	protected final WireTemplate wire() {
		return this.wire;
	}

}
