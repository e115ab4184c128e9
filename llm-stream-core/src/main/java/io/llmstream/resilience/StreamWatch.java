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

package io.llmstream.resilience;

import io.llmstream.Token;
import org.jspecify.annotations.Nullable;

/**
 * Is told what happens to one stream. Calls follow each other, but for a cancel, which
 * may come at any time; nothing is told after the end.
 */
interface StreamWatch {

	/**
	 * A token is about to be passed on.
	 */
	void next(Token token);

	/**
	 * The stream is about to end: with this error, or with a completion if it is
	 * {@code null}.
	 */
	void ended(@Nullable Throwable error);

	/**
	 * The subscriber has cancelled, and the stream knows.
	 */
	void cancelled();

}
