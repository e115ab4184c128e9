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
 * Thrown by a tool to tell the model what went wrong. The message is for the model to
 * read, and reaches whoever sees the results of tools; that of any other exception does
 * not.
 */
public class ToolException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what the model is told
	 */
	public ToolException(String message) {
		super(message);
	}

	/**
	 * Create an exception.
	 * @param message what the model is told
	 * @param cause what caused it, which the model is not told
	 */
	public ToolException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
