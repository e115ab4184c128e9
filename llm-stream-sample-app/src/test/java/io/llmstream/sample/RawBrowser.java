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

package io.llmstream.sample;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A browser of which a test decides every byte that it reads, and when it leaves.
 */
final class RawBrowser implements AutoCloseable {

	private final Socket socket = new Socket();

	private final InputStream input;

	private int leftOfChunk = -1;

	RawBrowser(int port, String body) throws IOException {
		// before connecting, so that the window which is announced stays small
		this.socket.setReceiveBufferSize(16 * 1024);
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		this.socket.getOutputStream()
			.write(("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
					+ "Accept: text/event-stream\r\nContent-Length: " + bytes.length + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		this.socket.getOutputStream().write(bytes);
		this.input = new BufferedInputStream(this.socket.getInputStream(), 4 * 1024);
		while (!line().isEmpty()) {
			// the head of the response
		}
	}

	/**
	 * Read what there is of the body, without the lines of the chunked transfer coding.
	 */
	int read(byte[] buffer) {
		try {
			if (this.leftOfChunk <= 0) {
				if (this.leftOfChunk == 0) {
					line();
				}
				this.leftOfChunk = Integer.parseInt(line(), 16);
				if (this.leftOfChunk == 0) {
					return -1;
				}
			}
			int length = this.input.read(buffer, 0, Math.min(buffer.length, this.leftOfChunk));
			this.leftOfChunk -= length;
			return length;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = this.input.read(); c != '\n'; c = this.input.read()) {
			if (c < 0) {
				throw new EOFException("The response was cut");
			}
			if (c != '\r') {
				line.append((char) c);
			}
		}
		return line.toString();
	}

	String readUntil(String text) {
		StringBuilder all = new StringBuilder();
		byte[] buffer = new byte[1024];
		while (all.indexOf(text) < 0) {
			int length = read(buffer);
			if (length < 0) {
				throw new IllegalStateException("The response ended without " + text);
			}
			all.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
		}
		return all.toString();
	}

	/**
	 * Leave, as a closed tab does.
	 */
	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
