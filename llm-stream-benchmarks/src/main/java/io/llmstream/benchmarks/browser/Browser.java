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

import io.llmstream.benchmarks.load.AnswerCheck;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * One browser: asks, and reads the answer to its end.
 */
final class Browser extends ChannelInboundHandlerAdapter {

	private static final byte[] SCRATCH_OF_THE_LOOP = new byte[64 * 1024];

	private final byte[] request;

	private final AnswerCheck check;

	private final Crowd crowd;

	private final ResponseReader reader;

	private final boolean stalled;

	private boolean done;

	Browser(byte[] request, AnswerCheck check, Crowd crowd, boolean stalled) {
		this.request = request;
		this.check = check;
		this.crowd = crowd;
		this.reader = new ResponseReader(new EventScanner(check));
		this.stalled = stalled;
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		if (this.stalled) {
			context.channel().config().setAutoRead(false);
		}
		context.writeAndFlush(context.alloc().buffer(this.request.length).writeBytes(this.request));
		context.fireChannelActive();
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ByteBuf in = (ByteBuf) message;
		try {
			// All browsers share one event loop, hence this array.
			while (in.isReadable() && !this.done) {
				int count = Math.min(in.readableBytes(), SCRATCH_OF_THE_LOOP.length);
				in.readBytes(SCRATCH_OF_THE_LOOP, 0, count);
				if (this.reader.read(SCRATCH_OF_THE_LOOP, count)) {
					end(context, this.reader.status() == 200);
				}
			}
		}
		finally {
			ReferenceCountUtil.release(message);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		end(context, false);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		end(context, false);
	}

	private void end(ChannelHandlerContext context, boolean ended) {
		if (!this.done) {
			this.done = true;
			context.close();
			if (!this.stalled) {
				this.crowd.ended(this.check, ended);
			}
		}
	}

}
