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

package io.llmstream.usage.jdbc;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.junit.jupiter.api.Assumptions;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * A real MariaDB of the machine on a free port, with an empty database in a folder of its
 * own.
 */
final class MariaDbServer implements AutoCloseable {

	private static final Path INSTALLER = Path.of("/usr/bin/mariadb-install-db");

	private static final Path SERVER = Path.of("/usr/sbin/mariadbd");

	private static final String ACCOUNT = """
			CREATE DATABASE test;
			CREATE USER 'test'@'127.0.0.1' IDENTIFIED BY 'test';
			GRANT ALL ON test.* TO 'test'@'127.0.0.1';
			""";

	private final Path folder;

	private final int port;

	private final Process process;

	private MariaDbServer(Path folder, int port, Process process) {
		this.folder = folder;
		this.port = port;
		this.process = process;
	}

	/**
	 * Start a server; where it is not installed, the test is skipped.
	 */
	static MariaDbServer start() throws IOException, InterruptedException {
		Assumptions.assumeTrue(Files.isExecutable(INSTALLER) && Files.isExecutable(SERVER),
				"MariaDB is not installed (Debian's package mariadb-server)");
		Path folder = Files.createTempDirectory("llm-stream-mariadb");
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		String data = folder.resolve("data").toString();
		// as root it refuses to run unless it is told to
		String user = "--user=" + System.getProperty("user.name");
		Process install = process(folder, "install.log", List.of(INSTALLER.toString(), "--no-defaults", user,
				"--datadir=" + data, "--auth-root-authentication-method=normal", "--skip-test-db"));
		if (install.waitFor() != 0) {
			throw new IllegalStateException(Files.readString(folder.resolve("install.log")));
		}
		Path account = Files.writeString(folder.resolve("account.sql"), ACCOUNT);
		Process process = process(folder, "server.log",
				List.of(SERVER.toString(), "--no-defaults", user, "--datadir=" + data, "--port=" + port,
						"--bind-address=127.0.0.1", "--socket=" + folder.resolve("socket"),
						"--pid-file=" + folder.resolve("pid"), "--init-file=" + account,
						"--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0"));
		MariaDbServer server = new MariaDbServer(folder, port, process);
		server.await();
		return server;
	}

	private static Process process(Path folder, String log, List<String> command) throws IOException {
		return new ProcessBuilder(command).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(folder.resolve(log).toFile())
			.start();
	}

	private void await() throws IOException, InterruptedException {
		for (int i = 0; i < 300; i++) {
			try {
				dataSource().getConnection().close();
				return;
			}
			catch (SQLException ex) {
				if (!this.process.isAlive()) {
					break;
				}
				Thread.sleep(100);
			}
		}
		throw new IllegalStateException(Files.readString(this.folder.resolve("server.log")));
	}

	DataSource dataSource() {
		return new DriverManagerDataSource("jdbc:mariadb://127.0.0.1:" + this.port + "/test?user=test&password=test");
	}

	@Override
	public void close() throws IOException {
		this.process.destroyForcibly();
		this.process.onExit().completeOnTimeout(this.process, 20, TimeUnit.SECONDS).join();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
