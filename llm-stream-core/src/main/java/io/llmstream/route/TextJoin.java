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

package io.llmstream.route;

/**
 * Where the text of an answer and its continuation meet. For one continuation and one
 * thread at a time.
 */
interface TextJoin {

	/**
	 * Take a piece of the continuation.
	 * @param piece the piece, not empty
	 * @return what of the text so far can be emitted, may be empty
	 */
	String next(String piece);

	/**
	 * Take note that the continuation's text ends here, or that something other than text
	 * comes.
	 * @return the text that was held back, may be empty
	 */
	String end();

}
