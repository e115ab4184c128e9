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
 * Cuts the bytes of one response body into frames. For one body and one thread at a time.
 * Feed it bytes, then take frames until there is none; memory is bounded by the frame
 * limit and the size of what is fed.
 */
public interface FrameDecoder {

	/**
	 * Feed bytes. They are copied. All frames of what was fed before should have been
	 * taken.
	 * @param bytes holds the bytes
	 * @param offset where they start
	 * @param length how many there are
	 */
	void feed(byte[] bytes, int offset, int length);

	/**
	 * Feed bytes without copying them, where nothing is left of those before. Until
	 * {@link #keep()} they are the decoder's, which may change them.
	 * @param bytes holds the bytes
	 * @param offset where they start
	 * @param length how many there are
	 */
	void lend(byte[] bytes, int offset, int length);

	/**
	 * Copy what is still needed of bytes that were lent, and use these no more. A frame
	 * that was taken is not valid any longer.
	 */
	void keep();

	/**
	 * Take the next complete frame.
	 * @return the frame, valid until the next call, or {@code null} if more bytes are
	 * needed
	 * @throws FrameTooLongException if a frame is longer than the limit
	 * @throws NotAStreamException if the body is not of this framing at all
	 */
	@Nullable Frame next();

	/**
	 * Say that the input has ended, and take what is left as a frame: an event, line or
	 * document that was not terminated. It may be incomplete. May be called until nothing
	 * is left.
	 * @return the frame, or {@code null} if nothing is left
	 * @throws FrameTooLongException if a frame is longer than the limit
	 * @throws NotAStreamException if the body is not of this framing at all
	 */
	@Nullable Frame end();

}
