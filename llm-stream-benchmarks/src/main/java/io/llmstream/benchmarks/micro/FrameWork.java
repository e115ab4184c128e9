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

package io.llmstream.benchmarks.micro;

import io.llmstream.benchmarks.load.TokenText;
import io.llmstream.benchmarks.provider.WireTemplate;
import io.llmstream.engine.BuiltInDialects;
import io.llmstream.provider.ProviderDialect;
import io.llmstream.wire.Frame;
import io.llmstream.wire.FrameDecoder;
import io.llmstream.wire.SniffingDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The bytes of one answer, as they come from a socket, and the way to its frames.
 */
final class FrameWork {

	/** What one read of a socket brings, where much is waiting. */
	private static final int READ = 8 * 1024;

	private final byte[] body;

	private final byte[] piece = new byte[READ];

	private final ProviderDialect dialect;

	FrameWork(WireTemplate wire, int tokens) {
		ByteBuf out = Unpooled.buffer();
		out.writeBytes(wire.head());
		wire.write(0, tokens, TokenText.now(), out);
		out.writeBytes(wire.tail(tokens));
		this.body = new byte[out.readableBytes()];
		out.readBytes(this.body);
		this.dialect = BuiltInDialects.find(switch (wire) {
			case OPENAI -> "openai";
			case RESPONSES -> "openai-responses";
			case ANTHROPIC -> "anthropic";
			case GEMINI -> "gemini";
			case OLLAMA -> "ollama";
		});
	}

	ProviderDialect dialect() {
		return this.dialect;
	}

	/**
	 * Cut the answer into frames.
	 * @param target takes each
	 * @return how many there were
	 */
	int frames(FrameTarget target) {
		FrameDecoder decoder = new SniffingDecoder(this.dialect.framing(), 4 * 1024 * 1024);
		int frames = 0;
		for (int i = 0; i < this.body.length; i += READ) {
			int length = Math.min(READ, this.body.length - i);
			System.arraycopy(this.body, i, this.piece, 0, length);
			decoder.feed(this.piece, 0, length);
			for (Frame frame = decoder.next(); frame != null; frame = decoder.next()) {
				target.take(frame);
				frames++;
			}
		}
		return frames;
	}

	/**
	 * Takes frames.
	 */
	@FunctionalInterface
	interface FrameTarget {

		/**
		 * Take one.
		 * @param frame the frame, valid during the call
		 */
		void take(Frame frame);

	}

}
