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

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import io.llmstream.benchmarks.load.AnswerCheck;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a visitor: a request and the events that answer it. Blocks.
 */
final class Connection implements Closeable {

	private static final String TEXT = "\"text\":\"";

	private final Socket socket;

	private final BufferedReader reader;

	private final int status;

	private @Nullable String runId;

	private String lastEventId = "0";

	private @Nullable String terminal;

	/**
	 * Ask.
	 * @param port where the relay is
	 * @param head the request's first line, without the version, and its headers
	 * @param body the request's body, may be empty
	 */
	Connection(int port, String head, String body) throws IOException {
		this.socket = new Socket();
		// Small, so that who reads nothing is noticed.
		this.socket.setReceiveBufferSize(16 * 1024);
		this.socket.setSoTimeout(60_000);
		this.socket.connect(new InetSocketAddress("127.0.0.1", port), 30_000);
		this.socket.getOutputStream().write(request(head, body));
		InputStream in = new BufferedInputStream(this.socket.getInputStream(), 1024);
		this.status = Integer.parseInt(ChunkedInput.line(in).split(" ")[1]);
		boolean chunked = false;
		for (String line = ChunkedInput.line(in); !line.isEmpty(); line = ChunkedInput.line(in)) {
			String header = line.toLowerCase(Locale.ROOT);
			chunked |= header.startsWith("transfer-encoding:") && header.contains("chunked");
			if (header.startsWith("x-run-id:")) {
				this.runId = line.substring(line.indexOf(':') + 1).trim();
			}
		}
		InputStream content = (chunked) ? new ChunkedInput(in) : InputStream.nullInputStream();
		this.reader = new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8), 1024);
	}

	private static byte[] request(String head, String body) {
		int line = head.indexOf('\n');
		String first = (line < 0) ? head : head.substring(0, line);
		String headers = (line < 0) ? "" : head.substring(line + 1) + "\r\n";
		String content = (body.isEmpty()) ? "Content-Length: 0\r\n"
				: "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
		return (first + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + content + "\r\n" + body)
			.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Read events until there are so many tokens, or until the last event.
	 */
	void read(AnswerCheck check, int tokens) throws IOException {
		String event = "message";
		String id = this.lastEventId;
		String data = "";
		while (check.tokens() < tokens || tokens == Integer.MAX_VALUE) {
			String line = this.reader.readLine();
			if (line == null) {
				return;
			}
			if (line.startsWith("id: ")) {
				id = line.substring(4);
			}
			else if (line.startsWith("event: ")) {
				event = line.substring(7);
			}
			else if (line.startsWith("data: ")) {
				data = line.substring(6);
			}
			else if (line.isEmpty() && !data.isEmpty()) {
				this.lastEventId = id;
				dispatch(event, data, check);
				data = "";
			}
		}
	}

	private void dispatch(String event, String data, AnswerCheck check) {
		if (event.equals("delta")) {
			int start = data.indexOf(TEXT) + TEXT.length();
			check.text(data.substring(start, data.indexOf('"', start)));
		}
		else if (!event.equals("start")) {
			this.terminal = event;
		}
	}

	int status() {
		return this.status;
	}

	String runId() {
		if (this.runId == null) {
			throw new IllegalStateException("No run, status " + this.status);
		}
		return this.runId;
	}

	String lastEventId() {
		return this.lastEventId;
	}

	/**
	 * Go on after an event of an earlier connection: one that reads nothing has seen what
	 * that had seen.
	 */
	Connection after(String eventId) {
		this.lastEventId = eventId;
		return this;
	}

	/**
	 * The name of the last event.
	 * @return the name, or {@code null} if there was none
	 */
	@Nullable String terminal() {
		return this.terminal;
	}

	/**
	 * Leave without a word.
	 */
	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
