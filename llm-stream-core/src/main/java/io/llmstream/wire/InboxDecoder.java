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
 * What the decoders have in common: bytes that are kept while they are needed, a byte
 * order mark that is passed over, and a limit after which nothing more is read.
 */
abstract class InboxDecoder implements FrameDecoder {

	/** The bytes that were fed. */
	protected final Inbox inbox = new Inbox();

	/** The frame that is given out, again and again. */
	protected final Frame frame = new Frame();

	/** Where the present line or element starts. */
	protected int start;

	/** Up to where it was searched for its end. */
	protected int scanned;

	private final int maxFrameBytes;

	private boolean begun;

	private boolean tooLong;

	InboxDecoder(int maxFrameBytes) {
		this.maxFrameBytes = maxFrameBytes;
	}

	@Override
	public final void feed(byte[] bytes, int offset, int length) {
		if (!this.tooLong) {
			moved(this.inbox.add(keepFrom(), bytes, offset, length));
		}
	}

	@Override
	public final void lend(byte[] bytes, int offset, int length) {
		if (!this.tooLong) {
			moved(this.inbox.lend(keepFrom(), bytes, offset, length));
		}
	}

	@Override
	public final void keep() {
		moved(this.inbox.keep(keepFrom()));
	}

	/**
	 * The first byte that is still needed.
	 */
	int keepFrom() {
		return this.start;
	}

	/**
	 * The bytes have moved towards the front.
	 */
	void moved(int by) {
		this.start -= by;
		this.scanned -= by;
	}

	@Override
	public final @Nullable Frame next() {
		if (this.tooLong) {
			throw new FrameTooLongException(this.maxFrameBytes);
		}
		return (this.begun || begin()) ? read() : null;
	}

	@Override
	public final @Nullable Frame end() {
		Frame complete = next();
		if (complete != null) {
			return complete;
		}
		this.begun = true;
		return rest();
	}

	/**
	 * Read the next complete frame, if there is one.
	 */
	abstract @Nullable Frame read();

	/**
	 * Read what is left at the end of the input, if anything is.
	 */
	abstract @Nullable Frame rest();

	private boolean begin() {
		int mark = ByteOrderMark.length(this.inbox.bytes(), this.start, this.inbox.end());
		if (mark == ByteOrderMark.UNDECIDED) {
			return false;
		}
		this.begun = true;
		this.start += mark;
		this.scanned = this.start;
		return true;
	}

	final void checkLength(int length) {
		if (length > this.maxFrameBytes) {
			this.tooLong = true;
			throw new FrameTooLongException(this.maxFrameBytes);
		}
	}

}
