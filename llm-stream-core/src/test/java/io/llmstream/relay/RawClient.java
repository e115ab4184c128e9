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

package io.llmstream.relay;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client on a bare socket, which sees each chunk of a response.
 */
public final class RawClient implements AutoCloseable {

	private final Socket socket = new Socket();

	private final InputStream in;

	private final int status;

	private final Map<String, String> headers = new TreeMap<>();

	private boolean ended;

	private RawClient(@Nullable SSLSocketFactory tls, int port, String method, String path, Map<String, String> more,
			byte[] body) throws IOException {
		this.socket.setReceiveBufferSize(16 * 1024);
		this.socket.setSoTimeout(20_000);
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
		more.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
		if (!method.equals("GET")) {
			request.append("Content-Length: ").append(body.length).append("\r\n");
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
		bytes.write(body);
		Socket stream = (tls != null) ? tls.createSocket(this.socket, "127.0.0.1", port, true) : this.socket;
		stream.getOutputStream().write(bytes.toByteArray());
		this.in = stream.getInputStream();
		this.status = Integer.parseInt(line().split(" ")[1]);
		for (String line = line(); !line.isEmpty(); line = line()) {
			int colon = line.indexOf(':');
			this.headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
		}
	}

	public static RawClient get(int port, String path) {
		return get(port, path, "text/event-stream");
	}

	public static RawClient get(int port, String path, String accept) {
		return send(port, "GET", path, Map.of("Accept", accept), "");
	}

	public static RawClient getSecurely(SSLSocketFactory tls, int port, String path) {
		try {
			return new RawClient(tls, port, "GET", path, Map.of("Accept", "text/event-stream"), new byte[0]);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public static RawClient send(int port, String method, String path, Map<String, String> headers, String body) {
		try {
			return new RawClient(null, port, method, path, headers, body.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int status() {
		return this.status;
	}

	public @Nullable String header(String name) {
		return this.headers.get(name);
	}

	/**
	 * Read one chunk.
	 * @return the chunk, {@code null} for the last one of a response that ended well
	 */
	public @Nullable String chunk() {
		try {
			if (this.ended) {
				return null;
			}
			int length = Integer.parseInt(line(), 16);
			byte[] bytes = this.in.readNBytes(length);
			if (bytes.length < length) {
				throw new EOFException("The chunk was cut");
			}
			line();
			this.ended = length == 0;
			return (this.ended) ? null : new String(bytes, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read chunks until what came contains something.
	 */
	public String until(String text) {
		StringBuilder read = new StringBuilder();
		while (read.indexOf(text) < 0) {
			String chunk = chunk();
			if (chunk == null) {
				throw new IllegalStateException("Ended without " + text + ": " + read);
			}
			read.append(chunk);
		}
		return read.toString();
	}

	/**
	 * Read to the end of a response that ends well.
	 */
	public String rest() {
		String length = header("content-length");
		if (length != null) {
			try {
				return new String(this.in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		StringBuilder read = new StringBuilder();
		for (String chunk = chunk(); chunk != null; chunk = chunk()) {
			read.append(chunk);
		}
		return read.toString();
	}

	private String line() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int b = this.in.read(); b != '\n'; b = this.in.read()) {
			if (b < 0) {
				throw new EOFException("The response was cut");
			}
			if (b != '\r') {
				line.write(b);
			}
		}
		return line.toString(StandardCharsets.US_ASCII);
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
