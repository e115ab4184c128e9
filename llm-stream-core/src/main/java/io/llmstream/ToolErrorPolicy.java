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
 * What becomes of a tool call that fails: one that throws, takes too long, answers too
 * much, was called with wrong arguments, or does not exist.
 */
public enum ToolErrorPolicy {

	/**
	 * The model is told, with a result that is marked as an error, and goes on. It is
	 * told the message of a {@link ToolException}, what is wrong with its arguments, and
	 * of other exceptions only that the tool failed: what the model is told may reach the
	 * browser.
	 */
	TELL_MODEL,

	/** The stream ends with a {@link ToolFailedException}. */
	FAIL

}
