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

import java.util.List;

/**
 * Where the usage ledger is kept. A bean of this type takes the place of the built-in
 * ones.
 * <p>
 * Entries are handed over by one thread of the ledger's own, in batches. It may block.
 */
public interface UsageStore {

	/**
	 * Keep entries. Where this throws, the same entries come again later; an entry that
	 * is there already, by its {@linkplain UsageEntry#id() id}, is not counted again.
	 * @param entries the entries
	 * @throws UnstorableEntriesException if some of them can never be kept, and all
	 * others are; those do not come again
	 */
	void add(List<UsageEntry> entries);

	/**
	 * Add up entries. May block; entries that ended in the last moments may still be on
	 * their way.
	 * @param query what to add up
	 * @return a row for each period and group that has entries, sorted by both
	 */
	List<UsageRow> query(UsageQuery query);

	/**
	 * The entries that were added last.
	 * @param limit how many at most
	 * @return the entries, latest first
	 */
	List<UsageEntry> latest(int limit);

}
