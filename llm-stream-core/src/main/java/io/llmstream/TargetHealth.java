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

/**
 * Says how a target of a route is doing, so that a route can try those that are well
 * first. Asked at the beginning of each stream, by any thread; must not block.
 */
@FunctionalInterface
public interface TargetHealth {

	/**
	 * How the target is doing now.
	 * @return its state
	 */
	State state();

	/**
	 * States of a target, best first.
	 */
	enum State {

		/** Nothing speaks against asking it. */
		UP,

		/**
		 * It answers, but has little room: few requests are left, or keys are resting.
		 */
		LIMITED,

		/** It would refuse at once, such as behind an open circuit breaker. */
		DOWN

	}

}
