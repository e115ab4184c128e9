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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A real inference server, started for one test and killed without a warning.
 */
final class RealServer implements AutoCloseable {

	private final Process process;

	private final int port;

	private RealServer(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	/**
	 * Start a server and wait until it is ready.
	 * @param command the command, which takes {@code --port}
	 */
	static RealServer start(String command) throws IOException {
		int port = freePort();
		Process process = new ProcessBuilder(List.of("/bin/sh", "-c", "exec " + command + " --port " + port))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		RealServer server = new RealServer(process, port);
		server.awaitReady();
		return server;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private void awaitReady() {
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest health = HttpRequest.newBuilder(URI.create(baseUrl() + "/health")).build();
		Mono.fromFuture(() -> client.sendAsync(health, HttpResponse.BodyHandlers.discarding()))
			.filter((response) -> response.statusCode() == 200)
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("The server is not ready")))
			.retryWhen(Retry.fixedDelay(600, Duration.ofMillis(100)).filter((error) -> this.process.isAlive()))
			.block(Duration.ofSeconds(60));
	}

	String baseUrl() {
		return "http://127.0.0.1:" + this.port;
	}

	/**
	 * Send SIGKILL, which no process can answer.
	 */
	void kill() {
		this.process.destroyForcibly();
	}

	@Override
	public void close() throws IOException {
		kill();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
