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
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.util.FileSystemUtils;

/**
 * A real PostgreSQL of the machine on a free port, with an empty database in a folder of
 * its own.
 */
public final class PostgreSqlServer implements AutoCloseable {

	private final Path folder;

	private final int port;

	private final Process process;

	private PostgreSqlServer(Path folder, int port, Process process) {
		this.folder = folder;
		this.port = port;
		this.process = process;
	}

	/**
	 * Start a server; where it is not installed, the test is skipped.
	 */
	public static PostgreSqlServer start() throws IOException, InterruptedException {
		Path programs = programs();
		Assumptions.assumeTrue(programs != null, "PostgreSQL is not installed (Debian's package postgresql)");
		Path folder = Files.createTempDirectory("llm-stream-postgresql",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
		Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		String data = folder.resolve("data").toString();
		Process init = process(folder, "initdb.log", programs + "/initdb", "-D", data, "-A", "trust", "-U", "test",
				"-E", "UTF8", "--no-sync");
		if (init.waitFor() != 0) {
			throw new IllegalStateException(Files.readString(folder.resolve("initdb.log")));
		}
		Process process = process(folder, "server.log", programs + "/postgres", "-D", data, "-p",
				Integer.toString(port), "-h", "127.0.0.1", "-k", folder.toString(), "-c", "fsync=off");
		PostgreSqlServer server = new PostgreSqlServer(folder, port, process);
		server.await();
		return server;
	}

	private static @Nullable Path programs() throws IOException {
		Path versions = Path.of("/usr/lib/postgresql");
		if (!Files.isDirectory(versions)) {
			return null;
		}
		try (Stream<Path> found = Files.list(versions)) {
			return found.map((version) -> version.resolve("bin"))
				.filter((bin) -> Files.isExecutable(bin.resolve("initdb")))
				.sorted()
				.reduce((older, newer) -> newer)
				.orElse(null);
		}
	}

	/** The server refuses to be run by root. */
	private static Process process(Path folder, String log, String... command) throws IOException {
		List<String> line = new ArrayList<>();
		if ("root".equals(System.getProperty("user.name"))) {
			line.addAll(List.of("runuser", "-u", "postgres", "--"));
		}
		line.addAll(List.of(command));
		return new ProcessBuilder(line).directory(folder.toFile())
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

	public String url() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=test";
	}

	public DataSource dataSource() {
		return new DriverManagerDataSource(url());
	}

	static void createTables(DataSource dataSource, String database) {
		run(dataSource, "io/llmstream/usage/jdbc/schema-" + database + ".sql");
	}

	/**
	 * Run a script of the class path.
	 */
	public static void run(DataSource dataSource, String script) {
		new ResourceDatabasePopulator(new ClassPathResource(script)).execute(dataSource);
	}

	@Override
	public void close() throws IOException {
		// a child of runuser does not get its signals
		this.process.descendants().forEach(ProcessHandle::destroy);
		this.process.destroy();
		this.process.onExit().completeOnTimeout(this.process, 20, TimeUnit.SECONDS).join();
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
