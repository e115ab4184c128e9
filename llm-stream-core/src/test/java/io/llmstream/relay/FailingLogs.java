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

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Logs whose first reader fails from some time on, with something worse than an
 * exception: when it is asked what waits, when it reads, or when it is closed.
 */
final class FailingLogs implements RunLogs {

	private final RunLogs logs;

	private final String method;

	private volatile boolean failing;

	FailingLogs(RunLogs logs, String method) {
		this.logs = logs;
		this.method = method;
	}

	void fail() {
		this.failing = true;
	}

	private void failIn(String called) {
		if (this.failing && this.method.contains(called)) {
			throw new NoClassDefFoundError("on purpose");
		}
	}

	@Override
	public RunLog create(String runId, @Nullable String owner) {
		return new FailingLog(this.logs.create(runId, owner));
	}

	private final class FailingLog implements RunLog {

		private final RunLog log;

		private final AtomicBoolean read = new AtomicBoolean();

		private FailingLog(RunLog log) {
			this.log = log;
		}

		@Override
		public boolean append(RunEvent event, boolean urgent) {
			return this.log.append(event, urgent);
		}

		@Override
		public void publish() {
			this.log.publish();
		}

		@Override
		public Reader reader(long after, Runnable onEvent) {
			Reader reader = this.log.reader(after, onEvent);
			return (this.read.compareAndSet(false, true)) ? new FailingReader(reader) : reader;
		}

		@Override
		public boolean hasRoom() {
			return this.log.hasRoom();
		}

	}

	private final class FailingReader implements RunLog.Reader {

		private final RunLog.Reader reader;

		private FailingReader(RunLog.Reader reader) {
			this.reader = reader;
		}

		@Override
		public RunLog.Pending pending() {
			failIn("pending");
			return this.reader.pending();
		}

		@Override
		public List<RunEvent> read(int max) {
			failIn("read");
			return this.reader.read(max);
		}

		@Override
		public void close() {
			this.reader.close();
			failIn("close");
		}

	}

}
