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

import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * How the tools of a request are run. What is {@code null} is left to the
 * {@link ToolRunner}.
 *
 * @param maxSteps how often the model is asked for one answer, 1 or more. When it calls
 * tools in the last of these steps, they are not run, and the stream fails with a
 * {@link ToolStepLimitException}
 * @param maxParallelCalls how many calls of one answer run at the same time, 1 or more;
 * others wait
 * @param timeout how long a call may take from its start
 * @param maxResultLength how long a result may be, in characters; a longer one is a
 * failure of the call
 * @param errorPolicy what becomes of a call that fails
 * @param approval is asked before each call
 */
public record ToolOptions(@Nullable Integer maxSteps, @Nullable Integer maxParallelCalls, @Nullable Duration timeout,
		@Nullable Integer maxResultLength, @Nullable ToolErrorPolicy errorPolicy, @Nullable ToolApproval approval) {

	/** Leaves everything to the runner. */
	public static final ToolOptions DEFAULTS = builder().build();

	/**
	 * Create options.
	 * @throws IllegalArgumentException if a value is out of its range; the message names
	 * it
	 */
	public ToolOptions {
		check(maxSteps == null || maxSteps >= 1, "maxSteps must be 1 or more", maxSteps);
		check(maxParallelCalls == null || maxParallelCalls >= 1, "maxParallelCalls must be 1 or more",
				maxParallelCalls);
		check(timeout == null || (!timeout.isNegative() && !timeout.isZero()), "timeout must be positive", timeout);
		check(maxResultLength == null || maxResultLength >= 1, "maxResultLength must be 1 or more", maxResultLength);
	}

	private static void check(boolean condition, String message, @Nullable Object value) {
		if (!condition) {
			throw new IllegalArgumentException(message + ", but is " + value);
		}
	}

	/**
	 * Begin options.
	 * @return a builder with nothing set
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Options that are set by a function.
	 * @param options receives the builder
	 * @return the options
	 */
	public static ToolOptions of(Consumer<Builder> options) {
		Builder builder = builder();
		options.accept(builder);
		return builder.build();
	}

	/**
	 * These options, with others where nothing is set.
	 * @param defaults the others
	 * @return the options
	 */
	public ToolOptions or(ToolOptions defaults) {
		return new ToolOptions((this.maxSteps != null) ? this.maxSteps : defaults.maxSteps,
				(this.maxParallelCalls != null) ? this.maxParallelCalls : defaults.maxParallelCalls,
				(this.timeout != null) ? this.timeout : defaults.timeout,
				(this.maxResultLength != null) ? this.maxResultLength : defaults.maxResultLength,
				(this.errorPolicy != null) ? this.errorPolicy : defaults.errorPolicy,
				(this.approval != null) ? this.approval : defaults.approval);
	}

	/**
	 * Builds {@link ToolOptions}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private @Nullable Integer maxSteps;

		private @Nullable Integer maxParallelCalls;

		private @Nullable Duration timeout;

		private @Nullable Integer maxResultLength;

		private @Nullable ToolErrorPolicy errorPolicy;

		private @Nullable ToolApproval approval;

		private Builder() {
		}

		/**
		 * Set how often the model is asked for one answer.
		 * @param maxSteps the number of steps, 1 or more, or {@code null}
		 * @return this builder
		 */
		public Builder maxSteps(@Nullable Integer maxSteps) {
			this.maxSteps = maxSteps;
			return this;
		}

		/**
		 * Set how many calls of one answer run at the same time.
		 * @param maxParallelCalls the number, 1 or more, or {@code null}
		 * @return this builder
		 */
		public Builder maxParallelCalls(@Nullable Integer maxParallelCalls) {
			this.maxParallelCalls = maxParallelCalls;
			return this;
		}

		/**
		 * Set how long a call may take.
		 * @param timeout the limit, or {@code null}
		 * @return this builder
		 */
		public Builder timeout(@Nullable Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * Set how long a result may be.
		 * @param maxResultLength the limit in characters, or {@code null}
		 * @return this builder
		 */
		public Builder maxResultLength(@Nullable Integer maxResultLength) {
			this.maxResultLength = maxResultLength;
			return this;
		}

		/**
		 * Set what becomes of a call that fails.
		 * @param errorPolicy the policy, or {@code null}
		 * @return this builder
		 */
		public Builder errorPolicy(@Nullable ToolErrorPolicy errorPolicy) {
			this.errorPolicy = errorPolicy;
			return this;
		}

		/**
		 * Set who is asked before each call.
		 * @param approval the hook, or {@code null}
		 * @return this builder
		 */
		public Builder approval(@Nullable ToolApproval approval) {
			this.approval = approval;
			return this;
		}

		/**
		 * Build the options.
		 * @return the options
		 */
		public ToolOptions build() {
			return new ToolOptions(this.maxSteps, this.maxParallelCalls, this.timeout, this.maxResultLength,
					this.errorPolicy, this.approval);
		}

	}

}
