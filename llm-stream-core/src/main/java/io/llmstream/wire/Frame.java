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

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * One frame of a response body: an event of an event stream, a line, or an element of an
 * array. A view of its decoder's buffer, valid until the decoder is asked for the next
 * frame: what must be kept has to be copied.
 */
public final class Frame {

	private @Nullable String event;

	private byte[] bytes = new byte[0];

	private int offset;

	private int length;

	/**
	 * Point this frame at new content.
	 * @param event the name of the event, or {@code null} if the framing has none
	 * @param bytes holds the data
	 * @param offset where the data starts
	 * @param length how many bytes it has
	 * @return this frame
	 */
	public Frame set(@Nullable String event, byte[] bytes, int offset, int length) {
		this.event = event;
		this.bytes = bytes;
		this.offset = offset;
		this.length = length;
		return this;
	}

	/**
	 * The name of the event.
	 * @return the name, or {@code null} if the stream gave none
	 */
	public @Nullable String event() {
		return this.event;
	}

	/**
	 * The array that holds the data, from {@link #offset()} on. Must not be changed.
	 * @return the array
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Where the data starts.
	 * @return an index into {@link #bytes()}
	 */
	public int offset() {
		return this.offset;
	}

	/**
	 * How long the data is.
	 * @return a number of bytes
	 */
	public int length() {
		return this.length;
	}

	/**
	 * Whether the data is exactly some ASCII text, such as {@code [DONE]}, with any white
	 * space around it.
	 * @param text the text
	 * @return whether it is
	 */
	public boolean dataIs(String text) {
		int start = this.offset;
		int end = this.offset + this.length;
		while (start < end && this.bytes[start] <= ' ' && this.bytes[start] >= 0) {
			start++;
		}
		while (end > start && this.bytes[end - 1] <= ' ' && this.bytes[end - 1] >= 0) {
			end--;
		}
		if (end - start != text.length()) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			if (this.bytes[start + i] != text.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The data as text, decoded as UTF-8; a malformed sequence becomes U+FFFD.
	 * @return the text
	 */
	public String text() {
		return new String(this.bytes, this.offset, this.length, StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return "Frame[event=" + this.event + ", " + this.length + " bytes]";
	}

}
