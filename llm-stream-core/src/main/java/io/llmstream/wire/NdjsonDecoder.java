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

package io.llmstream.wire;

import org.jspecify.annotations.Nullable;

/**
 * Reads newline-delimited JSON: every line is a frame, without its line feed and a
 * carriage return before it. Lines of nothing but white space are passed over. A frame is
 * a view of the buffer. For one body and one thread at a time. {@link #next()} and
 * {@link #end()} throw {@link FrameTooLongException} from the first line on that is
 * longer than the limit.
 */
public final class NdjsonDecoder extends InboxDecoder {

	/**
	 * Create a decoder.
	 * @param maxFrameBytes the most bytes that one line may have
	 */
	public NdjsonDecoder(int maxFrameBytes) {
		super(maxFrameBytes);
	}

	@Override
	@Nullable Frame read() {
		while (true) {
			int lineEnd = findLineEnd();
			if (lineEnd < 0) {
				int end = this.inbox.end();
				checkLength(withoutCarriageReturn(this.start, end) - this.start);
				return null;
			}
			int start = this.start;
			this.start = lineEnd + 1;
			this.scanned = this.start;
			Frame taken = take(start, lineEnd);
			if (taken != null) {
				return taken;
			}
		}
	}

	@Override
	@Nullable Frame rest() {
		int start = this.start;
		this.start = this.inbox.end();
		this.scanned = this.start;
		return take(start, this.start);
	}

	private int findLineEnd() {
		byte[] in = this.inbox.bytes();
		int end = this.inbox.end();
		for (int i = this.scanned; i < end; i++) {
			if (in[i] == '\n') {
				return i;
			}
		}
		this.scanned = end;
		return -1;
	}

	private @Nullable Frame take(int start, int lineEnd) {
		int end = withoutCarriageReturn(start, lineEnd);
		checkLength(end - start);
		byte[] in = this.inbox.bytes();
		for (int i = start; i < end; i++) {
			if (in[i] != ' ' && in[i] != '\t' && in[i] != '\r') {
				return this.frame.set(null, in, start, end - start);
			}
		}
		return null;
	}

	private int withoutCarriageReturn(int start, int end) {
		return (end > start && this.inbox.bytes()[end - 1] == '\r') ? end - 1 : end;
	}

}
