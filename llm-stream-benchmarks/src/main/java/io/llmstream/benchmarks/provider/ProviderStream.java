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

import io.llmstream.benchmarks.load.TokenText;
import io.llmstream.benchmarks.load.Workload;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * One answer. Lives on the event loop of its connection.
 */
final class ProviderStream {

	/** Tokens of one write where there is no rate. */
	private static final int BLOCK = 32;

	/** Blocks after which other connections have their turn. */
	private static final int TURN = 4;

	private static final byte[] END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private final Channel channel;

	private final WireTemplate wire;

	private final Workload workload;

	private final ProviderTotals totals;

	private final Runnable whenDone;

	private int sent;

	private boolean turned;

	private boolean done;

	/** When the next token is due, in microseconds. */
	long due;

	ProviderStream(Channel channel, WireTemplate wire, Workload workload, ProviderTotals totals, Runnable whenDone) {
		this.channel = channel;
		this.wire = wire;
		this.workload = workload;
		this.totals = totals;
		this.whenDone = whenDone;
	}

	void begin(PaceWheel wheel) {
		String head = "HTTP/1.1 200 OK\r\nContent-Type: " + this.wire.contentType()
				+ "\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";
		ByteBuf out = this.channel.alloc().directBuffer();
		out.writeCharSequence(head, StandardCharsets.US_ASCII);
		byte[] start = this.wire.head();
		if (start.length > 0) {
			chunk(start.length, out);
			out.writeBytes(start).writeCharSequence("\r\n", StandardCharsets.US_ASCII);
		}
		this.channel.writeAndFlush(out, this.channel.voidPromise());
		if (this.workload.rate() > 0) {
			this.due = TokenText.now();
			wheel.add(this);
		}
		else {
			write();
		}
	}

	/**
	 * Send what is due, and decide when the next one is.
	 * @return whether there is a next one
	 */
	boolean pace(long now) {
		if (this.done || !this.channel.isActive()) {
			return false;
		}
		long interval = 1_000_000 / this.workload.rate();
		int count = 0;
		while (this.due <= now && this.sent + count < this.workload.tokens() && count < BLOCK) {
			count++;
			this.due += interval;
		}
		if (!this.channel.isWritable()) {
			// Nothing is skipped: it is sent, late, when there is room.
			this.due = now + interval;
		}
		else if (count > 0) {
			tokens(count, now);
			finishIfSent();
			this.channel.flush();
		}
		return !this.done;
	}

	/**
	 * Send as much as there is room for. Called again when there is more of it.
	 */
	void write() {
		if (this.workload.rate() > 0) {
			return;
		}
		for (int turn = 0; !this.done && this.channel.isWritable() && turn < TURN; turn++) {
			tokens(Math.min(BLOCK, this.workload.tokens() - this.sent), TokenText.now());
			finishIfSent();
			this.channel.flush();
		}
		if (!this.done && this.channel.isWritable() && !this.turned) {
			this.turned = true;
			this.channel.eventLoop().execute(() -> {
				this.turned = false;
				write();
			});
		}
	}

	void abort() {
		if (!this.done) {
			this.done = true;
			this.totals.cancelled();
		}
	}

	private void tokens(int count, long now) {
		ByteBuf out = this.channel.alloc().directBuffer(count * (this.wire.bytesPerToken() + 8));
		this.wire.writeChunks(this.sent, count, now, out);
		this.sent += count;
		this.totals.sent(count);
		this.channel.write(out, this.channel.voidPromise());
	}

	private void finishIfSent() {
		if (this.sent < this.workload.tokens()) {
			return;
		}
		this.done = true;
		byte[] tail = this.wire.tail(this.sent);
		ByteBuf out = this.channel.alloc().directBuffer(tail.length + 16);
		chunk(tail.length, out);
		out.writeBytes(tail).writeByte('\r').writeByte('\n').writeBytes(END);
		this.channel.write(out, this.channel.voidPromise());
		this.totals.completed();
		this.whenDone.run();
	}

	private static void chunk(int length, ByteBuf out) {
		out.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
		out.writeByte('\r').writeByte('\n');
	}

}
