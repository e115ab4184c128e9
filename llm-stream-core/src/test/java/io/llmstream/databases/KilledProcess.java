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

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that counts what it has done, a number on each line, until it is killed.
 */
public final class KilledProcess {

	private KilledProcess() {
	}

	/**
	 * Run a class, and kill it (SIGKILL) when it has counted far enough.
	 * @param main its main class
	 * @param enough how far
	 * @param argument of its main method
	 * @return how far it had counted in the end
	 */
	public static long run(Class<?> main, long enough, String argument) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), main.getName(), argument)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader lines = process.inputReader()) {
			long counted = 0;
			while (counted < enough) {
				String line = lines.readLine();
				assertThat(line).as("the process's progress").isNotNull();
				counted = Long.parseLong(line);
			}
			process.toHandle().destroyForcibly();
			for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
				counted = Math.max(counted, Long.parseLong(line));
			}
			assertThat(process.waitFor()).isEqualTo(137);
			return counted;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
