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
import reactor.core.publisher.Mono;

/**
 * Is asked before each call of a tool, and may let a person decide. A bean of this type
 * is asked for all clients.
 * <p>
 * The other calls of the answer go on meanwhile. The time that it takes does not count
 * for the tool's time-out; it has no limit but the one that it sets itself.
 */
@FunctionalInterface
public interface ToolApproval {

	/**
	 * Whether a call may run.
	 * @param invocation the call
	 * @return the decision; cancelled when the answer is. Empty denies; an error is a
	 * failure of the call. Must not block
	 */
	Mono<Decision> decide(ToolInvocation invocation);

	/**
	 * Whether a call may run.
	 *
	 * @param approved whether it may
	 * @param reason what the model is told instead of a result, or {@code null}
	 */
	record Decision(boolean approved, @Nullable String reason) {

		/** The call may run. */
		public static final Decision APPROVED = new Decision(true, null);

		/**
		 * The call must not run.
		 * @param reason what the model is told
		 * @return the decision
		 */
		public static Decision denied(String reason) {
			return new Decision(false, reason);
		}

	}

}
