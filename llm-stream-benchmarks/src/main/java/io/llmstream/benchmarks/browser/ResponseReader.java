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

package io.llmstream.benchmarks.browser;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Reads one HTTP/1.1 response whose body is chunked, as far as a browser of the harness
 * has to understand it.
 */
final class ResponseReader {

	private final EventScanner scanner;

	private final StringBuilder line = new StringBuilder();

	private State state = State.HEAD;

	private long left;

	private int status;

	private boolean chunked;

	private @Nullable String runId;

	ResponseReader(EventScanner scanner) {
		this.scanner = scanner;
	}

	/**
	 * Take bytes.
	 * @return whether the response is complete
	 */
	boolean read(byte[] bytes, int length) {
		int i = 0;
		while (i < length && this.state != State.DONE) {
			if (this.state == State.DATA) {
				int count = (int) Math.min(this.left, length - i);
				this.scanner.scan(bytes, i, count);
				i += count;
				this.left -= count;
				if (this.left == 0) {
					this.state = State.DATA_END;
				}
			}
			else {
				byte next = bytes[i++];
				if (next == '\n') {
					endOfLine();
				}
				else if (next != '\r') {
					this.line.append((char) next);
				}
			}
		}
		return this.state == State.DONE;
	}

	int status() {
		return this.status;
	}

	@Nullable String runId() {
		return this.runId;
	}

	private void endOfLine() {
		String text = this.line.toString();
		this.line.setLength(0);
		switch (this.state) {
			case HEAD -> head(text);
			case SIZE -> {
				this.left = Long.parseLong(text.trim(), 16);
				this.state = (this.left > 0) ? State.DATA : State.TRAILER;
			}
			case DATA_END -> this.state = State.SIZE;
			case TRAILER -> this.state = (text.isEmpty()) ? State.DONE : State.TRAILER;
			default -> throw new IllegalStateException("No line in " + this.state);
		}
	}

	private void head(String text) {
		if (this.status == 0) {
			this.status = Integer.parseInt(text.split(" ")[1]);
		}
		else if (text.isEmpty()) {
			this.state = (this.chunked) ? State.SIZE : State.DONE;
		}
		String lower = text.toLowerCase(Locale.ROOT);
		if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
			this.chunked = true;
		}
		else if (lower.startsWith("x-run-id:")) {
			this.runId = text.substring(text.indexOf(':') + 1).trim();
		}
	}

	static byte[] request(String method, String path, String body, String... headers) {
		StringBuilder out = new StringBuilder();
		out.append(method)
			.append(' ')
			.append(path)
			.append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n");
		for (String header : headers) {
			out.append(header).append("\r\n");
		}
		if (!body.isEmpty()) {
			out.append("Content-Type: application/json\r\nContent-Length: ").append(body.length()).append("\r\n");
		}
		return out.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII);
	}

	private enum State {

		HEAD, SIZE, DATA, DATA_END, TRAILER, DONE

	}

}
