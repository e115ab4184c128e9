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

package io.llmstream.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;

import io.llmstream.benchmarks.load.Workload;

/**
 * The application, as visitors see it.
 *
 * @param port where it listens
 * @param patience how long it waits for a browser that takes nothing
 */
record Site(int port, Duration patience) {

	private static final String RUNS = "/llm-stream/runs";

	long patienceMillis() {
		return this.patience.toMillis();
	}

	/**
	 * Ask for an answer that ends with its connection.
	 */
	Connection chat(Workload workload) throws IOException {
		return open("POST /v1/chat/completions", body(workload));
	}

	/**
	 * Start a run.
	 */
	Connection start(Workload workload) throws IOException {
		return open("POST " + RUNS, body(workload));
	}

	/**
	 * Watch a run from after an event on.
	 */
	Connection resume(String runId, String lastEventId) throws IOException {
		return open("GET " + RUNS + "/" + runId + "\nLast-Event-ID: " + lastEventId, "").after(lastEventId);
	}

	void stop(String runId) throws IOException {
		open("POST " + RUNS + "/" + runId + "/stop", "").close();
	}

	private Connection open(String head, String body) throws IOException {
		Connection connection = new Connection(this.port, head, body);
		if (connection.status() != 200) {
			connection.close();
			throw new IOException("Status " + connection.status() + " for " + head.substring(0, head.indexOf(' ')));
		}
		return connection;
	}

	private static String body(Workload workload) {
		return "{\"prompt\":\"" + workload.prompt() + "\"}";
	}

}
