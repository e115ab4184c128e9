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

package io.llmstream.relay;

import org.jspecify.annotations.Nullable;

/**
 * Where the logs of runs are kept. Safe for use by several threads.
 */
@FunctionalInterface
public interface RunLogs {

	/**
	 * Create the log of a new run. Must not block.
	 * @param runId the run's id
	 * @param owner whose run it is, or {@code null} if it is nobody's
	 * @return an empty log
	 */
	RunLog create(String runId, @Nullable String owner);

	/**
	 * Whether other servers can read these logs too. Browsers are then sent to them when
	 * this one goes down; otherwise a run ends with the server that it is on.
	 * @return whether they can
	 */
	default boolean shared() {
		return false;
	}

	/**
	 * Keep logs in the memory of this process.
	 * @param relay tell how pieces are merged
	 * @param runs tell how long a log may be
	 * @return where to keep them
	 */
	static RunLogs inMemory(RelaySettings relay, RunSettings runs) {
		return (runId, owner) -> new MemoryLog(relay.mergeLimit(), runs.maxRunSize());
	}

}
