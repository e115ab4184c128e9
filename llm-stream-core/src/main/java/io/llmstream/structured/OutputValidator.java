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

package io.llmstream.structured;

import java.util.List;

/**
 * Says whether an object that a model wrote keeps the rules of the application. Called
 * once for each complete object, or element of a list, on the thread that delivers it,
 * which must not be blocked.
 */
@FunctionalInterface
public interface OutputValidator {

	/**
	 * Validate an object.
	 * @param object the object
	 * @return what is wrong with it, empty if nothing is
	 */
	List<Violation> validate(Object object);

	/**
	 * A rule that is not kept.
	 *
	 * @param where the way to the value, such as {@code steps[0].minutes}
	 * @param rule the rule that it does not keep, for the error: without the value
	 * @param message the rule in words, for the model that is asked again
	 */
	record Violation(String where, String rule, String message) {
	}

}
