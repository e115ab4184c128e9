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

package io.llmstream.test;

import org.jspecify.annotations.Nullable;

/**
 * How a wire delimits the JSON documents of a body.
 */
interface BodyFraming {

	/**
	 * Frame a document.
	 * @param event the name of the event, for framings that have names
	 * @param data the document
	 * @return the text to send
	 */
	String frame(@Nullable String event, String data);

	/**
	 * Something that keeps the connection alive and means nothing.
	 * @param text what it says, where it can say anything
	 * @return the text to send
	 */
	String keepAlive(String text);

	/**
	 * What ends the body.
	 * @return the text to send, may be empty
	 */
	default String end() {
		return "";
	}

}
