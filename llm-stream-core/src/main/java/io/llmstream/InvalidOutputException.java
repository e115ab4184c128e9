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
 * The model's answer is not the object that was asked for: it is no JSON, does not fit
 * the type, violates a constraint, or was cut by the limit of output tokens. What the
 * model wrote is in {@link #getPartialText()}.
 */
public final class InvalidOutputException extends LlmStreamException {

	/**
	 * Create an exception.
	 * @param failure what is known of the failure
	 */
	public InvalidOutputException(StreamFailure failure) {
		super(failure);
	}

}
