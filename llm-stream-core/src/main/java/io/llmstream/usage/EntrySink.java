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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the ledger's thread puts entries; never waits for a store that does.
 */
interface EntrySink {

	void accept(List<UsageEntry> entries);

	boolean flush(Duration timeout);

	void close(Duration timeout);

	void lost(long entries);

	long pending();

	long merged();

	long failedWrites();

	long lost();

	/**
	 * A sink of a store that takes no time.
	 */
	static EntrySink direct(UsageStore store) {
		AtomicLong lost = new AtomicLong();
		return new EntrySink() {

			@Override
			public void accept(List<UsageEntry> entries) {
				store.add(entries);
			}

			@Override
			public boolean flush(Duration timeout) {
				return true;
			}

			@Override
			public void close(Duration timeout) {
			}

			@Override
			public void lost(long entries) {
				lost.addAndGet(entries);
			}

			@Override
			public long pending() {
				return 0;
			}

			@Override
			public long merged() {
				return 0;
			}

			@Override
			public long failedWrites() {
				return 0;
			}

			@Override
			public long lost() {
				return lost.get();
			}

		};
	}

}
