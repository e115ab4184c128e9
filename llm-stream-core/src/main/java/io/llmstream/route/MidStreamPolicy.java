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
 * What happens when an answer breaks off after a part of it reached the subscriber.
 */
public enum MidStreamPolicy {

	/** The stream fails, with the text that came. */
	FAIL,

	/**
	 * A {@link io.llmstream.Token.Reset} says to discard what came, and the next target
	 * answers from the beginning. An answer whose tool has been started fails.
	 */
	RESTART,

	/**
	 * The next target goes on where the text ends. An answer that has called a tool,
	 * broke off while it reasoned after its text, was being refused, or must have a
	 * response format fails; one that has no text yet is restarted.
	 */
	CONTINUE

}
