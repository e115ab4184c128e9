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

import io.llmstream.StreamRequest;

/**
 * Words with which a model is asked to go on with an answer that broke off. They follow
 * as a user's message on a message of the assistant with the text so far.
 */
@FunctionalInterface
public interface ContinuationPrompt {

	/**
	 * The words of the default prompt.
	 */
	String DEFAULT_TEXT = "A technical fault cut off your message above. Go on with it exactly where it ends: "
			+ "begin with the character that comes next, be it a space or the rest of a word. Repeat nothing of it, "
			+ "and say nothing about the interruption.";

	/**
	 * The words for one continuation.
	 * @param request what was asked, as the target receives it
	 * @param partialText the answer so far, not empty
	 * @return what the user's message says
	 */
	String text(StreamRequest request, String partialText);

	/**
	 * The same words each time.
	 * @param text what to say
	 * @return the prompt
	 */
	static ContinuationPrompt of(String text) {
		return (request, partialText) -> text;
	}

}
