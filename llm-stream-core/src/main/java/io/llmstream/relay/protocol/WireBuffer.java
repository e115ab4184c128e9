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

package io.llmstream.relay.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A growing array of bytes, with what event streams and JSON need. Used by one thread at
 * a time. The array is one that the thread reuses from write to write, whatever the
 * connection: most of many open connections write nothing.
 */
public final class WireBuffer {

	/** A thread keeps no more than this between two writes. */
	private static final int KEEP = 4 * 1024;

	private static final int INITIAL = 512;

	private static final byte[] NOTHING = {};

	/** Taken from here as a write begins, so that two on one thread keep apart. */
	private static final ThreadLocal<byte @Nullable []> ofThread = new ThreadLocal<>();

	private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

	/**
	 * For each ASCII character: 0 as it is, u as a number, or the letter after the
	 * backslash.
	 */
	private static final byte[] ESCAPES = escapes();

	private byte[] bytes = NOTHING;

	private int size;

	private static byte[] escapes() {
		byte[] escapes = new byte[128];
		Arrays.fill(escapes, 0, 0x20, (byte) 'u');
		escapes['"'] = '"';
		escapes['\\'] = '\\';
		escapes['\b'] = 'b';
		escapes['\f'] = 'f';
		escapes['\n'] = 'n';
		escapes['\r'] = 'r';
		escapes['\t'] = 't';
		escapes[0x7f] = 'u';
		return escapes;
	}

	/**
	 * Write bytes.
	 * @param literal the bytes
	 * @return this buffer
	 */
	public WireBuffer raw(byte[] literal) {
		ensure(literal.length);
		System.arraycopy(literal, 0, this.bytes, this.size, literal.length);
		this.size += literal.length;
		return this;
	}

	/**
	 * Write ASCII text as it is.
	 * @param ascii the text, of characters up to U+007F
	 * @return this buffer
	 */
	public WireBuffer raw(String ascii) {
		int length = ascii.length();
		ensure(length);
		for (int i = 0; i < length; i++) {
			this.bytes[this.size++] = (byte) ascii.charAt(i);
		}
		return this;
	}

	/**
	 * Write a number in decimal.
	 * @param number the number
	 * @return this buffer
	 */
	public WireBuffer number(long number) {
		return raw(Long.toString(number));
	}

	/**
	 * Write a JSON string with its quotes. Half a surrogate pair is written as an escape,
	 * which UTF-8 could not carry.
	 * @param text the text
	 * @return this buffer
	 */
	public WireBuffer string(String text) {
		int length = text.length();
		ensure(length + 2);
		this.bytes[this.size++] = '"';
		int i = 0;
		while (i < length) {
			char c = text.charAt(i);
			// Room for this character and one byte for each that follows.
			ensure(length - i + 6);
			if (c < 0x80) {
				ascii(c);
			}
			else if (c < 0x800) {
				this.bytes[this.size++] = (byte) (0xc0 | c >> 6);
				this.bytes[this.size++] = (byte) (0x80 | c & 0x3f);
			}
			else if (!Character.isSurrogate(c)) {
				this.bytes[this.size++] = (byte) (0xe0 | c >> 12);
				this.bytes[this.size++] = (byte) (0x80 | c >> 6 & 0x3f);
				this.bytes[this.size++] = (byte) (0x80 | c & 0x3f);
			}
			else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
				pair(Character.toCodePoint(c, text.charAt(++i)));
			}
			else {
				unicode(c);
			}
			i++;
		}
		ensure(1);
		this.bytes[this.size++] = '"';
		return this;
	}

	/**
	 * Take what was written, and be empty again.
	 * @return the bytes
	 */
	public byte[] take() {
		byte[] taken = Arrays.copyOf(this.bytes, this.size);
		this.size = 0;
		if (this.bytes.length > 0 && this.bytes.length <= KEEP) {
			ofThread.set(this.bytes);
		}
		this.bytes = NOTHING;
		return taken;
	}

	private void ascii(char c) {
		byte escape = ESCAPES[c];
		if (escape == 0) {
			this.bytes[this.size++] = (byte) c;
		}
		else if (escape == 'u') {
			unicode(c);
		}
		else {
			this.bytes[this.size++] = '\\';
			this.bytes[this.size++] = escape;
		}
	}

	private void pair(int codePoint) {
		this.bytes[this.size++] = (byte) (0xf0 | codePoint >> 18);
		this.bytes[this.size++] = (byte) (0x80 | codePoint >> 12 & 0x3f);
		this.bytes[this.size++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
		this.bytes[this.size++] = (byte) (0x80 | codePoint & 0x3f);
	}

	private void unicode(char c) {
		this.bytes[this.size++] = '\\';
		this.bytes[this.size++] = 'u';
		for (int shift = 12; shift >= 0; shift -= 4) {
			this.bytes[this.size++] = HEX[c >> shift & 0xf];
		}
	}

	private void ensure(int more) {
		int needed = Math.addExact(this.size, more);
		if (needed > this.bytes.length) {
			grow(needed);
		}
	}

	private void grow(int needed) {
		if (this.bytes.length == 0) {
			byte[] kept = ofThread.get();
			ofThread.set(null);
			this.bytes = (kept != null) ? kept : new byte[INITIAL];
		}
		if (needed > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(needed, this.bytes.length + (this.bytes.length >> 1)));
		}
	}

}
