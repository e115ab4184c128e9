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
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.util.FileSystemUtils;

/**
 * A real database server of the machine on a free port, with an empty database in a
 * folder of its own.
 */
public abstract class DatabaseServer implements AutoCloseable {

	private final Path folder;

	private final String url;

	private final Process process;

	/**
	 * Wait until the server answers.
	 */
	DatabaseServer(Path folder, String url, Process process) throws IOException, InterruptedException {
		this.folder = folder;
		this.url = url;
		this.process = process;
		for (int i = 0; i < 300; i++) {
			try {
				dataSource().getConnection().close();
				return;
			}
			catch (SQLException ex) {
				if (!process.isAlive()) {
					break;
				}
				Thread.sleep(100);
			}
		}
		throw new IllegalStateException(log(folder));
	}

	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	static Process run(Path folder, List<String> command) throws IOException {
		return new ProcessBuilder(command).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
			.start();
	}

	static void runToEnd(Path folder, List<String> command) throws IOException, InterruptedException {
		if (run(folder, command).waitFor() != 0) {
			throw new IllegalStateException(log(folder));
		}
	}

	private static String log(Path folder) throws IOException {
		return Files.readString(folder.resolve("log"));
	}

	/**
	 * Run a script of the class path.
	 */
	public static void runScript(DataSource dataSource, String script) {
		new ResourceDatabasePopulator(new ClassPathResource(script)).execute(dataSource);
	}

	public String url() {
		return this.url;
	}

	public DataSource dataSource() {
		return new DriverManagerDataSource(this.url);
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
