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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Plays a script on a connection: writes HTTP by hand, for byte-level faults, and keeps
 * time with the timers of the connection's event loop, on which alone it runs. Stops
 * writing while the client does not read.
 */
final class ScriptPlayer {

	/** How many steps are played before other connections have their turn. */
	private static final int BATCH = 64;

	/** A reset discards what the client has not received: give it time to arrive. */
	private static final Duration BEFORE_RESET = Duration.ofMillis(30);

	private final ChannelHandlerContext context;

	private final Channel channel;

	private final ProviderExchange exchange;

	private final Script script;

	private final Runnable afterwards;

	private final ScriptRenderer renderer;

	private int cursor;

	private long due;

	private boolean begun;

	private @Nullable Future<?> scheduled;

	private boolean ending;

	private boolean over;

	private byte[] dripping = new byte[0];

	ScriptPlayer(ChannelHandlerContext context, ProviderExchange exchange, Script script, Runnable afterwards) {
		this.context = context;
		this.channel = context.channel();
		this.exchange = exchange;
		this.script = script;
		this.afterwards = afterwards;
		JsonNode request = json(exchange);
		this.renderer = ScriptRenderer.of(script, exchange.wire(), model(exchange, request),
				request.path("stream_options").path("include_usage").asBoolean(false));
	}

	private static JsonNode json(ProviderExchange exchange) {
		try {
			return exchange.json();
		}
		catch (JacksonException ex) {
			return MissingNode.getInstance();
		}
	}

	private static String model(ProviderExchange exchange, JsonNode request) {
		if (exchange.wire() == Wire.GEMINI || exchange.wire() == Wire.GEMINI_ARRAY) {
			return exchange.uri().replaceAll(".*/models/|:.*", "");
		}
		return request.path("model").asString("scripted");
	}

	boolean isOver() {
		return this.over;
	}

	void start() {
		after(this.script.pace().headers(), this::head);
	}

	/** The client reads again. */
	void writable() {
		if (this.begun && this.scheduled == null && !this.over && !this.ending) {
			// Late timers are made up for, a client that did not read is not.
			this.due = Math.max(this.due, System.nanoTime());
			run();
		}
	}

	/** The connection is closed. */
	void closed() {
		this.over = true;
		Future<?> timer = this.scheduled;
		if (timer != null) {
			timer.cancel(false);
		}
		this.exchange
			.end((this.ending) ? ProviderExchange.State.CLOSED_BY_PROVIDER : ProviderExchange.State.CLOSED_BY_CLIENT);
	}

