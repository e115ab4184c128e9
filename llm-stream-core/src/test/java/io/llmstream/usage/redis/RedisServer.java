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

package io.llmstream.usage.redis;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A real Redis of the machine on a free port, which keeps nothing.
 */
final class RedisServer implements AutoCloseable {

	private final Path folder;

	private final int port;

	private Process process;

	private RedisServer(Path folder, int port) throws IOException, InterruptedException {
		this.folder = folder;
		this.port = port;
		this.process = run();
	}

	/**
	 * Start a server; where it is not installed, the test is skipped.
	 */
	static RedisServer start() throws IOException, InterruptedException {
		Assumptions.assumeTrue(program() != null, "Redis is not installed (Debian's package redis-server)");
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		return new RedisServer(Files.createTempDirectory("llm-stream-redis"), port);
	}

	private static @Nullable String program() {
		return List.of("/usr/bin/redis-server", "/usr/local/bin/redis-server")
			.stream()
			.filter((program) -> Files.isExecutable(Path.of(program)))
			.findFirst()
			.orElse(null);
	}

	private Process run() throws IOException, InterruptedException {
		Process started = new ProcessBuilder(String.valueOf(program()), "--port", Integer.toString(this.port), "--bind",
				"127.0.0.1", "--save", "", "--appendonly", "no", "--dir", this.folder.toString())
			.redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("server.log").toFile())
			.start();
		for (int i = 0; i < 300; i++) {
			if (answers()) {
				return started;
			}
			if (!started.isAlive()) {
				break;
			}
			Thread.sleep(20);
		}
		throw new IllegalStateException(Files.readString(this.folder.resolve("server.log")));
	}

	private boolean answers() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress("127.0.0.1", this.port), 1_000);
			socket.setSoTimeout(1_000);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			return socket.getInputStream().read() == '+';
		}
		catch (IOException ex) {
			return false;
		}
	}

	int port() {
		return this.port;
	}

	LettuceConnectionFactory connections() {
		return connections(this.port);
	}

	static LettuceConnectionFactory connections(int port) {
		LettuceConnectionFactory connections = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", port),
				LettuceClientConfiguration.builder()
					.shutdownTimeout(Duration.ZERO)
					.shutdownQuietPeriod(Duration.ZERO)
					.build());
		connections.afterPropertiesSet();
		connections.start();
		return connections;
	}

	/**
	 * Stop the server, which forgets all.
	 */
	void stop() {
		this.process.destroyForcibly();
		this.process.onExit().completeOnTimeout(this.process, 20, TimeUnit.SECONDS).join();
	}

	/**
	 * Start it again, on the same port.
	 */
	void startAgain() throws IOException, InterruptedException {
		this.process = run();
	}

	@Override
	public void close() throws IOException {
		stop();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
