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

import java.math.BigDecimal;
import java.time.Instant;

/**
 * How much of a budget is used, for one value of its tag, in the period that is now. In
 * tokens or US dollars, as the budget is.
 *
 * @param budget the budget
 * @param value the tag's value, empty for streams without the tag and for a budget
 * without one
 * @param used what streams used that have ended
 * @param reserved what active streams hold
 * @param limit what may be used
 * @param resets when the budget is there anew
 */
public record BudgetUse(Budget budget, String value, BigDecimal used, BigDecimal reserved, BigDecimal limit,
		Instant resets) {

	/**
	 * What is free.
	 * @return how much more can be reserved, not negative
	 */
	public BigDecimal free() {
		return this.limit.subtract(this.used).subtract(this.reserved).max(BigDecimal.ZERO);
	}

}
