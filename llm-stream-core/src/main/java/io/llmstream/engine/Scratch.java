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

package io.llmstream.engine;

import java.lang.ref.SoftReference;

import io.llmstream.wire.FrameDecoder;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * An array of a thread, in which the streams that it serves read their buffers one after
 * the other. It stays in the processor's caches, where an array of each stream would not.
 */
final class Scratch {

	private static final int SIZE = 16 * 1024;

	/** Softly, so that a thread that outlives this library does not keep it. */
	private static final ThreadLocal<@Nullable SoftReference<Scratch>> ofThread = new ThreadLocal<>();

	private final byte[] bytes = new byte[SIZE];

	private boolean lent;

	private Scratch() {
	}

	private static Scratch get() {
		SoftReference<Scratch> known = ofThread.get();
		Scratch scratch = (known != null) ? known.get() : null;
		if (scratch == null) {
			scratch = new Scratch();
			ofThread.set(new SoftReference<>(scratch));
		}
		return scratch;
	}

	/**
	 * Feed a buffer to a decoder, and release it.
	 * @return what was lent to the decoder, to be taken back on this thread as soon as it
	 * has decoded what it can; or {@code null} if the decoder has a copy, as when it is
	 * fed amid the work of another stream on this thread
	 */
	static @Nullable Scratch feed(DataBuffer buffer, FrameDecoder frames) {
		try {
			Scratch scratch = get();
			int length = buffer.readableByteCount();
			if (!scratch.lent && length <= SIZE) {
				buffer.read(scratch.bytes, 0, length);
				frames.lend(scratch.bytes, 0, length);
				scratch.lent = true;
				return scratch;
			}
			copy(buffer, frames, (scratch.lent) ? new byte[Math.min(length, SIZE)] : scratch.bytes);
			return null;
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

	private static void copy(DataBuffer buffer, FrameDecoder frames, byte[] between) {
		for (int left = buffer.readableByteCount(); left > 0; left = buffer.readableByteCount()) {
			int length = Math.min(left, between.length);
			buffer.read(between, 0, length);
			frames.feed(between, 0, length);
		}
	}

	/**
	 * Take it back from the decoder, which copies what it still needs.
	 */
	void takeBack(FrameDecoder frames) {
		try {
			frames.keep();
		}
		finally {
			this.lent = false;
		}
	}

}
