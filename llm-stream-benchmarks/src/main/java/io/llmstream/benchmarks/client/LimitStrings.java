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

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;

/**
 * A scan for what stands before the text, and one string for each token: the least that a
 * client can do that gives its user text. Understands nothing else.
 */
public final class LimitStrings extends RawNetty {

	@Override
	protected void read(Flux<ByteBuf> content, Answer answer) {
		Scan scan = new Scan(wire().marker().getBytes(StandardCharsets.US_ASCII), answer);
		content.subscribe(scan::take, answer::end, () -> answer.end(null));
	}

	/**
	 * The scan of one answer.
	 */
	private static final class Scan {

		private static final ThreadLocal<byte[]> scratch = ThreadLocal.withInitial(() -> new byte[64 * 1024]);

		private final byte[] marker;

		private final Answer answer;

		private int matched;

		private String begun = "";

		private Scan(byte[] marker, Answer answer) {
			this.marker = marker;
			this.answer = answer;
		}

		private void take(ByteBuf buffer) {
			byte[] bytes = scratch.get();
			while (buffer.isReadable()) {
				int length = Math.min(buffer.readableBytes(), bytes.length);
				buffer.readBytes(bytes, 0, length);
				scan(bytes, length);
			}
		}

		private void scan(byte[] bytes, int length) {
			byte[] pattern = this.marker;
			int i = 0;
			while (i < length) {
				while (this.matched < pattern.length && i < length) {
					byte next = bytes[i++];
					this.matched = (next == pattern[this.matched]) ? this.matched + 1 : (next == pattern[0]) ? 1 : 0;
				}
				if (this.matched < pattern.length) {
					return;
				}
				int start = i;
				while (i < length && bytes[i] != '"') {
					i++;
				}
				String text = new String(bytes, start, i - start, StandardCharsets.UTF_8);
				if (i == length) {
					this.begun = this.begun + text;
					return;
				}
				text = (this.begun.isEmpty()) ? text : this.begun + text;
				this.begun = "";
				this.matched = 0;
				if (!text.isEmpty()) {
					this.answer.text(text);
				}
			}
		}

	}

}
