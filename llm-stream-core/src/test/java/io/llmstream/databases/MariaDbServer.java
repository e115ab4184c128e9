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
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * A real MariaDB.
 */
public final class MariaDbServer extends DatabaseServer {

	private static final Path INSTALLER = Path.of("/usr/bin/mariadb-install-db");

	private static final Path SERVER = Path.of("/usr/sbin/mariadbd");

	private static final String ACCOUNT = """
			CREATE DATABASE test;
			CREATE USER 'test'@'127.0.0.1' IDENTIFIED BY 'test';
			GRANT ALL ON test.* TO 'test'@'127.0.0.1';
			""";

	private MariaDbServer(Path folder, int port, Process process) throws IOException, InterruptedException {
		super(folder, "jdbc:mariadb://127.0.0.1:" + port + "/test?user=test&password=test", process);
	}

	/**
	 * Start a server; where it is not installed, the test is skipped.
	 */
	public static MariaDbServer start() throws IOException, InterruptedException {
		Assumptions.assumeTrue(Files.isExecutable(INSTALLER) && Files.isExecutable(SERVER),
				"MariaDB is not installed (Debian's package mariadb-server)");
		Path folder = Files.createTempDirectory("llm-stream-mariadb");
		int port = freePort();
		String data = folder.resolve("data").toString();
		// as root it refuses to run unless it is told to
		String user = "--user=" + System.getProperty("user.name");
		runToEnd(folder, List.of(INSTALLER.toString(), "--no-defaults", user, "--datadir=" + data,
				"--auth-root-authentication-method=normal", "--skip-test-db"));
		Path account = Files.writeString(folder.resolve("account.sql"), ACCOUNT);
		return new MariaDbServer(folder, port,
				run(folder,
						List.of(SERVER.toString(), "--no-defaults", user, "--datadir=" + data, "--port=" + port,
								"--bind-address=127.0.0.1", "--socket=" + folder.resolve("socket"),
								"--pid-file=" + folder.resolve("pid"), "--init-file=" + account,
								"--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0")));
	}

}
