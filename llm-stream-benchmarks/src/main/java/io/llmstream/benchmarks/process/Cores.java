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

package io.llmstream.benchmarks.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The cores of the machine, each of which a process may have for itself.
 */
public final class Cores {

	private static final Path TASKSET = Path.of("/usr/bin/taskset");

	private Cores() {
	}

	/**
	 * Whether processes can be kept on one core each.
	 * @return whether there are two cores and the command for it
	 */
	public static boolean canChoose() {
		return Runtime.getRuntime().availableProcessors() > 1 && Files.isExecutable(TASKSET);
	}

	/**
	 * What starts a process on a core.
	 * @param core the core's number
	 * @return what stands before its command, nothing if it cannot be chosen
	 */
	static List<String> command(int core) {
		return (canChoose()) ? List.of(TASKSET.toString(), "-c", Integer.toString(core)) : List.of();
	}

}
