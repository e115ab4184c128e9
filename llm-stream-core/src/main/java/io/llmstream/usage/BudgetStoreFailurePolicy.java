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
 * What becomes of streams while the store of budgets does not answer. Those that are
 * active go on within what they have reserved, and what they use is told to the store
 * when it answers again, for some ten minutes.
 */
public enum BudgetStoreFailurePolicy {

	/**
	 * Each node counts by itself, beginning with what its own streams used in the period,
	 * so that no node alone goes beyond a budget: a stream that would is refused, or
	 * ended, as if the store had answered.
	 */
	LOCAL,

	/** Every stream may start, and go on. */
	ALLOW,

	/** No stream may start. Active ones go on. */
	REFUSE

}
