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
 * Is told of each entry of the usage ledger once it is complete, with tokens and cost,
 * and before it is stored; for meters, for instance. Beans of this type are found.
 * <p>
 * Called by a thread of the ledger's own, one entry after the other; a listener that
 * blocks holds up the ledger.
 */
@FunctionalInterface
public interface UsageListener {

	/**
	 * An entry is complete.
	 * @param entry the entry
	 */
	void recorded(UsageEntry entry);

}
