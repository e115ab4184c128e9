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

/**
 * Thrown by a {@link UsageStore} that has stored what it was given but for entries that
 * it can never store, such as those with a value that is none to the database. They do
 * not come again, and are counted as lost.
 */
public final class UnstorableEntriesException extends RuntimeException {

	private final long entries;

	/**
	 * Create an exception.
	 * @param entries how many entries are lost, sums counted as what they are made of
	 * @param reason why, without the values of the entries; it is logged
	 */
	public UnstorableEntriesException(long entries, String reason) {
		super(reason);
		this.entries = entries;
	}

	/**
	 * How many entries are lost.
	 * @return how many, sums counted as what they are made of
	 */
	public long getEntries() {
		return this.entries;
	}

}
