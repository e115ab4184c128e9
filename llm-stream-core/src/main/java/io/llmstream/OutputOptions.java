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
 * How an object is got from a model.
 *
 * @param mode how the model is told what to write, or {@code null} to leave it to the
 * configuration
 * @param maxRepairs how many times the model is told what was wrong with its answer and
 * asked again, 0 or more, or {@code null} to leave it to the configuration
 */
public record OutputOptions(ResponseFormat.@Nullable Mode mode, @Nullable Integer maxRepairs) {

	/** Everything is left to the configuration. */
	public static final OutputOptions DEFAULTS = new OutputOptions(null, null);

	/**
	 * Create options.
	 * @throws IllegalArgumentException if {@code maxRepairs} is negative
	 */
	public OutputOptions {
		if (maxRepairs != null && maxRepairs < 0) {
			throw new IllegalArgumentException("maxRepairs must be 0 or more, but is " + maxRepairs);
		}
	}

	/**
	 * These, with another mode.
	 * @param mode how the model is told what to write
	 * @return changed options
	 */
	public OutputOptions withMode(ResponseFormat.Mode mode) {
		return new OutputOptions(mode, this.maxRepairs);
	}

	/**
	 * These, with another number of repairs.
	 * @param maxRepairs how many times the model is asked again, 0 or more
	 * @return changed options
	 */
	public OutputOptions withMaxRepairs(int maxRepairs) {
		return new OutputOptions(this.mode, maxRepairs);
	}

	/**
	 * These, with what they leave out taken from others.
	 * @param defaults where to take it from
	 * @return changed options
	 */
	public OutputOptions orElse(OutputOptions defaults) {
		return new OutputOptions((this.mode != null) ? this.mode : defaults.mode,
				(this.maxRepairs != null) ? this.maxRepairs : defaults.maxRepairs);
	}

}
