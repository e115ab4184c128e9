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

package io.llmstream;

import org.jspecify.annotations.Nullable;

/**
 * How much a model should reason before it answers. Providers take an effort or a budget;
 * what a provider cannot do is rejected when the request is made.
 *
 * @param effort how hard to think, or {@code null} for the provider's default
 * @param budgetTokens how many tokens the reasoning may use, 1 or more, or {@code null}
 * @param show whether reasoning, or a summary of it, should be sent; {@code null} for the
 * provider's default
 */
public record ReasoningOptions(@Nullable Effort effort, @Nullable Integer budgetTokens, @Nullable Boolean show) {

	/**
	 * Create options.
	 * @throws IllegalArgumentException if the budget is less than 1
	 */
	public ReasoningOptions {
		if (budgetTokens != null && budgetTokens < 1) {
			throw new IllegalArgumentException("budgetTokens must be 1 or more, but is " + budgetTokens);
		}
	}

	/**
	 * Reason with some effort.
	 * @param effort how hard to think
	 * @return the options
	 */
	public static ReasoningOptions effort(Effort effort) {
		return new ReasoningOptions(effort, null, null);
	}

	/**
	 * Reason within a budget.
	 * @param tokens how many tokens the reasoning may use
	 * @return the options
	 */
	public static ReasoningOptions budget(int tokens) {
		return new ReasoningOptions(null, tokens, null);
	}

	/**
	 * Whether reasoning, or a summary of it, should be sent.
	 * @param show whether to send it
	 * @return changed options
	 */
	public ReasoningOptions show(boolean show) {
		return new ReasoningOptions(this.effort, this.budgetTokens, show);
	}

	/**
	 * How hard to think.
	 */
	public enum Effort {

		/** Not at all. */
		NONE,

		/** As little as possible. */
		MINIMAL,

		/** A little. */
		LOW,

		/** Somewhat. */
		MEDIUM,

		/** Hard. */
		HIGH,

		/** As hard as the model can. */
		MAX

	}

}
