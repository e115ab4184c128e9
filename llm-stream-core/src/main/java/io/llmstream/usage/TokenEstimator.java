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

import org.jspecify.annotations.Nullable;

/**
 * Counts tokens where a provider does not say how many there were. A bean of this type
 * takes the place of the built-in ones.
 * <p>
 * Called by threads of the ledger's own, for one text at a time, and may take its time.
 * Safe for use by several threads.
 */
@FunctionalInterface
public interface TokenEstimator {

	/**
	 * Count the tokens of a text.
	 * @param model the model whose tokens are meant, or {@code null} if it is not known
	 * @param text the text
	 * @return how many tokens, zero for an empty text alone
	 */
	long count(@Nullable String model, String text);

	/**
	 * An estimator that needs no library: four characters of the Latin script make a
	 * token, and so does one and a half of any other.
	 * @return the estimator
	 */
	static TokenEstimator byLength() {
		return (model, text) -> LengthEstimate.count(text);
	}

}
