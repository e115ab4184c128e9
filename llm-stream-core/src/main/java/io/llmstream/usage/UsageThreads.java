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

package io.llmstream.usage;

import java.util.concurrent.TimeUnit;

/**
 * Threads of the ledger.
 */
final class UsageThreads {

	private UsageThreads() {
	}

	/**
	 * A thread that keeps neither the virtual machine nor a web application alive.
	 */
	static Thread create(String name, Runnable task) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(UsageThreads.class.getClassLoader());
		return thread;
	}

	/**
	 * Write a log entry; what fails in it ends no thread, and loses nothing else.
	 */
	static void report(Runnable entry) {
		try {
			entry.run();
		}
		catch (Throwable ex) {
			// there is nobody left to tell
		}
	}

	static void join(Thread thread, long end) {
		try {
			TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
