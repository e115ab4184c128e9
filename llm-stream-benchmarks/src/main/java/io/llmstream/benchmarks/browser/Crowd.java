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

package io.llmstream.benchmarks.browser;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.llmstream.benchmarks.load.AnswerCheck;
import io.llmstream.benchmarks.load.Histogram;
import io.llmstream.benchmarks.load.Workload;
import io.llmstream.benchmarks.process.Figures;
import io.llmstream.benchmarks.process.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;

/**
 * Browsers that ask the same at about the same time. Lives on the one event loop that all
 * of them share, but for {@link #run}.
 */
final class Crowd {

	/** What a browser that keeps pace may be late at the end, in microseconds. */
	private static final long LATE = 1_000_000;

	private final EventLoopGroup group;

	private final int port;

	private final String path;

	private final Workload workload;

	private final Histogram latency = new Histogram();

	private final Histogram firstToken = new Histogram();

	private final List<AnswerCheck> checks = new ArrayList<>();

	private final List<Channel> channels = new ArrayList<>();

	private final CompletableFuture<Void> allEnded = new CompletableFuture<>();

	private final int count;

	private int ended;

	private int complete;

	private long onTime = -1;

	Crowd(EventLoopGroup group, int port, String path, Workload workload, int count) {
		this.group = group;
		this.port = port;
		this.path = path;
		this.workload = workload;
		this.count = count;
	}

	/**
	 * Let them all ask and read.
	 * @param rampMillis over which time they come
	 * @param limitMillis how long to wait for the last one
	 * @return what they saw; durations in milliseconds
	 */
	Figures run(int rampMillis, long limitMillis) {
		long start = System.nanoTime() / 1_000_000;
		if (this.workload.rate() > 0) {
			long end = rampMillis + Math.round(this.workload.seconds() * 1000) + LATE / 1000;
			this.group.schedule(() -> this.onTime = received(), end, TimeUnit.MILLISECONDS);
		}
		for (int i = 0; i < this.count; i++) {
			this.group.schedule(() -> connect(false), (long) rampMillis * i / this.count, TimeUnit.MILLISECONDS);
		}
		try {
			this.allEnded.completeOnTimeout(null, limitMillis, TimeUnit.MILLISECONDS).join();
		}
		finally {
			close();
		}
		long elapsed = System.nanoTime() / 1_000_000 - start;
		CompletableFuture<Figures> figures = new CompletableFuture<>();
		this.group.execute(() -> figures.complete(figures(elapsed)));
		return figures.join();
	}

	/**
	 * Let them all ask and read nothing.
	 */
	void stall() {
		this.group.execute(() -> {
			for (int i = 0; i < this.count; i++) {
				connect(true);
			}
		});
	}

	void close() {
		this.group.execute(() -> List.copyOf(this.channels).forEach(Channel::close));
	}

	private void connect(boolean stalled) {
		byte[] request = ResponseReader.request("POST", this.path,
				"{\"model\":\"mock-1\",\"stream\":true,\"prompt\":\"" + this.workload.prompt() + "\"}");
		AnswerCheck check = new AnswerCheck(this.latency::record, this.firstToken::record, this.workload.rate() > 0);
		this.checks.add(check);
		Bootstrap bootstrap = new Bootstrap().group(this.group)
			.channel(Transport.clientChannel())
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 30_000)
			.handler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new Browser(request, check, Crowd.this, stalled));
				}

			});
		if (stalled) {
			bootstrap.option(ChannelOption.SO_RCVBUF, 8 * 1024);
		}
		ChannelFuture connected = bootstrap.connect("127.0.0.1", this.port);
		this.channels.add(connected.channel());
		connected.addListener((future) -> {
			if (!future.isSuccess() && !stalled) {
				ended(check, false);
			}
		});
	}

	void ended(AnswerCheck check, boolean whole) {
		if (whole && check.isComplete(this.workload.tokens())) {
			this.complete++;
		}
		if (++this.ended == this.count) {
			this.allEnded.complete(null);
		}
	}

	private long received() {
		return this.checks.stream().mapToLong(AnswerCheck::tokens).sum();
	}

	private Figures figures(long elapsed) {
		long expected = (long) this.count * this.workload.tokens();
		long tokens = received();
		long timely = (this.onTime >= 0) ? this.onTime : tokens;
		long lost = this.checks.stream().mapToLong(AnswerCheck::lostSpaces).sum();
		long broken = this.checks.stream().filter(AnswerCheck::isBroken).count();
		return new Figures().with("elapsed", elapsed)
			.with("tokens", tokens)
			.with("expected", expected)
			.with("delivered", (double) timely / expected)
			.with("complete", this.complete)
			.with("broken", broken)
			.with("lostSpaces", lost)
			.with("p50", this.latency.quantile(0.5) / 1000.0)
			.with("p99", this.latency.quantile(0.99) / 1000.0)
			.with("max", this.latency.max() / 1000.0)
			.with("ttft50", this.firstToken.quantile(0.5) / 1000.0)
			.with("ttft99", this.firstToken.quantile(0.99) / 1000.0);
	}

}
