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
 * Is told of each stream that budgets refuse or end; for meters, for instance. Beans of
 * this type are found.
 * <p>
 * Called by the thread that asked or that emits the tokens; must not block.
 */
@FunctionalInterface
public interface BudgetListener {

	/**
	 * A stream was refused or ended.
	 * @param client the name of the client that was asked
	 * @param budget the budget
	 * @param reason why
	 */
	void refused(String client, Budget budget, Reason reason);

	/**
	 * Why a budget refuses.
	 */
	enum Reason {

		/** It has too little left in this period. */
		USED_UP,

		/** The request may use more than the whole budget. */
		TOO_LARGE,

		/** The budget is in money, and the price of the model is not known. */
		UNPRICED,

		/** What the budget counts cannot be known now. */
		STORE_UNAVAILABLE,

		/** An answer, which had begun, wrote more than is left. */
		ENDED

	}

}
