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

/**
 * Why an answer is not what was asked for.
 *
 * @param message for the error; holds nothing of the answer
 * @param detail for the model, which may be asked again
 * @param repairable whether the model may do better if it is asked again
 */
record OutputProblem(String message, String detail, boolean repairable) {

	OutputProblem(String message) {
		this(message, message, true);
	}

	OutputProblem(String message, String detail) {
		this(message, detail, true);
	}

	static OutputProblem lasting(String message) {
		return new OutputProblem(message, message, false);
	}

}