	private void head() {
		ScriptHead head = this.script.head();
		if (head.status() == 0) {
			close(this.script.steps()
				.stream()
				.anyMatch((step) -> step instanceof Step.End end && end.how() == Step.How.RESET));
			return;
		}
		ErrorWords error = head.error();
		String text = ResponseHead.text(head, this.exchange.wire());
		if (error != null) {
			byte[] body = error.body(this.exchange.wire()).getBytes(StandardCharsets.UTF_8);
			send((text + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
			send(body);
			this.exchange.sent(0, body.length);
			complete();
			return;
		}
		send((text + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
		this.context.flush();
		this.begun = true;
		this.due = System.nanoTime() + this.script.pace().firstToken().toNanos();
		run();
	}

	private void run() {
		for (int i = 0; i < BATCH && !this.ending && this.scheduled == null; i++) {
			if (drips() || !this.channel.isWritable() || waits()) {
				this.context.flush();
				return;
			}
			if (this.cursor == this.script.steps().size()) {
				body(this.renderer.end(), 0);
				this.cursor++;
			}
			else if (this.cursor > this.script.steps().size()) {
				endBody();
				return;
			}
			else {
				play(this.script.steps().get(this.cursor++));
			}
		}
		this.context.flush();
		if (!this.ending && this.scheduled == null) {
			after(Duration.ZERO, this::run);
		}
	}

	private boolean drips() {
		if (this.dripping.length == 0) {
			return false;
		}
		int length = Math.min(this.dripping.length, this.script.pace().dripBytes());
		send(Arrays.copyOf(this.dripping, length));
		this.dripping = Arrays.copyOfRange(this.dripping, length, this.dripping.length);
		after(this.script.pace().dripInterval(), this::run);
		return true;
	}

	private boolean waits() {
		if (this.cursor >= this.script.steps().size() || !this.script.steps().get(this.cursor).isToken()) {
			return false;
		}
		long now = System.nanoTime();
		long wait = this.due - now;
		if (wait > 0) {
			after(Duration.ofNanos(wait), this::run);
			return true;
		}
		this.due += this.script.pace().interval().toNanos();
		return false;
	}

	private void play(Step step) {
		byte[] bytes = this.renderer.render(step);
		if (step instanceof Step.End end && end.midFrame() && end.how() != Step.How.CUT) {
			byte[] size = (Integer.toHexString(bytes.length + 64) + "\r\n").getBytes(StandardCharsets.US_ASCII);
			raw(size);
			raw(bytes);
		}
		else {
			body(bytes, (step.isToken()) ? 1 : 0);
		}
		if (step instanceof Step.Stall stall) {
			stall(stall.duration());
		}
		else if (step instanceof Step.InBandError) {
			this.cursor = Integer.MAX_VALUE;
		}
		else if (step instanceof Step.End end) {
			end(end.how());
		}
	}

	private void stall(@Nullable Duration duration) {
		Duration time = (duration != null) ? duration : ScriptPace.FOR_EVER;
		this.due = Math.max(this.due, System.nanoTime() + time.toNanos());
		after(time, this::run);
	}

	private void end(Step.How how) {
		this.cursor = Integer.MAX_VALUE;
		switch (how) {
			case CUT -> {
			}
			case HANG_UP -> close(false);
			case RESET -> close(true);
		}
	}

	private void endBody() {
		send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		complete();
	}

	private void complete() {
		this.over = true;
		// Before the client can know, so that tests need not wait.
		this.exchange.end(ProviderExchange.State.COMPLETE);
		this.context.flush();
		if (this.script.head().closing() || "close".equalsIgnoreCase(this.exchange.header("connection"))) {
			this.context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
			return;
		}
		this.afterwards.run();
	}

	private void close(boolean reset) {
		this.ending = true;
		send(this.dripping);
		this.context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((future) -> {
			if (reset) {
				this.channel.eventLoop().schedule(() -> {
					this.channel.config().setOption(ChannelOption.SO_LINGER, 0);
					this.channel.close();
				}, BEFORE_RESET.toMillis(), TimeUnit.MILLISECONDS);
			}
			else {
				this.channel.close();
			}
		});
	}

	private void body(byte[] bytes, int tokens) {
		int size = (this.script.pace().split() > 0) ? this.script.pace().split() : Math.max(bytes.length, 1);
		for (int from = 0; from < bytes.length; from += size) {
			int to = Math.min(bytes.length, from + size);
			byte[] head = (Integer.toHexString(to - from) + "\r\n").getBytes(StandardCharsets.US_ASCII);
			byte[] chunk = Arrays.copyOf(head, head.length + to - from + 2);
			System.arraycopy(bytes, from, chunk, head.length, to - from);
			chunk[chunk.length - 2] = '\r';
			chunk[chunk.length - 1] = '\n';
			raw(chunk);
		}
		this.exchange.sent(tokens, bytes.length);
	}

	private void raw(byte[] bytes) {
		if (this.script.pace().dripBytes() == 0) {
			send(bytes);
			return;
		}
		byte[] all = Arrays.copyOf(this.dripping, this.dripping.length + bytes.length);
		System.arraycopy(bytes, 0, all, this.dripping.length, bytes.length);
		this.dripping = all;
	}

	private void send(byte[] bytes) {
		ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
		this.context.write(buffer, this.channel.voidPromise());
	}

	private void after(Duration delay, Runnable task) {
		this.scheduled = this.channel.eventLoop().schedule(() -> {
			this.scheduled = null;
			if (!this.over) {
				task.run();
			}
		}, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

}
