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

package io.llmstream.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A provider that connections to hang: it listens on a loopback port and accepts nobody,
 * and its backlog is full, so that the system answers no further client. What a firewall
 * does that drops packets, without one. Safe for use by several threads.
 */
public final class DeafProvider implements AutoCloseable {

	/** Systems keep a few more than the backlog says. */
	private static final int MOST_KEPT = 64;

	private static final int PATIENCE_MILLIS = 200;

	private final ServerSocket server;

	private final List<Socket> backlog = new ArrayList<>();

	private DeafProvider() throws IOException {
		this.server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
	}

	/**
	 * Start a provider on a free port of the loopback interface.
	 * @return the provider
	 * @throws IllegalStateException if this system accepts connections for a server that
	 * does not
	 */
	public static DeafProvider start() {
		try {
			DeafProvider provider = new DeafProvider();
			provider.fill();
			return provider;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void fill() throws IOException {
		for (int i = 0; i < MOST_KEPT; i++) {
			Socket client = new Socket();
			this.backlog.add(client);
			try {
				client.connect(this.server.getLocalSocketAddress(), PATIENCE_MILLIS);
			}
			catch (SocketTimeoutException ex) {
				return;
			}
		}
		close();
		throw new IllegalStateException("This system keeps more than " + MOST_KEPT + " connections waiting");
	}

	/**
	 * The port that the provider listens on.
	 * @return the port
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * The address of the provider, without any path.
	 * @return the address, without a slash at its end
	 */
	public String baseUrl() {
		return "http://127.0.0.1:" + port();
	}

	/**
	 * Stop listening. Clients that wait are refused.
	 */
	@Override
	public void close() {
		try {
			for (Socket client : this.backlog) {
				client.close();
			}
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
