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
 * Why a model stopped, in words that are the same for every provider. The provider's own
 * word is {@link Token.Finish#rawReason()}.
 */
public enum FinishReason {

	/** The answer is complete, or a stop sequence was written. */
	STOP,

	/** The answer reached its output limit or filled the context window. */
	LENGTH,

	/** The model asks for tools to be called. */
	TOOL_CALLS,

	/** The provider withheld or cut the answer by its content rules. */
	CONTENT_FILTER,

	/** The model declined to answer. */
	REFUSAL,

	/** The provider paused a long turn; send the answer back to go on. */
	PAUSE,

	/** The provider says that generation failed, without an error object. */
	ERROR,

	/** A reason that this version does not know. */
	OTHER

}
