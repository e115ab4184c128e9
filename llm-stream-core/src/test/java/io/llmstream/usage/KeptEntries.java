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

import java.util.ArrayList;
import java.util.List;

/**
 * A store that keeps what it is given, and can be told to fail.
 */
public final class KeptEntries implements UsageStore {

	private final List<UsageEntry> entries = new ArrayList<>();

	private int failures;

	@Override
	public synchronized void add(List<UsageEntry> more) {
		if (this.failures > 0) {
			this.failures--;
			throw new IllegalStateException("The store is away");
		}
		this.entries.addAll(more);
	}

	@Override
	public List<UsageRow> query(UsageQuery query) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<UsageEntry> latest(int limit) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Fail some times.
	 * @param times how many
	 */
	public synchronized void fail(int times) {
		this.failures = times;
	}

	/**
	 * Take what was kept.
	 * @return the entries, in the order in which they came
	 */
	public synchronized List<UsageEntry> take() {
		List<UsageEntry> taken = List.copyOf(this.entries);
		this.entries.clear();
		return taken;
	}

}
