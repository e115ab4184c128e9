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

package io.llmstream.benchmarks.soak;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a chunked response.
 */
final class ChunkedInput extends InputStream {

	private final InputStream in;

	private long left;

	private boolean first = true;

	private boolean ended;

	ChunkedInput(InputStream in) {
		this.in = in;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (this.left == 0 && !this.ended) {
			next();
		}
		if (this.ended) {
			return -1;
		}
		int count = this.in.read(bytes, offset, (int) Math.min(length, this.left));
		if (count < 0) {
			throw new EOFException("The response was cut");
		}
		this.left -= count;
		return count;
	}

	private void next() throws IOException {
		if (!this.first) {
			line(this.in);
		}
		this.first = false;
		this.left = Long.parseLong(line(this.in).trim(), 16);
		this.ended = this.left == 0;
	}

	/**
	 * Read a line of HTTP.
	 */
	static String line(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = in.read(); next != '\n'; next = in.read()) {
			if (next < 0) {
				throw new EOFException("The response was cut");
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

}
