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

package io.llmstream.observation;

import io.llmstream.StreamAttempt;

/**
 * Is told of all streams. Called on the threads of the streams; must not block and must
 * not throw.
 */
public interface StreamListener {

	/**
	 * A stream begins.
	 * @param client the client that was asked
	 */
	default void began(String client) {
	}

	/**
	 * An attempt has ended.
	 * @param client the client that was asked
	 * @param attempt the attempt
	 */
	default void attempted(String client, StreamAttempt attempt) {
	}

	/**
	 * A stream has ended, in whichever way.
	 * @param stream the stream
	 */
	void ended(EndedStream stream);

}
