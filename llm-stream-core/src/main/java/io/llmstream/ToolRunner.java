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

import java.util.List;

/**
 * Runs the tools of a request: asks the model, runs what it calls, and asks again with
 * the results, until it calls nothing more. Stands outermost around the model of a
 * client. A request without {@link StreamRequest#toolCallbacks()} is passed on as it is.
 */
public interface ToolRunner extends StreamFilter {

	/**
	 * The tools that an object offers.
	 * @param source an object with {@code @Tool} methods, or the name of a tool that the
	 * runner knows
	 * @return the tools, at least one
	 * @throws IllegalArgumentException if it offers none, or if one cannot be used; the
	 * message names the method
	 */
	List<ToolCallback> toolsOf(Object source);

}
