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
 * Reads a JSON array as it grows: each of its elements is a frame as soon as its brackets
 * balance, however it is printed. A document that stands alone is a frame as well, and so
 * is each of several documents that follow each other. Something that is no JSON becomes
 * a frame too, for its reader to refuse. A frame is a view of the buffer. For one body
 * and one thread at a time. {@link #next()} and {@link #end()} throw
 * {@link FrameTooLongException} from the first element on that is longer than the limit.
 */
public final class JsonArrayDecoder extends InboxDecoder {

	private final Brackets brackets = new Brackets();

	private Mode mode = Mode.BETWEEN;

	private boolean inArray;

	/**
	 * Create a decoder.
	 * @param maxFrameBytes the most bytes that one element may have
	 */
	public JsonArrayDecoder(int maxFrameBytes) {
		super(maxFrameBytes);
	}

	@Override
	@Nullable Frame read() {
		if (this.mode == Mode.BETWEEN && !findStart()) {
			return null;
		}
		int end = this.inbox.end();
		int close = (this.mode == Mode.BRACKETS) ? this.brackets.scan(this.inbox.bytes(), this.scanned, end)
				: scanWord(end);
		this.scanned = (close < 0) ? end : close;
		checkLength(this.scanned - this.start);
		return (close < 0) ? null : take(close);
	}

	@Override
	@Nullable Frame rest() {
		return (this.start == this.inbox.end()) ? null : take(this.inbox.end());
	}

	private boolean findStart() {
		byte[] in = this.inbox.bytes();
		int end = this.inbox.end();
		for (; this.start < end; this.start++) {
			byte b = in[this.start];
			if (b == '[' && !this.inArray) {
				this.inArray = true;
			}
			else if (b == ']' && this.inArray) {
				this.inArray = false;
			}
			else if (!isSeparator(b)) {
				this.mode = (b == '{' || b == '[' || b == '"') ? Mode.BRACKETS : Mode.WORD;
				this.brackets.reset();
				this.scanned = this.start;
				return true;
			}
		}
		this.scanned = this.start;
		return false;
	}

	private int scanWord(int end) {
		byte[] in = this.inbox.bytes();
		for (int i = Math.max(this.scanned, this.start + 1); i < end; i++) {
			byte b = in[i];
			if (isSeparator(b) || b == '{' || b == '}' || b == '[' || b == ']' || b == '"') {
				return i;
			}
		}
		return -1;
	}

	private static boolean isSeparator(byte b) {
		return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == ',';
	}

	private Frame take(int close) {
		this.frame.set(null, this.inbox.bytes(), this.start, close - this.start);
		this.start = close;
		this.scanned = close;
		this.mode = Mode.BETWEEN;
		return this.frame;
	}

	private enum Mode {

		/** Before, between or behind elements. */
		BETWEEN,

		/** In an object, an array or a string. */
		BRACKETS,

		/** In a number, a literal, or something that is no JSON. */
		WORD

	}

}
