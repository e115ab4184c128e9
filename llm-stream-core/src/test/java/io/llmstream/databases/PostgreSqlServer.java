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

package io.llmstream.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL.
 */
public final class PostgreSqlServer extends DatabaseServer {

	private PostgreSqlServer(Path folder, int port, Process process) throws IOException, InterruptedException {
		super(folder, "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=test", process);
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
		int port = freePort();
		String data = folder.resolve("data").toString();
		runToEnd(folder,
				command(programs + "/initdb", "-D", data, "-A", "trust", "-U", "test", "-E", "UTF8", "--no-sync"));
		return new PostgreSqlServer(folder, port, run(folder, command(programs + "/postgres", "-D", data, "-p",
				Integer.toString(port), "-h", "127.0.0.1", "-k", folder.toString(), "-c", "fsync=off")));
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
	private static List<String> command(String... command) {
		List<String> line = new ArrayList<>();
		if ("root".equals(System.getProperty("user.name"))) {
			line.addAll(List.of("runuser", "-u", "postgres", "--"));
		}
		line.addAll(List.of(command));
		return line;
	}

}
