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

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * A provider for tests: a real HTTP/1.1 server on the loopback interface that speaks
 * every wire and plays {@linkplain Script scripts}, with every fault that real servers
 * show. Which wire an answer has follows from the path of the request.
 * <p>
 * Scripts are taken from the queue first, then from the function or the script for all
 * requests; a request for which there is none gets status 500. Uses one thread for each
 * processor, not for each stream, so that thousands of paced streams can run in one JVM.
 * Safe for use by several threads.
 * <p>
 * Needs no test library itself; {@link ScriptedProviderExtension} ties it to JUnit.
 */
public final class ScriptedProvider implements AutoCloseable {

	private final EventLoopGroup loops;

	private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private final Channel server;

	private final Queue<Script> queue = new ConcurrentLinkedQueue<>();

	private final List<ProviderExchange> exchanges = new CopyOnWriteArrayList<>();

	private final AtomicInteger accepted = new AtomicInteger();

	private volatile @Nullable Function<ProviderExchange, Script> otherwise;

	private volatile boolean recording = true;

	private ScriptedProvider(int port) {
		this.loops = new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(),
				new DefaultThreadFactory("scripted-provider", true), NioIoHandler.newFactory());
		try {
			this.server = new ServerBootstrap().group(this.loops)
				.channel(NioServerSocketChannel.class)
				.option(ChannelOption.SO_BACKLOG, 4096)
				.childOption(ChannelOption.TCP_NODELAY, true)
				.childHandler(new ChannelInitializer<Channel>() {
					@Override
					protected void initChannel(Channel channel) {
						connect(channel);
					}
				})
				.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
				.syncUninterruptibly()
				.channel();
		}
		catch (RuntimeException ex) {
			this.loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
			throw ex;
		}
	}

	/**
	 * Start a provider on a free port of the loopback interface.
	 * @return the provider, which listens
	 */
	public static ScriptedProvider start() {
		return new ScriptedProvider(0);
	}

	/**
	 * Start a provider on a port of the loopback interface.
	 * @param port the port
	 * @return the provider, which listens
	 */
	public static ScriptedProvider start(int port) {
		return new ScriptedProvider(port);
	}

	private void connect(Channel channel) {
		this.connections.add(channel);
		channel.pipeline()
			.addLast(new HttpRequestDecoder())
			.addLast(new ProviderConnection(this, this.accepted.incrementAndGet()));
	}

	/**
	 * The port that the provider listens on.
	 * @return the port
	 */
	public int port() {
		return ((InetSocketAddress) this.server.localAddress()).getPort();
	}

	/**
	 * The address of the provider, without any path.
	 * @return the address, without a slash at its end
	 */
	public String baseUrl() {
		return "http://127.0.0.1:" + port();
	}

	/**
	 * Answer the next requests with these scripts, one each, before all others.
	 * @param scripts the scripts
	 * @return this provider
	 */
	public ScriptedProvider enqueue(Script... scripts) {
		this.queue.addAll(List.of(scripts));
		return this;
	}

	/**
	 * Answer all requests with a script.
	 * @param script the script
	 * @return this provider
	 */
	public ScriptedProvider always(Script script) {
		return script((exchange) -> script);
	}

	/**
	 * Choose a script for each request.
	 * @param choice chooses; called on a thread that must not be blocked
	 * @return this provider
	 */
	public ScriptedProvider script(Function<ProviderExchange, Script> choice) {
		this.otherwise = choice;
		return this;
	}

	/**
	 * Do not remember requests until the next {@link #reset()}, for runs that are long.
	 * @return this provider
	 */
	public ScriptedProvider withoutRecording() {
		this.recording = false;
		return this;
	}

	/**
	 * Forget all scripts and requests, and close all connections.
	 */
	public void reset() {
		this.queue.clear();
		this.otherwise = null;
		this.recording = true;
		this.connections.close().awaitUninterruptibly();
		this.exchanges.clear();
	}

	/**
	 * The requests that were received.
	 * @return the requests, in order
	 */
	public List<ProviderExchange> requests() {
		return List.copyOf(this.exchanges);
	}

	/**
	 * The last request.
	 * @return the request
	 * @throws AssertionError if there was none
	 */
	public ProviderExchange lastRequest() {
		List<ProviderExchange> all = requests();
		if (all.isEmpty()) {
			throw new AssertionError("No request was received");
		}
		return all.get(all.size() - 1);
	}

	/**
	 * Wait until so many requests have been received.
	 * @param count how many
	 * @param limit how long to wait
	 * @return the request of that number
	 * @throws AssertionError if it takes longer
	 */
	public ProviderExchange awaitRequest(int count, Duration limit) {
		Await.until(() -> this.exchanges.size() >= count, limit,
				() -> "Only " + this.exchanges.size() + " of " + count + " requests were received");
		return this.exchanges.get(count - 1);
	}

	/**
	 * How many connections are open.
	 * @return the number
	 */
	public int openConnections() {
		return this.connections.size();
	}

	/**
	 * How many connections were made, since the provider was started.
	 * @return the number
	 */
	public int acceptedConnections() {
		return this.accepted.get();
	}

	/**
	 * Wait until no answer is being sent. Connections may be open still.
	 * @param limit how long to wait
	 * @throws AssertionError if it takes longer
	 */
	public void awaitIdle(Duration limit) {
		Await.until(() -> openExchanges() == 0, limit, () -> openExchanges() + " answers did not end");
	}

	/**
	 * Wait until no connection is open.
	 * @param limit how long to wait
	 * @throws AssertionError if it takes longer
	 */
	public void awaitClosed(Duration limit) {
		Await.until(() -> openConnections() == 0, limit, () -> openConnections() + " connections were not closed");
	}

	private long openExchanges() {
		return this.exchanges.stream().filter((exchange) -> exchange.state() == ProviderExchange.State.OPEN).count();
	}

	Script next(ProviderExchange exchange) {
		if (this.recording) {
			this.exchanges.add(exchange);
		}
		Script queued = this.queue.poll();
		if (queued != null) {
			return queued;
		}
		Function<ProviderExchange, Script> choice = this.otherwise;
		return (choice != null) ? choice.apply(exchange)
				: Script.status(500).errorMessage("The scripted provider has no script for this request");
	}

	/**
	 * Close all connections and stop listening. Clients that connect afterwards are
	 * refused.
	 */
	@Override
	public void close() {
		this.server.close().awaitUninterruptibly();
		this.connections.close().awaitUninterruptibly();
		this.loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
	}

}
