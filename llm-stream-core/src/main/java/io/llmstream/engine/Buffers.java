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

import io.llmstream.wire.FrameDecoder;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Moves bytes from the HTTP client's buffers to a frame decoder.
 */
final class Buffers {

	private static final int SIZE = 16 * 1024;

	private static final ThreadLocal<byte[]> scratch = ThreadLocal.withInitial(() -> new byte[SIZE]);

	private Buffers() {
	}

	/**
	 * Feed a buffer and release it.
	 */
	static void feed(DataBuffer buffer, FrameDecoder frames) {
		try {
			byte[] bytes = scratch.get();
			for (int left = buffer.readableByteCount(); left > 0; left = buffer.readableByteCount()) {
				int length = Math.min(left, bytes.length);
				buffer.read(bytes, 0, length);
				frames.feed(bytes, 0, length);
			}
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

}
